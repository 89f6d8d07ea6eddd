// Log files that a start has read straight into the arena and left there, because nearly all of each is
// parts of one table that are wanted: these are pieces of it. A copy of each part had cost as much as reading it.
// Invariant: a file's memory is free again when the last of its pieces has come back.

import type { Arena } from '../arena/arena.ts'

type Whole = { readonly address: number; readonly bytes: number; pieces: number }

/** The memory of parts: pieces of log files, and parts with memory of their own. */
export class FileMemory {
  private readonly arena: Pick<Arena, 'allocate' | 'bytes' | 'free' | 'budgetBytes'>
  private readonly files: Whole[] = []

  constructor(arena: Pick<Arena, 'allocate' | 'bytes' | 'free' | 'budgetBytes'>) { this.arena = arena }

  get budgetBytes(): number { return this.arena.budgetBytes }

  /** Address of room for a file; 0: there is none. It is to be kept or given back. */
  take(bytes: number): number { return this.arena.allocate(bytes) }

  /** Leaves a file where it is until so many pieces of it (one or more) have been freed. */
  keep(address: number, bytes: number, pieces: number): void { this.files.push({ address, bytes, pieces }) }

  /** Gives back a file of which nothing is kept. */
  give(address: number, bytes: number): void { this.arena.free(address, bytes) }

  /** Frees a part, wherever it lies. */
  free(address: number, bytes: number): void {
    const index = this.files.findIndex((file) => address >= file.address && address < file.address + file.bytes)
    if (index < 0) {
      this.arena.free(address, bytes)
      return
    }
    const file = this.files[index]
    if (--file.pieces > 0) return
    this.files.splice(index, 1)
    this.arena.free(file.address, file.bytes)
  }
}
