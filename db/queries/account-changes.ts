/** Linking accounts. The token arrives sealed; nothing here could read it. */
import { and, eq, sql } from 'drizzle-orm'
import type { Clock } from '../../runtime/core/clock.ts'
import type { World } from '../../runtime/core/effect.ts'
import { Account, type Network } from '../../runtime/core/entities.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import { newId } from '../../runtime/core/ids.ts'
import { account, brand } from '../schema/tenancy.ts'
import type { Tx } from '../transaction.ts'
import { existing } from './scope.ts'

export interface LinkedAccount {
  brandId: string
  network: Network
  world: World
  username: string
  remoteId: string
  /** Sealed for the row it goes to: it opens nowhere else. */
  seal: (accountId: string) => string
}

/** Links or, for an account that is there, renews the token and makes it active again. Never moves it to another brand. */
export async function connectAccount(
  tx: Tx,
  clock: Clock,
  { seal, ...linked }: LinkedAccount,
): Promise<Account> {
  const [owner] = await tx.db
    .select({ id: brand.id })
    .from(brand)
    .where(and(eq(brand.tenantId, tx.tenantId), eq(brand.id, linked.brandId)))
  existing(owner, 'brand', linked.brandId)
  const id = (await findAccountId(tx, linked)) ?? newId(clock)
  const sealedToken = seal(id)
  const [row] = await tx.db
    .insert(account)
    .values({ ...linked, sealedToken, tenantId: tx.tenantId, id, status: 'active', createdAt: clock.now() })
    .onConflictDoUpdate({
      target: [account.tenantId, account.id],
      set: { sealedToken, username: linked.username, status: 'active', pausedReason: null },
    })
    .returning()
  const connected = Account.parse(row)
  if (connected.brandId !== linked.brandId) {
    const message = `${linked.network} account ${linked.username} belongs to brand ${connected.brandId} already`
    throw new StakazoError('conflict', message)
  }
  const body = { network: linked.network, username: linked.username, world: linked.world }
  tx.emit({
    type: 'account.connected',
    brandId: linked.brandId,
    subjectId: connected.id,
    trust: 3,
    payload: body,
  })
  tx.record({ kind: 'account.connected', subjectId: connected.id, body })
  return connected
}

/** Two people linking the same account at once wait for each other, so that the token is sealed for the one row. */
async function findAccountId(
  tx: Tx,
  { network, world, remoteId }: Pick<LinkedAccount, 'network' | 'world' | 'remoteId'>,
): Promise<string | undefined> {
  const name = [tx.tenantId, network, world, remoteId].join('/')
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
  const [row] = await tx.db
    .select({ id: account.id })
    .from(account)
    .where(
      and(
        eq(account.tenantId, tx.tenantId),
        eq(account.network, network),
        eq(account.world, world),
        eq(account.remoteId, remoteId),
      ),
    )
  return row?.id
}
