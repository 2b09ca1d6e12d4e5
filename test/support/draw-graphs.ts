/** The graphs as Mermaid, printed by LangGraph itself from the compiled builders. */

import { analytics } from '../../agents/analytics/agent.ts'
import { orchestrator } from '../../graphs/orchestrator.ts'
import { roleLoop } from '../../graphs/role-loop.ts'

/** Drawing needs the shape alone; a call of any of these would be a mistake and fails as one. */
const unreachable = new Proxy({} as never, {
  get: (_, name) =>
    name === 'signal'
      ? new AbortController().signal
      : () => Promise.reject(new Error(`drawing called ${String(name)}`)),
})

export async function drawGraphs(): Promise<string> {
  const pictures = [
    ['Orchestrator', orchestrator(unreachable).compile()],
    ['Role loop', roleLoop(analytics, unreachable).compile()],
  ] as const
  const parts = await Promise.all(
    pictures.map(async ([title, graph]) => {
      const drawn = (await graph.getGraphAsync()).drawMermaid({ withStyles: false })
      return `### ${title}\n\n\`\`\`mermaid\n${drawn.trim()}\n\`\`\``
    }),
  )
  return parts.join('\n\n')
}
