import { type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { expect, it } from 'vitest'
import { jsonLinesTape } from '../../../runtime/models/recording.ts'
import type { RoutedChatModel } from '../../../runtime/models/routed-chat-model.ts'
import { chatAgainst } from '../../fakes/model-server/bench.ts'
import { startModelServer } from '../../fakes/model-server/model-server.ts'
import { call, callTools, fail, say } from '../../fakes/model-server/turn.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const CHAIN = ['anthropic:claude-sonnet-5', 'openai:gpt-5.4']
const tools = [
  {
    type: 'function' as const,
    function: { name: 'list-clips', parameters: { type: 'object', properties: {} } },
  },
]

/** A small role loop: model, tools, model, until it says something without calling. */
async function runJob(chat: RoutedChatModel, film: string): Promise<BaseMessage[]> {
  const model = chat.bindTools(tools)
  const messages: BaseMessage[] = [new SystemMessage('You cut films.'), new HumanMessage(film)]
  for (;;) {
    const answer = await model.invoke(messages)
    messages.push(answer)
    if (!answer.tool_calls?.length) return messages
    for (const { id } of answer.tool_calls)
      messages.push(new ToolMessage({ tool_call_id: id ?? '', content: '{"ok":true,"value":[]}' }))
  }
}

const told = (messages: BaseMessage[]) =>
  messages.map(({ type, content, response_metadata }) => ({ type, content, response_metadata }))

async function recordJob(path: string): Promise<BaseMessage[]> {
  await using server = await startModelServer()
  server.script(
    callTools([call('list-clips'), call('list-clips')], { text: 'Looking.' }),
    fail('context-too-long'),
    say('No clips.'),
  )
  const { chat } = chatAgainst(server, CHAIN, { tape: { mode: 'record', traffic: jsonLinesTape(path) } })
  const messages = await runJob(chat, 'film.mp4')
  server.verify()
  return messages
}

const nobody = {
  baseUrls: { openai: 'http://127.0.0.1:1', anthropic: 'http://127.0.0.1:1', google: 'http://127.0.0.1:1' },
}

it('replays a recorded run to the same messages with no provider there', async () => {
  using directory = temporaryDirectory('tape')
  const path = `${directory.path}/tape.jsonl`
  const recorded = await recordJob(path)
  const { chat, rows } = chatAgainst(nobody, CHAIN, {
    tape: { mode: 'replay', traffic: jsonLinesTape(path) },
  })
  const replayed = await runJob(chat, 'film.mp4')
  expect(told(replayed)).toEqual(told(recorded))
  expect(rows).toEqual([])
})

it('streams a replayed answer as it streams a live one', async () => {
  using directory = temporaryDirectory('tape')
  const path = `${directory.path}/tape.jsonl`
  await recordJob(path)
  const { chat } = chatAgainst(nobody, CHAIN, { tape: { mode: 'replay', traffic: jsonLinesTape(path) } })
  let text = ''
  const opening = [new SystemMessage('You cut films.'), new HumanMessage('film.mp4')]
  for await (const piece of await chat.bindTools(tools).stream(opening)) text += piece.text
  expect(text).toBe('Looking.')
})

it('fails where a run leaves its recording, and names the message', async () => {
  using directory = temporaryDirectory('tape')
  const path = `${directory.path}/tape.jsonl`
  await recordJob(path)
  const { chat } = chatAgainst(nobody, CHAIN, { tape: { mode: 'replay', traffic: jsonLinesTape(path) } })
  await expect(runJob(chat, 'another.mp4')).rejects.toMatchObject({
    code: 'replay-diverged',
    message: expect.stringContaining('message 1 differs'),
  })
})
