// The dictionary of one block of rows that has not been stored yet: strings in the order in which
// they first appeared. Ingestion makes it, part/build.ts sorts it into a stored dictionary.
// Invariant: no string stands twice, and bytes and offsets do not change while anyone holds this.

import type { Dictionary } from './vector.ts'

let nextId = -1

/** Strings end to end: string `code` is bytes[offsets[code] .. offsets[code + 1]). `offsets` has
 * size + 1 entries. Views on the work memory of whoever made it. */
export class LocalStrings implements Dictionary {
  /** Negative: never the id of a shared dictionary. */
  readonly id = nextId--
  readonly size: number
  readonly bytes: Uint8Array
  readonly offsets: Uint32Array
  /** Strings ascend by bytes: codes are ranks. */
  readonly isSorted: boolean

  constructor(size: number, bytes: Uint8Array, offsets: Uint32Array, isSorted = false) {
    this.isSorted = isSorted
    this.size = size
    this.bytes = bytes
    this.offsets = offsets
  }

  bytesOf(code: number): Uint8Array {
    return this.bytes.subarray(this.offsets[code], this.offsets[code + 1])
  }

  lengthOf(code: number): number {
    return this.offsets[code + 1] - this.offsets[code]
  }

  /** By looking at every string: it is not sorted, and nobody asks this of fresh rows in a loop. */
  find(bytes: Uint8Array): number {
    for (let code = 0; code < this.size; code++) {
      const start = this.offsets[code]
      if (this.offsets[code + 1] - start !== bytes.length) continue
      let same = 0
      while (same < bytes.length && this.bytes[start + same] === bytes[same]) same++
      if (same === bytes.length) return code
    }
    return -1
  }
}
