/** Memory's vectors come from the model layer, each call on the account of the tenant whose memory it is. */
import type { Embeddings } from '../memory/vectors/vectors.ts'
import { StakazoError } from './core/errors.ts'
import type { OpenedModels } from './models/open-models.ts'

/** Undefined where no provider makes embeddings: recall then searches by words alone. */
export function bindEmbeddings(models: Pick<OpenedModels, 'embeddings'>): Embeddings | undefined {
  const shape = models.embeddings({ tenantId: 'nobody' })
  if (!shape) return undefined
  return {
    name: shape.name,
    dimensions: shape.dimensions,
    embed: (tenantId, texts, signal) => {
      const own = models.embeddings({ tenantId })
      if (!own) throw new StakazoError('model-unavailable', 'no provider makes embeddings any more')
      return own.embed(texts, signal)
    },
  }
}
