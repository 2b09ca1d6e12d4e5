import type { ConnectorAccount } from '../../../runtime/core/ports/publisher.ts'
import { mapOrigins, openWire } from '../../../runtime/http.ts'
import { connectors } from '../../../tools/connectors/index.ts'
import { hastyClock, type PublisherDouble, type Trouble } from '../../conformance/publisher.ts'
import { openSandbox } from '../../runtime/sandbox/harness.ts'
import { tinyMp4 } from '../../runtime/sandbox/tiny-media.ts'

const FAULTS: Record<Trouble, object> = {
  'answer-lost': { kind: 'drop-after-accept', route: 'media_publish' },
  'request-lost': { kind: 'drop-before-accept', route: 'media_publish' },
  'failed-after': { kind: 'error-500-after-accept', route: 'media_publish' },
  'failed-before': { kind: 'error-500-before', route: 'media_publish' },
  'token-dead': { kind: 'token-death', route: '*' },
  throttled: { kind: 'throttle', route: 'media_publish' },
  'day-full': { kind: 'daily-cap', route: 'media_publish' },
  spam: { kind: 'spam-refusal', route: 'media_publish' },
  'upload-broken': { kind: 'reset-mid-upload', route: 'upload' },
  'processing-failed': { kind: 'processing-error', route: 'upload' },
  'ghost-id': { kind: 'ghost-id', route: 'media_publish' },
}

export async function openInstagramDouble(): Promise<PublisherDouble> {
  const sandbox = await openSandbox()
  const account: ConnectorAccount = {
    accountId: 'a1',
    remoteId: sandbox.id,
    username: 'luna',
    token: sandbox.token,
  }
  const mapping = mapOrigins({ sandboxUrl: sandbox.url })
  const renew = { renew: true, token: sandbox.token }
  return {
    account,
    wire: openWire({ origins: connectors.instagram.origins, mapping, timeoutMs: 5_000 }),
    film: tinyMp4({ durationMs: 8_000, paddingBytes: 200_000 }),
    clock: hastyClock,
    trouble: async (kind, times = 1) => {
      await sandbox.control('POST', '/faults', { network: 'instagram', times, ...FAULTS[kind] })
    },
    async calm() {
      await sandbox.control('DELETE', '/faults')
      await sandbox.control('POST', `/accounts/instagram/${sandbox.id}/token`, renew)
    },
    accepted: async () => (await sandbox.log('publish')).map(({ mediaId }) => mediaId ?? ''),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  }
}
