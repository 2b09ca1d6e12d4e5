import { z } from 'zod'
import { pageApprovals, readApproval } from '../../../db/queries/pages.ts'
import { answerPage, ListQuery, listOf } from '../lists.ts'
import { defineRoute } from '../route.ts'
import type { Principal } from '../scopes.ts'
import { Approval, IdParams } from '../shapes.ts'

const Answer = {
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of what was shown'),
  by: z.string().trim().min(1).max(200).optional().describe('Who decides; the key’s name when absent'),
}

const Confirmations = {
  confirmations: z
    .strictObject({
      copyrightConfirmed: z.literal(true).describe('I confirm that I hold the rights'),
      termsAccepted: z.literal(true).describe('I accept the terms'),
    })
    .optional()
    .describe('Needed where the question says that rights are not confirmed yet'),
}

/** A name somebody gives never hides whose key it was. */
const signature = (by: string | undefined, { keyName }: Principal): string =>
  by === undefined || by === keyName ? keyName : `${by} (key ${keyName})`

const getApprovals = defineRoute({
  method: 'get',
  path: '/v1/approvals',
  tag: 'approvals',
  summary: 'Questions to people, newest first',
  scope: 'read',
  query: ListQuery.extend({
    taskId: z.uuid().optional(),
    status: z
      .enum(['pending', 'approved', 'rejected', 'edited', 'expired', 'superseded', 'cancelled'])
      .optional(),
  }),
  answer: listOf(Approval),
  run: ({ query }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => answerPage(query, (at) => pageApprovals(tx, at, query))),
})

const getApproval = defineRoute({
  method: 'get',
  path: '/v1/approvals/{id}',
  tag: 'approvals',
  summary: 'One question with everything needed to judge',
  scope: 'read',
  params: IdParams,
  answer: Approval,
  run: ({ params }, { ports, tenantId }) =>
    ports.database.tenant(tenantId, (tx) => readApproval(tx, params.id)),
})

const approve = defineRoute({
  method: 'post',
  path: '/v1/approvals/{id}/approve',
  tag: 'approvals',
  summary: 'Let exactly this happen, once',
  scope: 'approve',
  params: IdParams,
  body: z.strictObject({ ...Answer, ...Confirmations }),
  answer: Approval,
  run: ({ params: { id }, body }, { ports, principal, tenantId }) =>
    ports.acts.approve(tenantId, {
      id,
      hash: body.hash,
      by: signature(body.by, principal),
      areRightsConfirmed: body.confirmations !== undefined,
    }),
})

const reject = defineRoute({
  method: 'post',
  path: '/v1/approvals/{id}/reject',
  tag: 'approvals',
  summary: 'Refuse with a reason; the agent reads it and revises',
  scope: 'approve',
  params: IdParams,
  body: z.strictObject({ ...Answer, reason: z.string().trim().min(1).max(2_000) }),
  answer: Approval,
  run: ({ params: { id }, body }, { ports, principal, tenantId }) =>
    ports.acts.reject(tenantId, {
      id,
      hash: body.hash,
      by: signature(body.by, principal),
      reason: body.reason,
    }),
})

const edit = defineRoute({
  method: 'post',
  path: '/v1/approvals/{id}/edit',
  tag: 'approvals',
  summary: 'Change the content and approve that; the answer carries the new hash',
  scope: 'approve',
  params: IdParams,
  body: z.strictObject({
    ...Answer,
    ...Confirmations,
    change: z
      .strictObject({
        caption: z.string().max(20_000).optional(),
        altText: z.string().max(2_000).optional(),
        hashtags: z.array(z.string().max(200)).max(100).optional(),
      })
      .refine((change) => Object.values(change).some((value) => value !== undefined), 'name what to change'),
  }),
  answer: Approval,
  run: ({ params: { id }, body }, { ports, principal, tenantId }) =>
    ports.acts.edit(tenantId, {
      id,
      hash: body.hash,
      by: signature(body.by, principal),
      change: body.change,
      areRightsConfirmed: body.confirmations !== undefined,
    }),
})

export const approvalRoutes = [getApprovals, getApproval, approve, reject, edit]
