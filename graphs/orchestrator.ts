/**
 * The orchestrator: plan, release steps, wait, judge, answer.
 *
 * A role's node only releases that role's step and returns; the step is a run of its own and its end wakes this graph,
 * which enters at `collect` and reads the finished report from its row. So nothing is held open while agents work, a
 * person decides or a platform processes, and a crash loses at most one superstep.
 */
import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph'
import { z } from 'zod'
import { findPlanFaults } from '../agents/orchestrator/find-plan-faults.ts'
import { AnswerReport, PlanReport } from '../agents/orchestrator/report.ts'
import { ROLES } from '../runtime/core/agent.ts'
import { leastTrust, type Trust } from '../runtime/core/trust.ts'
import { offerReport, readHandIn } from './hand-in.ts'
import { chooseDoomed, chooseReady } from './plan.ts'
import type { Answer, OrchestratorPorts } from './ports.ts'
import { degradedBy, trustOf, voiceOf } from './role-loop.ts'

/** Judge may send work back this often before it must answer with what there is. */
export const REPLANS_MAX = 2
/** A model that cannot write a valid plan after this many tries is answered for by the refusal below. */
const TRIES_MAX = 3

export const OrchestratorState = Annotation.Root({
  /** Number of the current plan, from 1; 0 before there is one. */
  planNumber: Annotation<number>({ reducer: (_, next) => next, default: () => 0 }),
  ready: Annotation<{ stepId: string; agent: string }[]>({ reducer: (_, next) => next, default: () => [] }),
  decision: Annotation<'dispatch' | 'judge' | 'answer' | 'wait' | undefined>({
    reducer: (_, next) => next,
    default: () => undefined,
  }),
  finalAnswer: Annotation<Answer | undefined>({ reducer: (_, next) => next, default: () => undefined }),
})
export type OrchestratorState = typeof OrchestratorState.State

/** What the orchestrator's model may decide in `plan` and `judge`. */
const Decision = z.discriminatedUnion('decision', [PlanReport, AnswerReport])
type Decision = z.infer<typeof Decision>

export function orchestrator(ports: OrchestratorPorts) {
  // LangGraph's node names are part of the builder's type; the fifteen come from a list, so the builder is widened once.
  const graph = new StateGraph(OrchestratorState)
    .addNode('plan', plan(ports))
    .addNode('collect', collect(ports))
    .addNode('judge', judge(ports))
    .addNode('answer', answer(ports)) as unknown as StateGraph<
    typeof OrchestratorState.spec,
    OrchestratorState,
    Partial<OrchestratorState>,
    string
  >
  for (const role of ROLES) {
    graph.addNode(role, release(ports)).addEdge(role, END)
  }
  return graph
    .addConditionalEdges(START, enter, ['plan', 'collect', 'answer'])
    .addConditionalEdges('plan', afterDeciding, ['collect', 'answer'])
    .addConditionalEdges('judge', afterDeciding, ['collect', 'answer'])
    .addConditionalEdges('collect', afterCollecting, [...ROLES, 'judge', END])
    .addEdge('answer', END)
}

/** A wake-up of a task that has a plan goes on collecting; one with its answer only hands it over again. */
export const enter = (state: OrchestratorState): 'plan' | 'collect' | 'answer' =>
  state.finalAnswer ? 'answer' : state.planNumber === 0 ? 'plan' : 'collect'

export const afterDeciding = (state: OrchestratorState): 'collect' | 'answer' =>
  state.finalAnswer ? 'answer' : 'collect'

export function afterCollecting(state: OrchestratorState): Send[] | 'judge' | typeof END {
  if (state.decision === 'judge') return 'judge'
  if (state.decision === 'dispatch') return state.ready.map((step) => new Send(step.agent, step))
  return END
}

function plan(ports: OrchestratorPorts) {
  return async (): Promise<Partial<OrchestratorState>> => decide(ports, 'plan', 1, REPLANS_MAX)
}

function judge(ports: OrchestratorPorts) {
  return async (state: OrchestratorState): Promise<Partial<OrchestratorState>> =>
    decide(ports, 'judge', state.planNumber + 1, REPLANS_MAX - (state.planNumber - 1))
}

