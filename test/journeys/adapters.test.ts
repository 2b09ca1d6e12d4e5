/** The main job over each provider's wire, and what becomes of it when a provider misbehaves. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cost } from '../../db/schema/runs.ts'
import type { TaskView } from '../../runtime/cli/follow-task.ts'
import { PROVIDERS } from '../../runtime/config/agents-file.ts'
import { costOf, openPriceBook } from '../../runtime/models/prices.ts'
import { jsonLinesTape } from '../../runtime/models/recording.ts'
import { cyclicPlan } from '../fakes/model-server/brains.ts'
import { type ModelServer, startModelServer } from '../fakes/model-server/model-server.ts'
import { call, callMalformed, callTools, fail, refuse, type Turn } from '../fakes/model-server/turn.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { type Obedience, openObedientModel } from './support/obedient-model.ts'
import { type House, openHouse } from './support/open-house.ts'
import { roleOf } from './support/role-brains.ts'

const MINUTE_MS = 60_000
const JOB = 'Cut this video into one vertical clip, write a caption and publish it on Instagram now'

interface Answer {
  text: string
  outcome: string
  by: string[]
  degraded: string[]
}

const answerOf = ({ answer }: TaskView): Answer => answer as Answer

/** A model that thinks as our rules do, until a test makes it slip. */
async function startThinking(): Promise<{ server: ModelServer; state: Obedience }> {
  const state: Obedience = { description: 'A stage in blue light.', secret: '-', lookUp: [], passOn: '' }
  const model = openObedientModel(state)
  return { server: await startModelServer({ brain: (request) => model.answer(request) }), state }
}

async function listCosts({ context, tenantId }: House, taskId: string) {
  const rows = await context.db.tenant(tenantId, (tx) =>
    tx.db.select().from(cost).where(eq(cost.taskId, taskId)),
  )
  return rows.filter(({ status }) => status === 'settled')
}

describe.each(PROVIDERS)('over the wire of %s', (provider) => {
  test(
    'the main job ends in one publication, and its answer names the model and what it cost',
    async () => {
      const { server } = await startThinking()
      await using _server = server
      await using house = await openHouse({ models: { server, providers: [provider] } })
      const film = await house.upload()
      const { id } = await house.ask(JOB, { attachments: [film.id] })
      await house.settled(id)
      const [question] = await house.questions(id)
      if (question) await house.approve(question)
      const task = await house.settled(id)
      expect(task).toMatchObject({ status: 'success', outcome: 'done', error: null })
      expect((await house.publications(id)).map(({ state }) => state)).toEqual(['verified'])
      expect(await house.witness('publish')).toHaveLength(1)
      const { by, degraded } = answerOf(task)
      expect(by.length).toBeGreaterThan(0)
      for (const voice of by) expect(voice).toMatch(new RegExp(`^${provider}:`))
      expect(degraded).toEqual([])
      const costs = await listCosts(house, id)
      const transcribed = server.sideRequests.filter(({ path }) => path.endsWith('transcriptions')).length
      expect(costs.length).toBe(server.requests.length + transcribed)
      const priceOf = openPriceBook({})
      for (const { model, inputTokens, cachedTokens, outputTokens, amountMicros } of costs) {
        const usage = { inputTokens, cachedInputTokens: cachedTokens, cacheWriteTokens: 0, outputTokens }
        expect(amountMicros).toBeGreaterThan(0)
        // Sound is billed by its length, not by tokens.
        if (inputTokens > 0) expect(amountMicros).toBe(costOf(usage, priceOf(model).price))
      }
      expect(task.costMicros).toBe(costs.reduce((sum, { amountMicros }) => sum + amountMicros, 0))
    },
    2 * MINUTE_MS,
  )
})

