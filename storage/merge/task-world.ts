// What a task of the store has around it: how tables' expressions are compiled, the arena, the disk.

import type { Arena } from '../arena/arena.ts'
import type { Disk } from '../disk/disk.ts'
import type { Compilers } from './arrange.ts'

export type TaskWorld = Compilers & { readonly arena: Arena; readonly disk: Disk }
