// Zone maps: smallest and largest value and NULLs of a range of rows, as the footer keeps them.

import type { Vector } from '../column/vector.ts'
import { compareBytes } from './dictionary.ts'
import type { StoredEnd } from './footer.ts'
import type { Zone } from './row-set.ts'

/** Bytes of a string that a zone keeps: longer ends are cut, the upper one rounded up. */
const END_BYTES_MAX = 32

type StoredZone = readonly [StoredEnd, StoredEnd, number]

/** The zone of rows [from, to). Ends are null where no value is there, or none is kept (arrays,
 * tuples, NaN among floats). */
export function zoneOf(vector: Vector, from: number, to: number): StoredZone {
  let nullCount = 0
  if (vector.nulls !== null) for (let row = from; row < to; row++) nullCount += vector.nulls[row]
  if (vector.kind === 'number') return [...numberEnds(vector.values, vector.nulls, from, to), nullCount]
  if (vector.kind === 'codes') return [...numberEnds(vector.codes, vector.nulls, from, to), nullCount]
  if (vector.kind === 'bytes') return [...bytesEnds(vector.bytes, vector.offsets, vector.nulls, from, to), nullCount]
  if (vector.kind === 'big') {
    let ends: [bigint, bigint] | null = null
    for (let row = from; row < to; row++) {
      if (vector.nulls !== null && vector.nulls[row] !== 0) continue
      const value = vector.values[row]
      if (ends === null) ends = [value, value]
      else if (value < ends[0]) ends[0] = value
      else if (value > ends[1]) ends[1] = value
    }
    return ends === null ? [null, null, nullCount] : [`#${ends[0]}`, `#${ends[1]}`, nullCount]
  }
  return [null, null, nullCount]
}

function numberEnds(values: ArrayLike<number>, nulls: Uint8Array | null, from: number, to: number): [StoredEnd, StoredEnd] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    const value = values[row]
    if (Number.isNaN(value)) return [null, null]
    if (value < min) min = value
    if (value > max) max = value
  }
  return min > max ? [null, null] : [min, max]
}

function bytesEnds(
  bytes: Uint8Array, offsets: Uint32Array, nulls: Uint8Array | null, from: number, to: number,
): [StoredEnd, StoredEnd] {
  let min = -1
  let max = -1
  const compare = (a: number, b: number) =>
    compareBytes(bytes, offsets[a], offsets[a + 1], bytes, offsets[b], offsets[b + 1])
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    if (min < 0 || compare(row, min) < 0) min = row
    if (max < 0 || compare(row, max) > 0) max = row
  }
  if (min < 0) return [null, null]
  const low = bytes.slice(offsets[min], Math.min(offsets[min + 1], offsets[min] + END_BYTES_MAX))
  const high = bytes.slice(offsets[max], offsets[max + 1])
  return [low, high.length <= END_BYTES_MAX ? high : roundUp(high.slice(0, END_BYTES_MAX))]
}

/** The least string of that length above everything that begins so; null where there is none. */
function roundUp(prefix: Uint8Array): Uint8Array | null {
  for (let at = prefix.length - 1; at >= 0; at--) {
    if (prefix[at] === 255) continue
    const bound = prefix.slice(0, at + 1)
    bound[at]++
    return bound
  }
  return null
}

const endOf = (end: StoredEnd): number | bigint | Uint8Array | null =>
  typeof end === 'string' ? BigInt(end.slice(1)) : end

/** A stored zone for readers; null: none is kept. `dictionaryEnd` turns ranks into strings. */
export function readZone(stored: StoredZone, dictionaryEnd: ((rank: number) => Uint8Array) | null): Zone | null {
  const min = endOf(stored[0])
  const max = endOf(stored[1])
  if (min === null || max === null) return null
  if (dictionaryEnd !== null && typeof min === 'number' && typeof max === 'number') {
    return { min: dictionaryEnd(min), max: dictionaryEnd(max), nullCount: stored[2] }
  }
  return { min, max, nullCount: stored[2] }
}
