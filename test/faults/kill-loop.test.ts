import { expect, test } from 'vitest'
import { seededRandom } from '../../runtime/core/random.ts'
import { runKillLoop } from './kill-loop.ts'

test('a daemon killed while it renders, before it sends and while it waits for the answer publishes each post once', async () => {
  const said: string[] = []
  const { hits, broken } = await runKillLoop({
    rounds: 1,
    modes: ['embedded'],
    random: seededRandom(11),
    script: 'short',
    say: (line) => said.push(line),
  })
  expect(broken, said.join('\n')).toEqual([])
  expect(Object.keys(hits), said.join('\n')).toEqual(
    expect.arrayContaining(['rendering', 'armed → sent', 'sent → accepted']),
  )
}, 180_000)
