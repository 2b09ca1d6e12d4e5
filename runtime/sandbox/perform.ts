/** One platform request, with the fault that strikes it: before the work, in it, or between the work and its answer. */
import type { Fault } from './faults.ts'
import type { Network, WireCall, WireReply, WireRequest } from './wire.ts'
import type { World } from './world.ts'

const DROPPED: WireReply = { status: 0, body: {}, isDropped: true }

export async function performUnderFaults(
  world: World,
  network: Network,
  request: WireRequest,
): Promise<WireReply> {
  try {
    const call = await network.recognise(request)
    const fault = world.faults.take({
      network: network.name,
      operation: call.operation,
      accountId: call.account?.id,
    })
    if (!fault) return await call.perform(undefined)
    return await strike(world, network, request, call, fault)
  } catch (error) {
    return network.fail(error, request.requestId)
  }
}

async function strike(
  world: World,
  network: Network,
  { requestId }: WireRequest,
  call: WireCall,
  fault: Fault,
): Promise<WireReply> {
  world.witness.append({
    kind: 'fault',
    network: network.name,
    requestId,
    accountId: call.account?.id,
    detail: { fault: fault.kind, faultId: fault.id, operation: call.operation.name },
  })
  switch (fault.kind) {
    case 'drop-before-accept':
      return DROPPED
    case 'error-500-before':
    case 'token-death':
    case 'throttle':
    case 'daily-cap':
    case 'spam-refusal':
      return network.refuse(fault.kind, call.account, requestId)
    case 'slow': {
      if (fault.phase === 'before') await world.clock.sleep(fault.ms, world.stop)
      const reply = await call.perform(fault)
      if (fault.phase === 'after') await world.clock.sleep(fault.ms, world.stop)
      return reply
    }
    case 'drop-after-accept':
      return (await accepted(world, call, fault)) ?? DROPPED
    case 'error-500-after-accept':
      return (await accepted(world, call, fault)) ?? network.refuse(fault.kind, call.account, requestId)
    case 'reset-mid-upload':
    case 'processing-slow':
    case 'processing-error':
    case 'ghost-id':
    case 'late-visibility':
      return call.perform(fault)
  }
}

/** Undefined when the work was accepted; a refusal is passed on, and the fault waits for a request that is not refused. */
async function accepted(world: World, call: WireCall, fault: Fault): Promise<WireReply | undefined> {
  try {
    const reply = await call.perform(fault)
    if (reply.status < 400) return undefined
    world.faults.giveBack(fault)
    return reply
  } catch (error) {
    world.faults.giveBack(fault)
    throw error
  }
}
