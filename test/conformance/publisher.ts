/**
 * What every network's publisher must do, run against the network's own wire. A suite a connector, over any double that
 * speaks the protocol and counts what it accepted.
 */
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../runtime/core/clock.ts'
import { sha256Hex } from '../../runtime/core/digest.ts'
import type { Grant } from '../../runtime/core/effect.ts'
import { StakazoError } from '../../runtime/core/errors.ts'
import type { BlobReader } from '../../runtime/core/ports/blobs.ts'
import type {
  Connector,
  ConnectorAccount,
  Handle,
  PublishDraft,
  Publisher,
} from '../../runtime/core/ports/publisher.ts'
import type { Wire, WireRequest } from '../../runtime/core/ports/wire.ts'

/** The names the double gives its troubles. */
export type Trouble =
  | 'answer-lost'
  | 'request-lost'
  | 'failed-after'
  | 'failed-before'
  | 'token-dead'
  | 'throttled'
  | 'day-full'
  | 'spam'
  | 'upload-broken'
  | 'processing-failed'
  | 'ghost-id'

export interface PublisherDouble extends AsyncDisposable {
  readonly wire: Wire
  readonly account: ConnectorAccount
  readonly film: Buffer
  readonly clock: Pick<Clock, 'sleep' | 'nowMs'>
  trouble(kind: Trouble, times?: number): Promise<void>
  calm(): Promise<void>
  /** Ids of the posts the double accepted, oldest first. */
  accepted(): Promise<string[]>
}

export const grantFor = (account: ConnectorAccount, assertHeld: () => void = () => undefined): Grant =>
  ({
    intentId: 'i',
    payloadHash: 'h',
    world: 'sandbox',
    accountId: account.accountId,
    assertHeld,
  }) as unknown as Grant

export const readerOf = (bytes: Buffer): BlobReader => ({
  open: async (_, range) => Readable.from([bytes.subarray(range?.start ?? 0, range?.end)]),
  path: async () => '',
  has: async () => true,
})