describe('a provider that misbehaves', () => {
  const stack = new AsyncDisposableStack()
  let server: ModelServer
  let state: Obedience
  let house: House
  const [first, second] = ['anthropic', 'openai'] as const

  beforeAll(async () => {
    ;({ server, state } = await startThinking())
    stack.use(server)
    // Memory asks for vectors after a task has ended; a fault scripted for the next one must not strike that.
    const file = { models: { embeddings: 'none' } }
    house = stack.use(await openHouse({ file, models: { server, providers: [first, second] } }))
  })
  afterAll(() => stack.disposeAsync())

  async function askQuestion(...turns: Turn[]): Promise<TaskView> {
    server.script(...turns)
    const { id } = await house.ask('When is the best time to post?')
    const task = await house.settled(id)
    state.slip = undefined
    state.lookUp = []
    return task
  }

  const half = callTools(call('submit-report', { language: 'en' }), { cutAfterFrames: 2 })
  test.each<[string, Turn[]]>([
    ['asks to wait', [fail('rate-limit', 50)]],
    ['is overloaded', [fail('overloaded')]],
    ['cuts its answer off', [half]],
    ['sends half of its arguments', [callMalformed('submit-report')]],
  ])('and %s is asked again', async (_, turns) => {
    const task = await askQuestion(...turns)
    expect(task).toMatchObject({ status: 'success', outcome: 'done' })
    expect(answerOf(task).by.every((voice) => voice.startsWith(first))).toBe(true)
  })

  test('and refuses is replaced by the next, then by our own rules, and the answer says so', async () => {
    const task = await askQuestion(refuse(), refuse())
    expect(task.outcome).toBe('done')
    const { by, degraded } = answerOf(task)
    expect(by).toContain('playbook')
    expect(degraded.join()).toMatch(/anthropic:\S+: model-refused.*openai:\S+: model-refused/)
  })

  test('and calls a tool that is not there is told, and goes on', async () => {
    state.lookUp = [call('no-such-tool', { at: 1 })]
    const task = await askQuestion()
    expect(task).toMatchObject({ status: 'success', outcome: 'done' })
    const told = server.requests.flatMap(({ messages }) => messages.map(({ text }) => text))
    expect(told.some((text) => text.includes('tool-unknown'))).toBe(true)
  })

  test('and loops for ever ends at its limit with an outcome, no crash', async () => {
    state.slip = (request) => (roleOf(request) === 'analytics' ? [call('best-times', { count: 8 })] : [])
    const task = await askQuestion()
    expect(task).toMatchObject({ status: 'success', error: null })
    expect(task.steps.map(({ status, error }) => [status, error])).toEqual([
      ['failed', { code: 'limit-reached', message: 'analytics stopped at its limit (needs-more-steps)' }],
    ])
    expect(answerOf(task).outcome).not.toBe('done')
  })

  test('and plans in a circle plans again', async () => {
    let slips = 0
    const circle = {
      ...cyclicPlan('analytics'),
      decision: 'plan',
      language: 'en',
      say: 'Round and round.',
      refusals: [],
    }
    state.slip = (request) => {
      if (roleOf(request) !== 'orchestrator' || slips > 0) return []
      slips += 1
      return [call('submit-report', { report: circle })]
    }
    const task = await askQuestion()
    expect(slips).toBe(1)
    expect(task).toMatchObject({ status: 'success', outcome: 'done' })
    expect(task.steps.map(({ agent }) => agent)).toEqual(['analytics'])
  })

  test('and asks us to wait too long is left for the next, and the answer says so', async () => {
    const task = await askQuestion(fail('rate-limit', 60_000))
    expect(task.outcome).toBe('done')
    const { by, degraded, text } = answerOf(task)
    expect(by.some((voice) => voice.startsWith(second))).toBe(true)
    expect(degraded.join()).toMatch(/anthropic:\S+: model-rate-limited/)
    expect(text).toMatch(/model-rate-limited/)
  })
})

test(
  'a budget that runs out leaves the rest to our own rules, and the answer says so',
  async () => {
    const { server } = await startThinking()
    await using _server = server
    const file = { limits: { taskCostMicros: 1 } }
    await using house = await openHouse({ file, models: { server, providers: ['openai'] } })
    const { id } = await house.ask('When is the best time to post?')
    const task = await house.settled(id)
    expect(task).toMatchObject({ status: 'success', outcome: 'done', costMicros: 0 })
    const { by, degraded, text } = answerOf(task)
    expect(by).toEqual(['playbook'])
    expect(degraded.join()).toContain('budget-exhausted')
    expect(text).toContain('budget-exhausted')
    expect(server.requests).toEqual([])
  },
  MINUTE_MS,
)

test(
  'recorded runs are run again from their tape, in another house, with no provider there',
  async () => {
    using directory = temporaryDirectory('tape')
    const traffic = jsonLinesTape(`${directory.path}/tape.jsonl`)
    const work = async (mode: 'record' | 'replay', server: ModelServer) => {
      const overrides = { tape: { mode, traffic } }
      await using house = await openHouse({ models: { server, providers: ['anthropic'] }, overrides })
      const texts: string[] = []
      // No film is rendered: the size of an encoded file, which a model reads, varies by a byte from run to run.
      for (const message of [
        'When is the best time to post?',
        'Does this fit our voice: "Luna is back, turn it up"?',
      ]) {
        const { id } = await house.ask(message)
        const task = await house.settled(id)
        expect(task).toMatchObject({ status: 'success', outcome: 'done', error: null })
        texts.push(answerOf(task).text)
      }
      return texts
    }
    const { server } = await startThinking()
    await using _server = server
    const recorded = await work('record', server)
    const asked = server.requests.length
    expect(asked).toBeGreaterThan(6)
    expect(await work('replay', server)).toEqual(recorded)
    expect(server.requests.length).toBe(asked)
  },
  2 * MINUTE_MS,
)
