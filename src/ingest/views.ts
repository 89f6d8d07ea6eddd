// Views on a workspace's columns, kept from job to job: making a view costs V8 half a microsecond, and
// a request of one row needs thirty of the same place and length as the one before.
// Invariant: a view that is handed out again shows the same bytes as a new one would.

import type { NumberArray } from '../../storage/column/number-array.ts'

type Make<T> = new (buffer: ArrayBuffer, at: number, length: number) => T

/** The last view of every (column, role) of one workspace. */
export class ViewCache {
  private readonly buffer: ArrayBuffer
  private readonly last: (NumberArray | undefined)[] = []

  constructor(buffer: ArrayBuffer) { this.buffer = buffer }

  /** A view of `length` items at a pointer; `slot` numbers the (column, role). */
  view<T extends NumberArray>(slot: number, make: Make<T>, at: number, length: number): T {
    const known = this.last[slot]
    if (known instanceof make && known.length === length && known.byteOffset === at) return known
    const view = new make(this.buffer, at, length)
    this.last[slot] = view
    return view
  }
}
