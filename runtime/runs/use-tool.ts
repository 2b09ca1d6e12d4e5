/**
 * One tool call of a role: once, recorded, labelled.
 *
 * The row (run, call id) is written before and after; a resumed run reads the outcome instead of doing it again. What
 * goes wrong inside becomes an outcome the model reads; only a lost lease or a cancel ends the run.
 */
import { z } from 'zod'
import { listOwnDrafts } from '../../db/queries/own-drafts.ts'
import { endToolCall, findToolCall, type RunRow, startToolCall } from '../../db/queries/runs.ts'
import type { ToolRequest } from '../../graphs/ports.ts'
import type { AnyAgent } from '../core/agent.ts'
import { fromUnknown, StakazoError } from '../core/errors.ts'
import type { ToolOutcome } from '../core/playbook.ts'
import type { ActContext, AnyTool, Caller, RecordContext } from '../core/tool.ts'
import { leastTrust, TRUST, type Trust } from '../core/trust.ts'
import { openProgress } from './progress.ts'
import type { HeldRun } from './run-lease.ts'
import type { RunPorts } from './run-ports.ts'

interface Labelled {
  outcome: ToolOutcome
  trust: Trust
}

/** Arguments larger than this are no call, they are an attack or a broken model. */
const ARGS_CHARS_MAX = 200_000

export const openToolUser =
  (ports: RunPorts, row: RunRow, held: HeldRun, agent: AnyAgent) =>
  async (request: ToolRequest, trust: Trust): Promise<Labelled> => {
    const key = { runId: row.id, toolCallId: request.id }
    const known = await ports.db.leased(held.lease, async (tx) => {
      const found = await findToolCall(tx, row.id, request.id)
      if (found?.endedAt) return found
      await startToolCall(tx, {
        ...key,
        tool: request.name,
        args: request.args ?? {},
        trust,
        startedAt: ports.clock.now(),
      })
      tx.emit(eventOf('tool.started', row, request, {}))
      return undefined
    })
    if (known) return { outcome: known.outcome as ToolOutcome, trust: known.trust as Trust }
    const result = await run(ports, row, held, agent, request, trust)
    const ended = { ...result, endedAt: ports.clock.now() }
    await ports.db.leased(held.lease, async (tx) => {
      await endToolCall(tx, key, ended)
      const error = result.outcome.ok ? null : { code: result.outcome.code, message: result.outcome.message }
      tx.emit(eventOf('tool.finished', row, request, { ok: result.outcome.ok, error }))
    })
    return result
  }

async function run(
  ports: RunPorts,
  row: RunRow,
  held: HeldRun,
  agent: AnyAgent,
  request: ToolRequest,
  trust: Trust,
): Promise<Labelled> {
  const caller = callerOf(ports, row, request)
  const { meter, ...opened } = ports.openToolPorts({ caller, lease: held.lease, trust })
  try {
    held.signal.throwIfAborted()
    const tool = agent.tools.find((one) => one.name === request.name)
    if (!tool) throw new StakazoError('tool-unknown', `${agent.role} has no tool "${request.name}"`)
    const input = parseArgs(tool, request.args)
    if (tool.effect.kind === 'record') await assertTrusted(ports, row, tool, input, trust)
    const context: RecordContext & Pick<ActContext, 'intend'> = {
      ...opened,
      caller,
      trust,
      clock: ports.clock,
      signal: held.signal,
      progress: openProgress(ports, row, request, held),
      intend: openGate(ports, row, request, trust),
    }
    const output = tool.output.parse(await tool.run(input, context as never))
    const read = tool.yields === 'clean' ? TRUST.verified : leastTrust(TRUST.verified, meter.least)
    return { outcome: { ok: true, value: output }, trust: read }
  } catch (error) {
    const failure = fromUnknown(held.signal.aborted ? (held.signal.reason ?? error) : error)
    if (
      failure.code === 'stale-lease' ||
      failure.code === 'cancelled' ||
      failure.code === 'database-unavailable'
    )
      throw failure
    if (failure.code === 'bug')
      ports.log.error({ runId: row.id, tool: request.name, err: failure }, 'a tool broke')
    // The sentence of a failure may quote what the tool had read.
    const read = leastTrust(TRUST.verified, meter.least)
    return { outcome: { ok: false, code: failure.code, message: failure.message }, trust: read }
  }
}

function parseArgs(tool: AnyTool, args: unknown): never {
  if (JSON.stringify(args ?? {}).length > ARGS_CHARS_MAX) {
    throw new StakazoError('too-large', `arguments above ${ARGS_CHARS_MAX} characters`)
  }
  const parsed = tool.input.safeParse(args ?? {})
  if (!parsed.success) throw new StakazoError('bad-input', z.prettifyError(parsed.error))
  return parsed.data as never
}

/**
 * Our own storage may be changed by what foreign text suggests only where a tool says that is harmless, or in rows that
 * were chosen before: a brief that nothing foreign reached names them, or they are drafts of this very task.
 */
async function assertTrusted(
  ports: RunPorts,
  row: RunRow,
  tool: AnyTool,
  input: never,
  trust: Trust,
): Promise<void> {
  if (tool.needsTrust === undefined || trust >= tool.needsTrust) return
  const touched = tool.touches?.(input) ?? []
  const brief = (row.trust as Trust) >= tool.needsTrust ? JSON.stringify(row.input) : ''
  const strange = touched.filter((id) => !brief.includes(id))
  const own =
    strange.length > 0
      ? await ports.db.tenant(row.tenantId, (tx) => listOwnDrafts(tx, row.taskId, strange))
      : []
  if (touched.length > 0 && strange.every((id) => own.includes(id))) return
  throw new StakazoError(
    'policy-denied',
    `${tool.name} is not available after reading foreign text; a person can do it`,
  )
}

const openGate =
  (ports: RunPorts, row: RunRow, request: ToolRequest, trust: Trust): ActContext['intend'] =>
  (wanted) =>
    ports.intend(row.tenantId, row.brandId, wanted, {
      taskId: row.taskId,
      runId: row.id,
      ...(row.stepId ? { stepId: row.stepId } : {}),
      agent: row.agent,
      toolCallId: request.id,
      trust,
    })

const callerOf = (ports: RunPorts, row: RunRow, request: ToolRequest): Caller => ({
  tenantId: row.tenantId,
  brandId: row.brandId,
  taskId: row.taskId,
  runId: row.id,
  stepId: row.stepId ?? undefined,
  agent: row.agent,
  toolCallId: request.id,
  world: ports.world,
})

const eventOf = (type: string, row: RunRow, request: ToolRequest, payload: Record<string, unknown>) => ({
  type,
  brandId: row.brandId,
  taskId: row.taskId,
  runId: row.id,
  stepId: row.stepId,
  agent: row.agent,
  payload: { tool: request.name, toolCallId: request.id, ...payload },
})