/** Asks the model until it answers or its plan can run; then stores the plan. */
async function decide(
  ports: OrchestratorPorts,
  stage: 'plan' | 'judge',
  planNumber: number,
  replansLeft: number,
): Promise<Partial<OrchestratorState>> {
  const { brief, prompt, trust } = await ports.brief(stage, replansLeft)
  const model = ports.model(stage)
  const bound = model.bindTools?.([offerReport(Decision)]) ?? model
  const messages: BaseMessage[] = [new SystemMessage(prompt), new HumanMessage(JSON.stringify(brief))]
  let least: Trust = trust
  let problems: string[] = []
  const by: string[] = []
  const degraded: string[] = []
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const turn = (await bound.invoke(messages, { signal: ports.signal })) as AIMessage
    least = leastTrust(least, trustOf(turn))
    by.push(voiceOf(turn))
    degraded.push(...degradedBy(turn))
    const handIn = readHandIn(turn, Decision)
    const decision = handIn.kind === 'report' ? (handIn.report as Decision) : undefined
    problems = decision
      ? findProblems(decision, ports, stage, replansLeft)
      : ['Hand in with submit-report, in its exact shape.']
    if (decision && problems.length === 0)
      return settle(ports, planNumber, decision, { trust: least, by, degraded })
    const answers = handIn.kind === 'invalid' ? handIn.answers : []
    messages.push(turn, ...answers, ...unanswered(turn, answers.length > 0, problems))
  }
  return {
    finalAnswer: {
      text: `I could not make a plan that can run: ${problems.join(' ')}`,
      cites: [],
      outcome: 'partial',
      refusals: [],
      by,
    },
  }
}

function findProblems(
  decision: Decision,
  ports: OrchestratorPorts,
  stage: 'plan' | 'judge',
  replansLeft: number,
): string[] {
  if (decision.decision === 'answer') return []
  if (stage === 'judge' && replansLeft <= 0) return ['No further plan is allowed; answer with what there is.']
  const problems = findPlanFaults(decision.steps, [...ports.roles])
  return problems.length > 0 ? problems : ports.findBriefProblems(decision.steps)
}

/** Every tool call needs an answer before the next turn, or strict vendors refuse the conversation. */
function unanswered(turn: AIMessage, isAnswered: boolean, problems: readonly string[]): BaseMessage[] {
  const text = problems.join('\n')
  const call = isAnswered ? undefined : turn.tool_calls?.[0]
  if (!call) return [new HumanMessage(text)]
  return (turn.tool_calls ?? []).map(
    (one) =>
      new ToolMessage({
        tool_call_id: one.id ?? '',
        name: one.name,
        status: 'error',
        content: JSON.stringify({
          ok: false,
          code: 'plan-invalid',
          message: one === call ? text : 'not run',
        }),
      }),
  )
}

async function settle(
  ports: OrchestratorPorts,
  plan: number,
  decision: Decision,
  said: { trust: Trust; by: string[]; degraded: string[] },
): Promise<Partial<OrchestratorState>> {
  if (decision.decision === 'answer') {
    const { text, cites, outcome, refusals } = decision
    return { finalAnswer: { text, cites, outcome, refusals, by: said.by } }
  }
  const { steps, say, refusals } = decision
  await ports.storePlan({ plan, steps, say, refusals, ...said })
  return { planNumber: plan }
}

function collect(ports: OrchestratorPorts) {
  return async (): Promise<Partial<OrchestratorState>> => {
    let steps = await ports.listSteps()
    for (let doomed = chooseDoomed(steps); doomed.length > 0; doomed = chooseDoomed(steps)) {
      for (const step of doomed) await ports.skipStep(step.id, 'a step it needs did not finish')
      steps = await ports.listSteps()
    }
    const ready = chooseReady(steps)
    if (ready.length > 0) {
      await ports.park('working')
      return { decision: 'dispatch', ready: ready.map((step) => ({ stepId: step.id, agent: step.agent })) }
    }
    if (steps.some((step) => step.status === 'planned' || step.status === 'released'))
      return { decision: 'wait' }
    if (await ports.hasOpenActs()) {
      await ports.park('waiting')
      return { decision: 'wait' }
    }
    return { decision: 'judge' }
  }
}

function release(ports: OrchestratorPorts) {
  return async (state: OrchestratorState): Promise<Partial<OrchestratorState>> => {
    const { stepId } = state as unknown as { stepId: string }
    await ports.releaseStep(stepId)
    return {}
  }
}

function answer(ports: OrchestratorPorts) {
  return async (state: OrchestratorState): Promise<Partial<OrchestratorState>> => {
    if (state.finalAnswer) await ports.finish(state.finalAnswer)
    return {}
  }
}
