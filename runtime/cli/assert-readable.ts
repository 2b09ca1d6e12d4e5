import { stat } from 'node:fs/promises'
import { StakazoError } from '../core/errors.ts'

/** Said before anything is started: a wrong path is the commonest mistake. Throws `bad-input`. */
export async function assertReadable(path: string): Promise<void> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new StakazoError('bad-input', `${path} cannot be read: ${cause.code ?? cause.message}`, { cause })
  })
  if (!found.isFile()) throw new StakazoError('bad-input', `${path} is no file`)
}
