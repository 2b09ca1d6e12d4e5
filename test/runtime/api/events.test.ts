import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseLastEventId } from '../../../runtime/api/event-stream.ts'
import type { ApiEvent } from '../../../runtime/cli/api-client.ts'
import type { TaskView } from '../../../runtime/cli/follow-task.ts'
import { eventually } from '../../support/eventually.ts'
import { makeBrand, openStage, type Stage } from './stage.ts'

let stage: Stage
let task: TaskView
beforeAll(async () => {
  stage = await openStage()
  const brand = await makeBrand(stage.client)
  const body = { message: 'How did our posts do last week?', brandId: brand.id, agent: 'analytics' }
  task = await stage.client.send<TaskView>('POST', '/v1/tasks', body)
  await eventually(async () => (await stage.client.get<TaskView>(`/v1/tasks/${task.id}`)).endedAt !== null, {
    withinMs: 60_000,
  })
})
afterAll(() => stage?.[Symbol.asyncDispose]())

async function readAll(after: number): Promise<ApiEvent[]> {
  const events: ApiEvent[] = []
  for await (const event of stage.client.events(`/v1/tasks/${task.id}/events`, { after })) events.push(event)
  return events
}

it('numbers the events of a task consecutively from 1, the submission first', async () => {
  const events = await readAll(0)
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1))
  expect(events[0]?.type).toBe('task.submitted')
  expect(events.length).toBeGreaterThan(2)
})

it('resumes after any event with exactly the rest', async () => {
  const all = await readAll(0)
  for (const after of [1, all.length - 1, all.length]) expect(await readAll(after)).toEqual(all.slice(after))
})

it('holds no database connection while nothing happens', async () => {
  const streams = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const call = request(
        `${stage.url}/v1/events`,
        { headers: { authorization: `Bearer ${stage.key}`, 'last-event-id': '999999' } },
        (answer) => {
          answer.once('data', () => resolve())
          answer.on('error', () => undefined)
        },
      )
      call.on('error', () => undefined)
      call.end()
      await promise
      return call
    }),
  )
  // The pool has 10 connections: with one held by each stream nothing else would be answered.
  expect(await stage.client.get('/v1/status')).toMatchObject({ mode: 'sandbox' })
  for (const call of streams) call.destroy()
})

it.each(['x', '-2', '1.5'])('refuses Last-Event-ID %j', (text) => {
  expect(() => parseLastEventId(text)).toThrow('Last-Event-ID')
})
