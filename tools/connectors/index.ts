/** The networks that can be acted on, by hand. */
import type { Network } from '../../runtime/core/entities.ts'
import type { Connector } from '../../runtime/core/ports/publisher.ts'
import { instagram } from './instagram.ts'

export const connectors: Readonly<Record<Network, Connector>> = { instagram }
