// Groups of equal keys: rows in, dense group numbers out. Keys become words (key-words.ts), words are
// packed by the bits that their values use into as few 32-bit bins as will hold them:
//
//   few bits           -> a table indexed by the packed key itself
//   one bin, two bins  -> open addressing, the key inside the slot
//   more               -> open addressing, slots (hash, group), keys compared in the groups' columns
//
// Invariant: keys of group g are bins[b][g]; when a word needs more bits than the layout has, all
// groups are packed anew and keep their numbers.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../functions/function.ts'
import { growWords } from './growing.ts'
import { MISSING, probeDense, probeMany, probeOne, probeTwo, type Probe } from './group-probe.ts'
import { keyColumn, type KeyColumn, type Word } from './key-words.ts'

/** Packed keys of so many bits may index a table directly … */
const DENSE_BITS_MAX = 20
/** … when it has at most so many entries for each row seen: clearing it costs too. */
const DENSE_ENTRIES_A_ROW = 64

type Place = { readonly bin: number; readonly shift: number }
type Mode = 'dense' | 'one' | 'two' | 'many'

/** Where each word lies in the packed key. */
type Layout = {
  readonly bits: readonly number[]
  readonly places: readonly Place[]
  readonly binCount: number
  readonly binBits: readonly number[]
}

/** Words into 32-bit bins, the widest first, each where it fits. */
function layoutOf(bits: readonly number[]): Layout {
  const order = bits.map((_, i) => i).sort((a, b) => bits[b] - bits[a])
  const places: Place[] = []
  const binBits: number[] = []
  for (const word of order) {
    let bin = binBits.findIndex((used) => used + bits[word] <= 32)
    if (bin < 0) bin = binBits.push(0) - 1
    places[word] = { bin, shift: binBits[bin] }
    binBits[bin] += bits[word]
  }
  return { bits, places, binCount: binBits.length, binBits }
}

/** The groups of one worker. */
export class GroupTable {
  groupCount = 0
  private readonly columns: readonly KeyColumn[]
  private readonly account: MemoryAccount
  private layout: Layout
  private mode: Mode = 'one'
  private bins: Uint32Array[]
  private slots: Uint32Array
  private rowsSeen = 0

  /** `types`: of the key columns as they come in; at least one. */
  constructor(types: readonly DataType[], context: EvalContext) {
    this.account = context.account
    this.columns = types.map((type) => keyColumn(type, context))
    const wordCount = this.columns.reduce((sum, column) => sum + column.wordCount, 0)
    this.layout = layoutOf(Array.from({ length: wordCount }, () => 0))
    this.bins = [this.account.u32(16)]
    this.slots = this.account.u32(16).fill(0)
  }

  /** The group of each row, new keys entered. The result lies in `scratch`. */
  groupsOf(keys: readonly Vector[], rowCount: number, scratch: MemoryAccount): Uint32Array {
    const out = scratch.u32(rowCount)
    if (rowCount === 0) return out
    this.rowsSeen += rowCount
    const words = this.wordsOf(keys, rowCount, true, scratch)
    const wanted = words.map((word, i) => Math.max(word.bits, this.layout.bits[i]))
    if (wanted.some((bits, i) => bits > this.layout.bits[i]) || this.groupCount === 0) {
      this.relayout(wanted)
    }
    this.ensure(rowCount)
    this.groupCount = this.probe(this.packed(words, rowCount, scratch), rowCount, out, true)
    return out
  }

  /** The group of each row, MISSING (0xffffffff) where no group has the key. */
  find(keys: readonly Vector[], rowCount: number, scratch: MemoryAccount): Uint32Array {
    const out = scratch.u32(rowCount)
    if (this.groupCount === 0) return out.fill(MISSING)
    const words = this.wordsOf(keys, rowCount, false, scratch)
    const { bits } = this.layout
    const isBeyond = scratch.u8(rowCount).fill(0)
    const fitted = words.map(({ values, missing }, w) => {
      if (missing !== undefined) {
        for (let i = 0; i < rowCount; i++) isBeyond[i] |= missing[i]
      }
      if (bits[w] === 32) return { values, bits: 32 }
      const copy = scratch.u32(rowCount)
      for (let i = 0; i < rowCount; i++) {
        if (values[i] >>> bits[w] !== 0) isBeyond[i] = 1
        else copy[i] = values[i]
        if (isBeyond[i] === 1) copy[i] = 0
      }
      return { values: copy, bits: bits[w] }
    })
    this.probe(this.packed(fitted, rowCount, scratch), rowCount, out, false)
    for (let i = 0; i < rowCount; i++) if (isBeyond[i] === 1) out[i] = MISSING
    return out
  }

  /** The key columns of all groups, in `account`. */
  keys(account: MemoryAccount): Vector[] {
    const words = this.unpacked(this.layout)
    let at = 0
    const vectors = this.columns.map((column) => {
      const mine = words.slice(at, at + column.wordCount)
      at += column.wordCount
      return column.vectorOf(mine, this.groupCount, account)
    })
    for (const word of words) this.account.free(word.byteOffset)
    return vectors
  }

