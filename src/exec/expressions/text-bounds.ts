// What conditions on texts say of a column: `name >= 'a'`, `startsWith(name, 'x')`, `name LIKE 'x%'`, and equality with
// few texts, for zones whose ends are bytes. UUIDs are compared as the 16 bytes that are stored.
// Invariant: a range holds every text for which the condition is true; NULL is in none.

import { leastAbove } from '../../../storage/part/zones.ts'
import type { Zone } from '../../../storage/part/row-set.ts'

/** The condition says just that `column` is one of these strings, of which `min` and `max` are the ends. */
export type StringBound = {
  readonly kind: 'strings'; readonly column: number; readonly values: readonly Uint8Array[]
  readonly min: Uint8Array; readonly max: Uint8Array
}
/** Texts of `column` lie from `min` on and to `max` (null: without an end), the ends included or not; `isExact`: the
 * condition says just that. */
export type TextBound = {
  readonly kind: 'texts'; readonly column: number; readonly isExact: boolean
  readonly min: Uint8Array | null; readonly max: Uint8Array | null; readonly minOpen: boolean; readonly maxOpen: boolean
}

/** Beyond this many, a zone is compared with the ends of a list alone: each text is compared with each block's. */
const VALUES_MAX = 16
const NO_BYTES = new Uint8Array(0)

/** The texts of a list, in any order; it may be empty. */
export function stringBound(column: number, values: readonly Uint8Array[]): StringBound {
  let [min, max] = [values[0] ?? NO_BYTES, values[0] ?? NO_BYTES]
  for (const value of values) {
    if (Buffer.compare(value, min) < 0) min = value
    if (Buffer.compare(value, max) > 0) max = value
  }
  return { kind: 'strings', column, values, min, max }
}

/** The texts that a comparison with `value` leaves; null: it is none of order. */
export function orderBound(column: number, name: string, value: Uint8Array): TextBound | null {
  const isBelow = name === 'less' || name === 'lessOrEquals'
  if (!isBelow && name !== 'greater' && name !== 'greaterOrEquals') return null
  return {
    kind: 'texts', column, isExact: true, min: isBelow ? null : value, max: isBelow ? value : null,
    minOpen: name === 'greater', maxOpen: name === 'less',
  }
}

/** The texts that begin so; null: all do. */
export function prefixBound(column: number, prefix: Uint8Array, isExact: boolean): TextBound | null {
  if (prefix.length === 0) return null
  return { kind: 'texts', column, isExact, min: prefix, minOpen: false, max: leastAbove(prefix), maxOpen: true }
}

const PERCENT = 37
const UNDERSCORE = 95
const BACKSLASH = 92

/** The texts that a pattern of LIKE can match. */
export function likeBound(column: number, pattern: Uint8Array): TextBound | StringBound | null {
  const end = pattern.findIndex((byte) => byte === PERCENT || byte === UNDERSCORE || byte === BACKSLASH)
  if (end < 0) return stringBound(column, [pattern])
  return prefixBound(column, pattern.slice(0, end), pattern.subarray(end).every((byte) => byte === PERCENT))
}

/** Whether texts of a zone can be in a bound: none, some, or surely all of them. */
export function textsInZone(bound: TextBound | StringBound, zone: Zone | null): 'none' | 'some' | 'all' {
  if (bound.kind === 'strings' && bound.values.length === 0) return 'none'
  if (zone === null || !(zone.min instanceof Uint8Array) || !(zone.max instanceof Uint8Array)) return 'some'
  const { min, max, nullCount } = zone
  const beforeMax = bound.max === null ? -1 : Buffer.compare(min, bound.max)
  const behindMin = bound.min === null ? 1 : Buffer.compare(max, bound.min)
  const [minOpen, maxOpen] = bound.kind === 'strings' ? [false, false] : [bound.minOpen, bound.maxOpen]
  if (beforeMax > 0 || (maxOpen && beforeMax === 0) || behindMin < 0 || (minOpen && behindMin === 0)) return 'none'
  if (bound.kind === 'strings' && bound.values.length > 1) {
    const isApart = (value: Uint8Array) => Buffer.compare(value, min) < 0 || Buffer.compare(value, max) > 0
    return bound.values.length <= VALUES_MAX && bound.values.every(isApart) ? 'none' : 'some'
  }
  if ((bound.kind === 'texts' && !bound.isExact) || nullCount > 0) return 'some'
  // Of one text both ends are the same array: all is compared already.
  const isOne = bound.min === bound.max
  const fromMin = bound.min === null ? 1 : isOne ? beforeMax : Buffer.compare(min, bound.min)
  const toMax = bound.max === null ? -1 : isOne ? behindMin : Buffer.compare(max, bound.max)
  return (minOpen ? fromMin > 0 : fromMin >= 0) && (maxOpen ? toMax < 0 : toMax <= 0) ? 'all' : 'some'
}
