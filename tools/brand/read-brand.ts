import { z } from 'zod'
import { Brand } from '../../runtime/core/entities.ts'
import { defineTool } from '../../runtime/core/tool.ts'

export const readBrand = defineTool({
  name: 'read-brand',
  does: 'The brand as its owner described it: name, language, zone, voice, goals, and the facts a caption may state. Read it before writing anything; state no fact that is not in it or measured.',
  effect: { kind: 'read' },
  input: z.object({}),
  output: Brand,
  run: (_input, { store }) => store.getBrand(),
})