  private wordsOf(
    keys: readonly Vector[], rowCount: number, isNew: boolean, scratch: MemoryAccount): Word[] {
    const words: Word[] = []
    this.columns.forEach((column, i) => {
      const first = words.length
      words.push(...column.words(keys[i], rowCount, isNew, scratch))
      const recode = column.takeRecoding()
      if (recode !== null && this.groupCount > 0) this.recode(first, recode)
    })
    return words
  }

  /** Rewrites one word of all groups. */
  private recode(word: number, map: (code: number) => number): void {
    const all = this.unpacked(this.layout)
    let used = 0
    for (let g = 0; g < this.groupCount; g++) {
      all[word][g] = map(all[word][g])
      used |= all[word][g]
    }
    const bits = this.layout.bits.map((have, i) => (i === word ? 32 - Math.clz32(used) : have))
    this.repack(layoutOf(bits), all)
  }

  private relayout(bits: readonly number[]): void {
    const layout = layoutOf(bits)
    if (this.groupCount === 0) {
      this.layout = layout
      this.resetBins(layout.binCount, 16)
      this.rebuild(0)
      return
    }
    this.repack(layout, this.unpacked(this.layout))
  }

  /** Packs `words` of all groups by a new layout; the words are freed. */
  private repack(layout: Layout, words: readonly Uint32Array[]): void {
    this.layout = layout
    this.resetBins(layout.binCount, this.groupCount)
    packInto(this.bins, words, layout, this.groupCount)
    for (const word of words) this.account.free(word.byteOffset)
    this.rebuild(0)
  }

  private resetBins(count: number, length: number): void {
    for (const bin of this.bins) this.account.free(bin.byteOffset)
    this.bins = Array.from({ length: count }, () => this.account.u32(Math.max(16, length)))
  }

  /** All words of all groups, in the table's account. */
  private unpacked(layout: Layout): Uint32Array[] {
    return layout.bits.map((bits, w) => {
      const out = this.account.u32(Math.max(1, this.groupCount))
      const { bin, shift } = layout.places[w]
      const from = this.bins[bin]
      const mask = bits === 32 ? 0xffffffff : bits === 0 ? 0 : (1 << bits) - 1
      for (let g = 0; g < this.groupCount; g++) out[g] = (from[g] >>> shift) & mask
      return out
    })
  }

  private packed(words: readonly Word[], rowCount: number, scratch: MemoryAccount): Uint32Array[] {
    const { layout } = this
    if (words.length === 1) return [words[0].values]
    const bins = Array.from({ length: layout.binCount }, () => scratch.u32(rowCount))
    packInto(bins, words.map((word) => word.values), layout, rowCount)
    return bins
  }

  /** Makes room for `more` new groups. */
  private ensure(more: number): void {
    const groups = this.groupCount + more
    this.bins = this.bins.map((bin) => growWords(this.account, bin, this.groupCount, groups))
    if (this.mode !== 'dense' && groups * 2 > this.slots.length / WORDS_A_SLOT[this.mode]) {
      this.rebuild(more)
    }
  }

  /** A table for the layout with room for `more` groups, filled with what there is. */
  private rebuild(more: number): void {
    const { layout, account } = this
    const total = layout.binCount === 1 ? layout.binBits[0] : 64
    const isDense = total <= DENSE_BITS_MAX
      && 2 ** total <= Math.max(4096, this.rowsSeen * DENSE_ENTRIES_A_ROW)
    this.mode = isDense ? 'dense' : layout.binCount === 1 ? 'one' : layout.binCount === 2 ? 'two' : 'many'
    const groups = Math.max(8, this.groupCount + more)
    const entries = isDense ? 2 ** total : 2 ** (33 - Math.clz32(groups * 2 - 1))
    account.free(this.slots.byteOffset)
    this.slots = account.u32(entries * WORDS_A_SLOT[this.mode]).fill(0)
    if (this.groupCount === 0) return
    const known = this.groupCount
    this.groupCount = 0
    const out = account.u32(known)
    this.groupCount = this.probe(this.bins, known, out, true)
    account.free(out.byteOffset)
  }

  private probe(
    bins: readonly Uint32Array[], rowCount: number, out: Uint32Array, isNew: boolean): number {
    const state: Probe = { slots: this.slots, keys: this.bins, groupCount: this.groupCount }
    switch (this.mode) {
      case 'dense': return probeDense(state, bins[0], rowCount, out, isNew)
      case 'one': return probeOne(state, bins[0], rowCount, out, isNew)
      case 'two': return probeTwo(state, bins[0], bins[1], rowCount, out, isNew)
      case 'many': return probeMany(state, bins, rowCount, out, isNew)
    }
  }
}

const WORDS_A_SLOT: Readonly<Record<Mode, number>> = { dense: 1, one: 2, two: 4, many: 2 }

function packInto(
  bins: readonly Uint32Array[], words: readonly Uint32Array[], layout: Layout, count: number): void {
  const started = bins.map(() => false)
  words.forEach((word, w) => {
    const { bin, shift } = layout.places[w]
    const out = bins[bin]
    if (layout.bits[w] === 0) return
    if (!started[bin]) for (let i = 0; i < count; i++) out[i] = word[i] << shift
    else for (let i = 0; i < count; i++) out[i] |= word[i] << shift
    started[bin] = true
  })
  bins.forEach((bin, b) => { if (!started[b]) bin.fill(0, 0, count) })
}
