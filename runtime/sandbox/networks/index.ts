/** Every network the sandbox speaks, by hand. A new one: its folder, one line here. */
import type { OpenNetwork } from '../wire.ts'
import { openInstagram } from './instagram/index.ts'

export const NETWORKS: readonly OpenNetwork[] = [openInstagram]
