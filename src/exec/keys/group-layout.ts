// How the words of a key lie in 32-bit bins: the widest first, so that it has the low bits of bin 0.
// Packing of rows (a column a bin) and of groups (a record a group, storage/kernels/groups.ts).

import type { Kernels } from '../../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Word } from './key-words.ts'

type Place = { readonly bin: number; readonly shift: number }

/** Where each word lies in the packed key. */
export type Layout = {
  readonly bits: readonly number[]
  readonly places: readonly Place[]
  readonly binCount: number
  readonly binBits: readonly number[]
  /** Bits of the word at the bottom of bin 0. */
  readonly widestBits: number
}

const NOWHERE: Place = { bin: 0, shift: 0 }

/** Numbers of words, the widest first, equal ones as they come: by insertion, for a key has few words. */
function widestFirst(bits: readonly number[]): number[] {
  const order: number[] = []
  for (let word = 0; word < bits.length; word++) {
    let at = order.push(word) - 1
    for (; at > 0 && bits[order[at - 1]] < bits[word]; at--) order[at] = order[at - 1]
    order[at] = word
  }
  return order
}

/** Words into 32-bit bins, the widest first, each where it fits. */
export function layoutOf(bits: readonly number[]): Layout {
  const order = widestFirst(bits)
  const places: Place[] = bits.map(() => NOWHERE)
  const binBits: number[] = []
  for (const word of order) {
    let bin = 0
    while (bin < binBits.length && binBits[bin] + bits[word] > 32) bin++
    if (bin === binBits.length) binBits.push(0)
    places[word] = { bin, shift: binBits[bin] }
    binBits[bin] += bits[word]
  }
  return { bits, places, binCount: binBits.length, binBits, widestBits: bits[order[0]] }
}

const maskOf = (bits: number): number => (bits === 32 ? 0xffffffff : (1 << bits >>> 0) - 1)

/** The bins of rows, in work memory. */
export function packWords(
  words: readonly Word[], layout: Layout, rowCount: number, account: MemoryAccount, kernels: Kernels,
): Uint32Array[] {
  if (words.length === 1) return [inWork(words[0].values, rowCount, account)]
  const bins: (Uint32Array | null)[] = layout.binBits.map(() => null)
  words.forEach(({ values }, w) => {
    if (layout.bits[w] === 0) return
    const { bin, shift } = layout.places[w]
    const source = inWork(values, rowCount, account)
    const target = bins[bin]
    if (target === null) {
      if (shift === 0 && layout.binBits[bin] === layout.bits[w]) bins[bin] = source
      else {
        const fresh = bins[bin] = account.u32(rowCount)
        kernels.shiftWords(source.byteOffset, shift, rowCount, fresh.byteOffset)
      }
    } else kernels.addShiftedWords(source.byteOffset, shift, rowCount, target.byteOffset)
  })
  return bins.map((bin) => bin ?? account.u32(rowCount).fill(0))
}

/** The words where kernels can reach them. */
export function inWork(values: Uint32Array, rowCount: number, account: MemoryAccount): Uint32Array {
  if (values.buffer === account.work.buffer) return values
  const copy = account.u32(rowCount)
  copy.set(values.subarray(0, rowCount))
  return copy
}

/** Writes the keys of groups into their records. */
export function packRecords(
  records: Uint32Array, words: readonly Uint32Array[], layout: Layout, groupCount: number): void {
  const stride = layout.binCount + 1
  records.fill(0, 0, groupCount * stride)
  words.forEach((word, w) => {
    if (layout.bits[w] === 0) return
    const { bin, shift } = layout.places[w]
    for (let g = 0, at = bin + 1; g < groupCount; g++, at += stride) records[at] |= word[g] << shift
  })
}

/** One word of groups, in the account: of the first `count`, or of those in `rows`. */
export function unpackRecords(
  records: Uint32Array, layout: Layout, word: number, rows: Uint32Array | null, count: number,
  account: MemoryAccount, kernels: Kernels,
): Uint32Array {
  const out = account.u32(Math.max(1, count))
  const { bin, shift } = layout.places[word]
  // A word of no bits shares its place with others, or lies behind a full bin.
  if (layout.bits[word] === 0) return out.fill(0)
  kernels.unpackRecords(records.byteOffset, layout.binCount + 1, bin + 1, shift, maskOf(layout.bits[word]),
    rows === null ? 0 : rows.byteOffset, count, out.byteOffset)
  return out
}

/** The bins of records that lie one after another, as packWords() makes them of rows. */
export function binsOf(
  records: Uint32Array, layout: Layout, count: number, account: MemoryAccount, kernels: Kernels,
): Uint32Array[] {
  return layout.binBits.map((_, bin) => {
    const out = account.u32(Math.max(1, count))
    kernels.unpackRecords(records.byteOffset, layout.binCount + 1, bin + 1, 0, 0xffffffff, 0, count, out.byteOffset)
    return out
  })
}
