/**
 * The same job on five foundations: K tool calls, one a turn, each a node `think` and a node `use-tool` reached by Send.
 * Each opener returns a function that does one whole job.
 */
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { END, MessagesAnnotation, Send, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import pg from 'pg'
import { listSteps } from '../../db/queries/runs.ts'
import type { RolePorts } from '../../graphs/ports.ts'
import { openRole, roleLoop } from '../../graphs/role-loop.ts'
import { newId } from '../../runtime/core/ids.ts'
import type { Models } from '../../runtime/core/model.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { RunEngine } from '../../runtime/runs/perform-run.ts'
import { submitTask } from '../../runtime/runs/submit-task.ts'
import { makeTenant, openEngine } from '../runtime/runs/open-engine.ts'
import { ScriptedModel, TOOL } from './scripted-model.ts'
import { FACT, stepTeam, type Tally } from './step-team.ts'

export const FOUNDATIONS = [
  'raw-memory',
  'loop-memory',
  'raw-postgres',
  'loop-durable',
  'loop-rules',
] as const
export type Foundation = (typeof FOUNDATIONS)[number]

export interface Jobs extends AsyncDisposable {
  /** Prepares a job, so that only doing it is measured. */
  prepare(): Promise<() => Promise<void>>
}

export function openJobs(
  foundation: Foundation,
  databaseUrl: string,
  calls: number,
  tally: Tally,
): Promise<Jobs> {
  switch (foundation) {
    case 'raw-memory':
      return openRaw(calls, tally)
    case 'raw-postgres':
      return openRaw(calls, tally, databaseUrl)
    case 'loop-memory':
      return openLoop(calls, tally)
    case 'loop-durable':
      return openDurable(databaseUrl, calls, tally, true)
    case 'loop-rules':
      return openDurable(databaseUrl, calls, tally, false)
  }
}

const OPENING = [new SystemMessage('You are analytics of Luna Norte.'), new HumanMessage('{"words":["one"]}')]
const recursionLimitOf = (calls: number) => calls * 4 + 10

/** LangGraph alone, with its own checkpointer when there is a database. */
async function openRaw(calls: number, tally: Tally, databaseUrl?: string): Promise<Jobs> {
  const model = new ScriptedModel(calls)
  const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 10 }) : undefined
  const saver = pool && new PostgresSaver(pool, undefined, { schema: 'raw' })
  await saver?.setup()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('think', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode('use-tool', async (state) => {
      const { id, args } = state as unknown as { id: string; args: { number: number } }
      tally.calls += 1
      const value = { number: args.number, text: FACT }
      const content = JSON.stringify({ ok: true, value })
      return { messages: [new ToolMessage({ tool_call_id: id, name: TOOL, status: 'success', content })] }
    })
    .addEdge(START, 'think')
    .addConditionalEdges(
      'think',
      ({ messages }) => {
        const last = messages.at(-1)
        const calls = last instanceof AIMessage ? (last.tool_calls ?? []) : []
        return calls.some((call) => call.name !== TOOL)
          ? END
          : calls.map((call) => new Send('use-tool', call))
      },
      ['use-tool', END],
    )
    .addEdge('use-tool', 'think')
    .compile(saver ? { checkpointer: saver } : {})
  return {
    prepare: async () => async () => {
      await graph.invoke(
        { messages: OPENING },
        {
          configurable: { thread_id: newId() },
          durability: 'sync',
          recursionLimit: recursionLimitOf(calls),
        },
      )
    },
    async [Symbol.asyncDispose]() {
      await pool?.end()
    },
  }
}

/** Our loop without storage: what the graph itself adds. */
async function openLoop(calls: number, tally: Tally): Promise<Jobs> {
  const [agent] = stepTeam(calls, tally)
  const ports: RolePorts = {
    model: new ScriptedModel(calls),
    useTool: async (request) => {
      const tool = agent.tools.find((one) => one.name === request.name)
      const value = await tool?.run(request.args as never, undefined as never)
      return { outcome: { ok: true, value }, trust: TRUST.verified }
    },
    findLimit: async (turns) => (turns >= agent.limits.turns ? 'needs-more-steps' : undefined),
    signal: new AbortController().signal,
  }
  const graph = roleLoop(agent, ports).compile()
  return {
    prepare: async () => async () => {
      const opening = openRole('You are analytics of Luna Norte.', { words: ['one'] }, TRUST.owner)
      const { outcome } = await graph.invoke(opening, { recursionLimit: recursionLimitOf(calls) })
      if (outcome !== 'done') throw new Error(`the loop ended with ${outcome}`)
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** A lease as the daemon has it, so that heartbeats come as often as there. */
const LEASE_MS = 15_000

/** The whole engine: lease, fenced checkpoints, recorded calls, events, limits, the step's end. */
async function openDurable(
  databaseUrl: string,
  calls: number,
  tally: Tally,
  isScripted: boolean,
): Promise<Jobs> {
  const team = stepTeam(calls, tally)
  const opened = await openEngine(databaseUrl, team, LEASE_MS)
  const { models } = opened.ports
  const scripted: Models = {
    ...models,
    chat: (tier, caller, playbook) =>
      caller.agent === 'orchestrator' ? models.chat(tier, caller, playbook) : new ScriptedModel(calls),
  }
  const engine = new RunEngine({ ...opened.ports, models: isScripted ? scripted : models })
  const home = await makeTenant(opened.db)
  const never = new AbortController().signal
  return {
    async prepare() {
      const { taskId } = await submitTask(opened.ports, home.tenantId, {
        brandId: home.brandId,
        message: 'one',
      })
      await engine.perform(home.tenantId, taskId, never)
      const findStep = async () =>
        (await opened.db.tenant(home.tenantId, (tx) => listSteps(tx, taskId)))[0] ?? {
          runId: '',
          status: '',
          error: null,
        }
      const { runId } = await findStep()
      return async () => {
        await engine.perform(home.tenantId, runId ?? '', never)
        const { status, error } = await findStep()
        if (status !== 'done') throw new Error(`the step ended as ${status}: ${JSON.stringify(error)}`)
      }
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
