// Ranks of values in their order; equal ones share the mean of theirs.

import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'

export type Ranks = {
  /** The rank of each value, from 1. */
  readonly ranks: Float64Array
  /** The sum of t³ - t over all runs of t equal values. */
  readonly ties: number
}

export function ranked(values: Float64Array, account: MemoryAccount): Ranks {
  const ranks = account.f64(values.length)
  const places = account.u32(values.length)
  for (let i = 0; i < places.length; i++) places[i] = i
  places.sort((a, b) => values[a] - values[b])
  let ties = 0
  for (let first = 0, end = 0; first < places.length; first = end) {
    while (end < places.length && values[places[end]] === values[places[first]]) end++
    if (end === first) end++ // NaN is equal to nothing
    for (let i = first; i < end; i++) ranks[places[i]] = (first + 1 + end) / 2
    ties += (end - first) ** 3 - (end - first)
  }
  account.free(places.byteOffset)
  return { ranks, ties }
}

/** What `read` says of some rows, in the account's memory. */
export function doublesOf(
  rows: Uint32Array, read: (row: number) => number, account: MemoryAccount): Float64Array {
  const out = account.f64(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = read(rows[i])
  return out
}
