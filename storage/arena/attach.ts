// An arena made by another thread, as this one sees it.

import type { Arena, ArenaHandle } from './arena.ts'
import { SharedArena } from './shared-arena.ts'

export const attachArena = (handle: ArenaHandle): Arena => new SharedArena(handle)
