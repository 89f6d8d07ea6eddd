// A word a row of a sort key, and where words are made.

import type { Kernels } from '../../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'

export type Space = { readonly account: MemoryAccount; readonly kernels: Kernels }

export type Words = { readonly words: Uint32Array; readonly bits: number }
