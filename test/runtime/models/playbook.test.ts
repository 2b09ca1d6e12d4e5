import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { expect, it } from 'vitest'
import { ask, askAll, call } from '../../../runtime/core/playbook.ts'
import { type AnyPlaybook, nextPlaybookTurn } from '../../../runtime/models/playbook.ts'
import { chatAgainst } from '../../fakes/model-server/bench.ts'

const nowhere = {
  baseUrls: { openai: 'http://127.0.0.1:1', anthropic: 'http://127.0.0.1:1', google: 'http://127.0.0.1:1' },
}

const cutFilm: AnyPlaybook = function* cutFilm(brief) {
  const { film, count } = brief as { film: string; count: number }
  const probed = yield* ask<{ durationMs: number }>(
    call('probe-video', { film, page: undefined }, 'Looking at the film.'),
  )
  if (!probed.ok) return { refused: probed.message }
  const step = probed.value.durationMs / count
  const starts = Array.from({ length: count }, (_, index) => index * step)
  const clips = yield* askAll<{ id: string }>(starts.map((startMs) => call('cut-clip', { startMs })))
  return { clips: clips.map((clip) => (clip.ok ? clip.value.id : clip.code)) }
}

const opening = [
  new SystemMessage('You cut films.'),
  new HumanMessage({ content: [{ type: 'text', text: '{"film":"a.mp4","count":2}' }] }),
]

/** Answers every call of a turn and appends both, as the role loop does. */
function answered(message: AIMessage, answer: (name: string, index: number) => unknown) {
  const results = (message.tool_calls ?? []).map(
    ({ id, name }, index) =>
      new ToolMessage({ tool_call_id: id ?? '', name, content: JSON.stringify(answer(name, index)) }),
  )
  return [message, ...results]
}

it('runs a role from brief to report without a model, labelled and free of charge', async () => {
  const { chat, rows, reserved } = chatAgainst(nowhere, ['playbook'], { playbook: cutFilm })
  const first = await chat.invoke(opening)
  expect(first.text).toBe('Looking at the film.')
  expect(first.tool_calls).toEqual([
    { type: 'tool_call', id: 'pb_0_0', name: 'probe-video', args: { film: 'a.mp4' } },
  ])
  const afterProbe = [...opening, ...answered(first, () => ({ ok: true, value: { durationMs: 90_000 } }))]
  const second = await chat.invoke(afterProbe)
  expect(second.tool_calls?.map(({ id, args }) => [id, args])).toEqual([
    ['pb_1_0', { startMs: 0 }],
    ['pb_1_1', { startMs: 45_000 }],
  ])
  const afterCut = [
    ...afterProbe,
    ...answered(second, (_, index) =>
      index === 0 ? { ok: true, value: { id: 'one' } } : { ok: false, code: 'media-too-short', message: '' },
    ),
  ]
  const third = await chat.invoke(afterCut)
  expect(third.tool_calls).toMatchObject([
    { id: 'pb_2_0', name: 'submit-report', args: { clips: ['one', 'media-too-short'] } },
  ])
  expect(third.response_metadata.stakazo).toEqual({
    provider: 'playbook',
    model: 'playbook',
    degraded: [],
    costMicros: 0,
  })
  expect(third.usage_metadata).toMatchObject({ input_tokens: 0, output_tokens: 0 })
  expect([rows, reserved]).toEqual([[], []])
})

it('answers the same turn again when it is asked again', () => {
  expect(nextPlaybookTurn(cutFilm, opening)).toEqual(nextPlaybookTurn(cutFilm, opening))
})

it('notices that the rules changed while a run was under way', () => {
  const recorded = new AIMessage({
    content: '',
    tool_calls: [{ id: 'pb_0_0', name: 'probe-video', args: { film: 'b.mp4' } }],
  })
  const messages = [...opening, ...answered(recorded, () => ({ ok: true, value: {} }))]
  expect(() => nextPlaybookTurn(cutFilm, messages)).toThrow(
    expect.objectContaining({ code: 'playbook-diverged' }),
  )
})

it('takes an unanswered call for cancelled and a plain text for a value', () => {
  const recorded = new AIMessage({
    content: '',
    tool_calls: [{ id: 'pb_0_0', name: 'probe-video', args: { film: 'a.mp4' } }],
  })
  const report = nextPlaybookTurn(cutFilm, [...opening, recorded])
  expect(report.calls).toMatchObject([
    { name: 'submit-report', args: { refused: 'the call was not answered' } },
  ])
})

it('does not hand in a refused report twice', () => {
  const giveUp: AnyPlaybook = function* giveUp() {
    yield* askAll([])
    return { clips: [] }
  }
  const recorded = new AIMessage({
    content: '',
    tool_calls: [{ id: 'pb_0_0', name: 'submit-report', args: { clips: [] } }],
  })
  const refused = answered(recorded, () => ({ ok: false, code: 'report-invalid', message: 'clips: too few' }))
  expect(() => nextPlaybookTurn(giveUp, [...opening, ...refused])).toThrow(
    expect.objectContaining({ code: 'report-invalid', message: expect.stringContaining('too few') }),
  )
})

it('takes over from a model without repeating what it did well', () => {
  const byModel = new AIMessage({
    content: '',
    tool_calls: [{ id: 'toolu_1', name: 'probe-video', args: { film: 'a.mp4' } }],
  })
  const messages = [...opening, ...answered(byModel, () => ({ ok: true, value: { durationMs: 10_000 } }))]
  const first = nextPlaybookTurn(cutFilm, messages)
  expect(first.calls.map(({ id, name }) => [id, name])).toEqual([
    ['pb_0_0', 'cut-clip'],
    ['pb_0_1', 'cut-clip'],
  ])
  const own = new AIMessage({ content: '', tool_calls: first.calls })
  const report = nextPlaybookTurn(cutFilm, [
    ...messages,
    ...answered(own, (_, index) => ({ ok: true, value: { id: `c${index}` } })),
  ])
  expect(report.calls).toMatchObject([{ id: 'pb_1_0', args: { clips: ['c0', 'c1'] } }])
})

it('says plainly that a brief is missing', () => {
  expect(() => nextPlaybookTurn(cutFilm, [new HumanMessage('cut it')])).toThrow(/brief/)
})