export function publisherConformance(connector: Connector, open: () => Promise<PublisherDouble>): void {
  describe(`the publisher of ${connector.network}`, () => {
    let double: PublisherDouble
    let sent: WireRequest[] = []
    let saved: Handle[] = []
    beforeAll(async () => {
      double = await open()
    })
    afterAll(() => double[Symbol.asyncDispose]())

    const openPublisher = (more: { account?: ConnectorAccount; signal?: AbortSignal } = {}): Publisher => {
      sent = []
      const send: Wire['send'] = (request) => {
        sent.push(request)
        return double.wire.send(request)
      }
      const { clock, film } = double
      return connector.publisher({
        wire: { send },
        blobs: readerOf(film),
        account: more.account ?? double.account,
        nowMs: clock.nowMs,
        sleep: (ms) => clock.sleep(ms),
        signal: more.signal ?? new AbortController().signal,
      })
    }
    const draftOf = (caption: string): PublishDraft => ({
      publicationId: caption,
      caption,
      altText: '',
      media: {
        sha256: sha256Hex(double.film),
        bytes: double.film.length,
        mediaType: 'video/mp4',
        durationMs: 8_000,
        width: 1080,
        height: 1920,
      },
      coverSha256: null,
      options: {},
      armedAtMs: double.clock.nowMs(),
    })
    const save = async (handle: Handle) => void saved.push(handle)
    const prepared = async (caption: string) => {
      saved = []
      const publisher = openPublisher()
      const draft = draftOf(caption)
      return { publisher, draft, handle: await publisher.prepare(draft, undefined, save) }
    }
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: unknown) => (error instanceof StakazoError ? error.code : String(error)),
      )

    test('publishes, is found and is read back', async () => {
      const before = (await double.accepted()).length
      const { publisher, draft, handle } = await prepared('plain')
      const { remoteId } = await publisher.commit(grantFor(double.account), handle)
      expect((await double.accepted()).slice(before)).toEqual([remoteId])
      expect(await publisher.lookup(handle, draft)).toEqual({ found: 'live', remoteId })
      const { url, publishedAt } = await publisher.verify(remoteId ?? '')
      expect(url).toMatch(/^https:\/\//)
      expect(Date.parse(publishedAt ?? '')).not.toBeNaN()
    })

    test('hands out each handle before the bytes that belong to it', async () => {
      await prepared('saved first')
      const upload = sent.findIndex(({ body }) => body !== undefined)
      expect(saved.length).toBeGreaterThan(0)
      expect(upload).toBeGreaterThan(0)
    })

    test('sends its one call as `once`, its reads as `safe`', async () => {
      const { publisher, handle } = await prepared('classes')
      sent = []
      await publisher.commit(grantFor(double.account), handle)
      expect(sent.filter(({ call }) => call === 'once')).toHaveLength(1)
      expect(sent.filter(({ method, call }) => method === 'GET' && call !== 'safe')).toEqual([])
    })

    test('takes up what was prepared instead of preparing again', async () => {
      const { draft, handle } = await prepared('taken up')
      const again = openPublisher()
      expect(await again.prepare(draft, handle, save)).toEqual(handle)
      expect(sent.every(({ method }) => method === 'GET')).toBe(true)
    })

    test('resumes a broken upload and publishes the whole film', async () => {
      await double.trouble('upload-broken')
      const { publisher, handle } = await prepared('resumed')
      const uploads = sent.filter(({ body }) => body !== undefined)
      expect(uploads.length).toBe(2)
      expect(uploads[1]?.body?.bytes).toBeLessThan(double.film.length)
      expect((await publisher.commit(grantFor(double.account), handle)).remoteId).toBeTruthy()
    })

    test('gives a film that failed to process another try of its own', async () => {
      await double.trouble('processing-failed')
      const draft = draftOf('processed')
      saved = []
      expect(await codeOf(openPublisher().prepare(draft, undefined, save))).toBe('platform-transient')
      const handle = await openPublisher().prepare(draft, saved.at(-1), save)
      expect(handle).not.toEqual(saved[0])
    })

    test('does nothing without a grant, for another account or past its lease', async () => {
      const before = (await double.accepted()).length
      const { publisher, handle } = await prepared('not granted')
      const other = { ...double.account, accountId: 'another' }
      const late = () => {
        throw new StakazoError('stale-lease', 'it is over')
      }
      sent = []
      expect(await codeOf(publisher.commit(undefined as unknown as Grant, handle))).toBe('grant-missing')
      expect(await codeOf(publisher.commit(grantFor(other), handle))).toBe('grant-missing')
      expect(await codeOf(publisher.commit(grantFor(double.account, late), handle))).toBe('stale-lease')
      expect(sent).toEqual([])
      expect((await double.accepted()).length).toBe(before)
    })

    test.each([
      ['answer-lost', 'live'],
      ['failed-after', 'live'],
      ['request-lost', 'not-live'],
      ['failed-before', 'not-live'],
    ] as const)('calls it unknown when %s, and the lookup knows', async (trouble, found) => {
      const { publisher, draft, handle } = await prepared(`unknown: ${trouble}`)
      await double.trouble(trouble)
      expect(await codeOf(publisher.commit(grantFor(double.account), handle))).toBe('outcome-unknown')
      const looked = await publisher.lookup(handle, draft)
      if (found === 'live') expect(looked).toEqual({ found, remoteId: (await double.accepted()).at(-1) })
      else expect(looked).toEqual({ found, isAuthoritative: true, isHandleUsable: true })
    })

    test('never adopts one of two posts that look the same', async () => {
      for (let twin = 0; twin < 2; twin += 1) {
        const { publisher, handle } = await prepared('twins')
        await publisher.commit(grantFor(double.account), handle)
      }
      const { publisher, draft, handle } = await prepared('twins')
      await publisher.commit(grantFor(double.account), handle)
      expect(await publisher.lookup(handle, draft)).toEqual({ found: 'live', remoteId: undefined })
    })

    test('tells an id that leads nowhere from one that does', async () => {
      const { publisher, draft, handle } = await prepared('ghost')
      await double.trouble('ghost-id')
      const { remoteId } = await publisher.commit(grantFor(double.account), handle)
      expect(await codeOf(publisher.verify(remoteId ?? ''))).toBe('not-found')
      expect(await publisher.lookup(handle, draft)).toEqual({
        found: 'live',
        remoteId: (await double.accepted()).at(-1),
      })
    })

    test.each([
      ['token-dead', 'auth-expired'],
      ['throttled', 'platform-throttled'],
      ['day-full', 'platform-daily-cap'],
      ['spam', 'blocked-by-platform'],
    ] as const)('names a refusal: %s', async (trouble, code) => {
      const { publisher, handle } = await prepared(`refused: ${trouble}`)
      await double.trouble(trouble)
      const before = (await double.accepted()).length
      expect(await codeOf(publisher.commit(grantFor(double.account), handle))).toBe(code)
      expect((await double.accepted()).length).toBe(before)
      await double.calm()
    })

    test('reads figures and comments', async () => {
      const { publisher, handle } = await prepared('measured')
      const { remoteId = '' } = await publisher.commit(grantFor(double.account), handle)
      const figures = await publisher.metrics(remoteId)
      expect(Object.keys(figures).length).toBeGreaterThan(2)
      expect(Object.values(figures).every(Number.isFinite)).toBe(true)
      expect(Object.keys(await publisher.accountMetrics()).length).toBeGreaterThan(2)
      expect(await publisher.comments(remoteId)).toEqual(expect.any(Array))
    })

    test('says who a token belongs to', async () => {
      const { remoteId, username } = double.account
      const signal = new AbortController().signal
      expect(await connector.whoAmI({ wire: double.wire, signal }, double.account.token)).toEqual({
        remoteId,
        username,
      })
    })

    test('lets no token into an error', async () => {
      await double.trouble('token-dead')
      const error: unknown = await openPublisher()
        .accountMetrics()
        .catch((thrown: unknown) => thrown)
      await double.calm()
      const shown = error instanceof StakazoError ? JSON.stringify([error.message, error.details]) : ''
      expect(shown).not.toBe('')
      expect(shown).not.toContain(double.account.token)
    })
  })
}

/** Time of a double that has no clock of its own: real, with waiting cut short. */
export const hastyClock: PublisherDouble['clock'] = {
  nowMs: systemClock.nowMs,
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
}
