// What uniq asks of the hashes of a dictionary's strings: which codes share one, and which are in a
// sample. Found once for a dictionary of a size, by all groups and queries of a thread.

import { STRING } from '../../../storage/column/data-type.ts'
import type { CodesVector, Dictionary } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'
import { stringSamples } from './string-samples.ts'
import { asBytes } from '../values/vectors.ts'

/** Codes whose strings have the same hash, class by class. */
export type Twins = readonly (readonly number[])[]
type Hashes = { readonly twins: Twins; readonly levels: readonly Uint32Array[] }

export const codesVector = (codes: Uint32Array, dictionary: Dictionary): CodesVector => ({
  kind: 'codes', type: STRING, length: codes.length, isConst: false, nulls: null, codes, dictionary,
})

/** Hashes have 32 bits: of a million strings a hundred pairs are alike. */
const known = new WeakMap<Dictionary, Hashes & { readonly size: number; readonly most: number }>()
const CODES_A_TURN = 4096

/** What a dictionary's hashes are asked; `most`: hashes that uniq keeps. */
export function hashesOf(dictionary: Dictionary, most: number, context: EvalContext): Hashes {
  const before = known.get(dictionary)
  if (before?.size === dictionary.size && before.most === most) return before
  const { size } = dictionary
  const samples = samplesOf(dictionary, size, context)
  const hashes = { size, most, twins: findTwins(samples, size, context), levels: levelsOf(samples, size, most) }
  context.account.free(samples.byteOffset)
  known.set(dictionary, hashes)
  return hashes
}

/** A bitmap for each number of low bits from 1 on, up to the one that leaves no more than `most` codes:
 * the codes whose hashes have no others there. */
function levelsOf(samples: Uint32Array, size: number, most: number): Uint32Array[] {
  const levels: Uint32Array[] = []
  for (let left = size; left > most && levels.length < 32;) {
    const mask = 2 ** (levels.length + 1) - 1
    const words = new Uint32Array((size + 31) >>> 5)
    left = 0
    for (let code = 0; code < size; code++) {
      if ((samples[code] & mask) !== 0) continue
      words[code >>> 5] |= 1 << (code & 31)
      left++
    }
    levels.push(words)
  }
  return levels
}

/** Calls back with the codes of a dictionary's first `size` strings (other threads may enter more), some at
 * a time. */
export function eachOfDictionary(
  dictionary: Dictionary, size: number, context: EvalContext, visit: (codes: CodesVector, from: number) => void,
): void {
  const { account } = context
  for (let from = 0; from < size; from += CODES_A_TURN) {
    context.checkAlive()
    const codes = account.u32(Math.min(CODES_A_TURN, size - from))
    for (let i = 0; i < codes.length; i++) codes[i] = from + i
    visit(codesVector(codes, dictionary), from)
    account.free(codes.byteOffset)
  }
}

/** The hashes of all strings; the caller frees them. */
function samplesOf(dictionary: Dictionary, size: number, context: EvalContext): Uint32Array {
  const { account } = context
  const samples = account.u32(Math.max(1, size))
  eachOfDictionary(dictionary, size, context, (codes, from) => {
    const text = asBytes(codes, account)
    const hashes = stringSamples(text, context)
    samples.set(hashes.subarray(0, codes.length), from)
    for (const array of [hashes, text.offsets, text.bytes]) account.free(array.byteOffset)
  })
  return samples
}

/** Classes of codes. */
function findTwins(samples: Uint32Array, size: number, { account }: EvalContext): number[][] {
  const mask = (1 << 33 - Math.clz32(size | 1)) - 1
  const slots = account.u32(mask + 1).fill(0)
  const classes = new Map<number, number[]>()
  for (let code = 0; code < size; code++) {
    const sample = samples[code]
    let slot = Math.imul(sample, 0x9e3779b1) >>> 7 & mask
    while (slots[slot] !== 0 && samples[slots[slot] - 1] !== sample) slot = (slot + 1) & mask
    const first = slots[slot] - 1
    if (first < 0) slots[slot] = code + 1
    else classes.set(first, [...classes.get(first) ?? [first], code])
  }
  account.free(slots.byteOffset)
  return [...classes.values()]
}
