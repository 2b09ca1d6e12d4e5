import { z } from 'zod'
import { isEnded } from '../../../db/queries/runs.ts'
import { listTaskEvents, pageTasks, readTask } from '../../../db/queries/tasks-view.ts'
import { ROLES } from '../../core/agent.ts'
import { submitTask } from '../../runs/submit-task.ts'
import { parseLastEventId, streamEvents } from '../event-stream.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { defineRawRoute, defineRoute } from '../route.ts'
import { parse } from '../serve-route.ts'
import { IdParams, Reason } from '../shapes.ts'
import { readTaskView, Task, TaskSummary, toTaskSummary } from '../task-view.ts'

const getTasks = defineRoute({
  method: 'get',
  path: '/v1/tasks',
  tag: 'tasks',
  summary: 'Tasks, newest first',
  scope: 'read',
  query: ListQuery.extend({
    brandId: z.uuid().optional(),
    threadId: z.uuid().optional(),
    status: z.enum(['pending', 'running', 'success', 'error', 'timeout', 'interrupted']).optional(),
  }),
  answer: listOf(TaskSummary),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) =>
      answerPage(query, async (at) => (await pageTasks(tx, at, query)).map(toTaskSummary)),
    ),
})

const postTask = defineRoute({
  method: 'post',
  path: '/v1/tasks',
  tag: 'tasks',
  summary: 'Ask for something; a threadId goes on in that conversation',
  scope: 'write',
  limit: 'tasks',
  body: z
    .strictObject({
      message: z.string().trim().min(1),
      brandId: z.uuid(),
      threadId: z.uuid().optional(),
      agent: z.enum(ROLES).optional().describe('One role alone instead of the orchestrator’s choice'),
      attachments: z.array(z.uuid()).max(50).optional().describe('Assets the message speaks of'),
      priority: z.enum(['low', 'medium', 'high', 'critical']).optional(),
    })
    .meta({ id: 'NewTask' }),
  answer: Task,
  status: 202,
  async run({ body }, { ports, tenantId }) {
    const max = ports.config.limits.messageChars
    parse(
      z.string().max(max, `has ${body.message.length} characters; at most ${max} are read`),
      body.message,
      'message',
    )
    const { taskId } = await submitTask(
      { db: ports.database, clock: ports.clock, world: ports.config.mode },
      tenantId,
      body,
    )
    return await ports.database.tenant(tenantId, (tx) => readTaskView(tx, taskId))
  },
})

const getTask = defineRoute({
  method: 'get',
  path: '/v1/tasks/{id}',
  tag: 'tasks',
  summary: 'One task with its plan, results and cost',
  scope: 'read',
  params: IdParams,
  answer: Task,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => readTaskView(tx, params.id)),
})

const getTaskEvents = defineRawRoute({
  method: 'get',
  path: '/v1/tasks/{id}/events',
  tag: 'tasks',
  summary: 'What happens, as server-sent events with consecutive ids; ends with the task',
  scope: 'read',
  params: IdParams,
  answers: { status: 200, mediaType: 'text/event-stream', schema: z.string() },
  async run(c, { ports, tenantId, signal }) {
    const { id } = parse(IdParams, c.req.param(), 'path') as { id: string }
    const { database, feed, clock } = ports
    await database.tenant(tenantId, (tx) => readTask(tx, id))
    return streamEvents({
      tenantId,
      feed,
      clock,
      signal,
      after: parseLastEventId(c.req.header('last-event-id') ?? c.req.query('after')),
      read: (place, seq) =>
        database.tenant(tenantId, (tx) =>
          listTaskEvents(tx, id, seq === undefined ? { skip: place } : { afterSeq: seq }),
        ),
      isOver: async () => isEnded((await database.tenant(tenantId, (tx) => readTask(tx, id))).status),
    })
  },
})

const cancelTask = defineRoute({
  method: 'post',
  path: '/v1/tasks/{id}/cancel',
  tag: 'tasks',
  summary: 'Stop a task; what is on its way outside already is not undone',
  scope: 'write',
  params: IdParams,
  body: Reason,
  answer: Task,
  async run({ params, body }, { ports, principal, tenantId }) {
    const reason = body.reason ?? `cancelled by ${principal.keyName}`
    await ports.acts.cancelTask(tenantId, params.id, reason)
    return await ports.database.tenant(tenantId, (tx) => readTaskView(tx, params.id))
  },
})

export const taskRoutes = [getTasks, postTask, getTask, getTaskEvents, cancelTask]
