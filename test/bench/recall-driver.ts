/** Fills one brand's memory with plain chatter, plants what the questions ask for, and asks. */
import { sql } from 'drizzle-orm'
import { openDatabase } from '../../db/open.ts'
import { appendItems, holdEpisode, type NewItem } from '../../memory/append-items.ts'
import { openMemory } from '../../memory/open-memory.ts'
import { toWords } from '../../memory/words.ts'
import { systemClock } from '../../runtime/core/clock.ts'
import { newId } from '../../runtime/core/ids.ts'
import { systemRandom } from '../../runtime/core/random.ts'
import { TRUST } from '../../runtime/core/trust.ts'
import { makeTenant } from '../runtime/runs/open-engine.ts'
import { answer } from './run-child.ts'

export interface RecallInput {
  readonly databaseUrl: string
  readonly items: number
  readonly questions: number
}

export interface RecallResult {
  readonly ms: number[]
  readonly bareMs: number[]
  /** Questions whose planted memory came back. */
  readonly found: number
}

const WORDS =
  'campaign summer coffee launch audience reel caption morning video clip budget brand holiday market customer story photo colour season price weekend garden kitchen recipe travel winter music studio team report metric reach comment follower'.split(
    ' ',
  )
const THINGS = 'kettle lantern saddle anchor violin compass hammock teapot abacus trumpet'.split(' ')
const EPISODE_ITEMS = 100
const WARM_UPS = 5

/** The same chatter on every machine. */
function* chatter(): Generator<string> {
  let state = 7
  while (true) {
    const words: string[] = []
    for (let word = 0; word < 18; word += 1) {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      words.push(WORDS[Math.floor((state / 2 ** 31) * WORDS.length)] ?? '')
    }
    yield words.join(' ')
  }
}

const plantedOf = (number: number): string =>
  `the ${THINGS[number % THINGS.length]} of order ${7_000 + number}`

await answer(async ({ databaseUrl, items, questions }: RecallInput): Promise<RecallResult> => {
  await using db = await openDatabase({ url: databaseUrl, clock: systemClock, random: systemRandom })
  await using memory = await openMemory({ db, clock: systemClock })
  const { tenantId, brandId } = await makeTenant(db)
  const talk = chatter()
  const plantEvery = Math.floor(items / questions)
  for (let first = 0; first < items; first += EPISODE_ITEMS) {
    const said = Array.from({ length: EPISODE_ITEMS }, (_, place): NewItem => {
      const number = first + place
      const planted = number % plantEvery === 0 ? `${plantedOf(number / plantEvery)} ` : ''
      const body = `${planted}${talk.next().value} ${number}`
      return { actor: 'owner', body, source: 'chat', trust: TRUST.owner, occurredAt: systemClock.now() }
    })
    const episode = { id: newId(), brandId, agent: 'analytics' }
    await db.tenant(tenantId, async (tx) => {
      await holdEpisode(tx, {
        ...episode,
        taskId: null,
        title: 'chatter',
        trust: TRUST.owner,
        startedAt: systemClock.now(),
      })
      await appendItems(tx, systemClock, episode, said)
    })
  }
  const { memory: reader } = memory.forCall({
    tenantId,
    brandId,
    agent: 'analytics',
    trust: () => TRUST.owner,
  })
  const ask = async (number: number) => {
    const startedMs = performance.now()
    const found = await reader.recall(`What about ${plantedOf(number)} in the summer campaign?`)
    return {
      ms: performance.now() - startedMs,
      isFound: found.some((one) => one.text.includes(plantedOf(number))),
    }
  }
  const askBare = async (number: number) => {
    const terms = toWords(`${plantedOf(number)} summer campaign`).map((word) => `'${word}'`)
    const query = sql`${terms.join(' | ')}::tsquery`
    const startedMs = performance.now()
    await db.tenant(tenantId, (tx) =>
      tx.db.execute(sql`
        select id, body from mem_item where brand_id = ${brandId} and search @@ ${query}
        order by ts_rank(search, ${query}) desc limit 8`),
    )
    return performance.now() - startedMs
  }
  const result = { ms: [] as number[], bareMs: [] as number[], found: 0 }
  for (let number = -WARM_UPS; number < questions; number += 1) {
    const { ms, isFound } = await ask(Math.abs(number))
    const bareMs = await askBare(Math.abs(number))
    if (number < 0) continue
    result.ms.push(ms)
    result.bareMs.push(bareMs)
    result.found += Number(isFound)
  }
  return result
})
