import { StakazoError } from '../../core/errors.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export interface LedgerProof {
  verified: boolean
  events: number
  problems: { seq: number; kind: string; message: string }[]
}

interface LedgerRow {
  seq: number
  at: string
  kind: string
  hash: string
}

export const ledgerCommand = () =>
  command('ledger [verify]', 'the hash-chained record; verify recomputes it', 'stakazo ledger verify')
    .option('--last <n>', 'rows to show', '20')
    .action(act(ledger))

async function ledger({ screen, connect }: Cli, what: string | undefined, { last }: { last: string }) {
  if (what !== undefined && what !== 'verify')
    throw new StakazoError('bad-input', `"${what}" is not "verify"`)
  const client = await connect()
  const proof = await client.get<LedgerProof>('/v1/ledger/verify')
  if (what === 'verify') {
    if (screen.isJson) screen.json(proof)
    screen.line(proof.verified ? `${proof.events} rows, every link holds` : `${proof.events} rows, broken:`)
    for (const { seq, kind, message } of proof.problems) screen.line(`  row ${seq} ${kind}: ${message}`)
    return proof.verified ? EXIT.done : EXIT.failed
  }
  const limit = Math.min(200, Math.max(1, Number(last) || 20))
  const after = Math.max(0, proof.events - limit)
  const { items } = await client.get<{ items: LedgerRow[] }>('/v1/ledger', { after, limit })
  if (screen.isJson) screen.json({ items })
  for (const { seq, at, kind, hash } of items) {
    screen.line(
      `${String(seq).padStart(6)} ${at} ${kind.padEnd(24)} ${screen.style('dim', hash.slice(0, 16))}`,
    )
  }
  return EXIT.done
}
