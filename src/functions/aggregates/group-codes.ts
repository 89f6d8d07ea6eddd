// Which codes each group saw: a bitmap a group while all bitmaps together stay small, else one set of
// pairs of group and code.
//
//   codes     0 ............. | first word ... end | ............. size
//   bitmaps                   | wordsPerGroup      | of every group: where codes have come
//
// Rows of a time have codes that lie near each other where a dictionary was filled in the order of time:
// large bitmaps are a window of all codes, which widens as codes come outside of it. Where all bitmaps are larger than
// the cache, codes wait in buffers on their way there (bit-buffers.ts).
// Codes of a bitmap are counted when somebody asks. Codes are below the largest size that makeRoom()
// was told.

import { areLarge, areNear, areRuns, BitBuffers } from './bit-buffers.ts'
import { areInWork } from '../base/group-loops.ts'
import { KeySet } from './key-set.ts'
import { grown } from '../values/state-array.ts'
import type { EvalContext } from '../values/function.ts'

// All groups' bitmaps: what few rows may have, as they hardly fill them (a set is smaller then), and what any may.
const BITMAP_BYTES_PER_ROW = 32
const BITMAP_BYTES_SMALL = 64 * 2 ** 20
/** ... of a query's memory no more than this: a set that grows, or passes (exec/groups/passes.ts), do with less. */
const BITMAP_SMALL_SHARE = 1 / 8
// Beyond that they are taken while a set would be no smaller: it has 8 bytes a pair, twice that as it is never full,
// and half as much again while it grows. 160 groups of four million codes take 130 MB; the pairs of 50 million rows of
// them did not fit 1 GiB, and each look-up missed the cache, where codes of neighbouring rows lie near each other.
const BITMAP_BYTES_PER_PAIR = 8
const BITMAP_LIMIT_SHARE = 1 / 4
const BITMAP_BYTES_FREE = 2 ** 18
const BITMAP_WORDS_MANY = 2 ** 18
const MERGED_WORDS_A_TURN = 2 ** 16
/** Words of all codes from which on bitmaps are windows, and the share of them from which on they are not. */
const WINDOW_FROM_WORDS = 2048
const WHOLE_SHARE = 1 / 4
/** Of codes of 32 bits. */
const WORDS_MAX = 2 ** 27

/** Dictionaries grow while they are read: some room saves a rewrite per block. Most have all of their strings
 * before, so that the first bitmaps of all codes have little of it, and larger ones where more does not fit. */
const roomy = (words: number): number => words + (words >> 1) + 1
const nearly = (words: number): number => words + (words >> 5) + 1

/** Bitmaps of codes from 32 * firstWord on, or pairs one after another (wordsPerGroup: 0). */
export type ExportedCodes = { readonly firstWord: number; readonly wordsPerGroup: number; readonly words: Uint32Array }

/** Words of codes that bitmaps have. */
type Window = { readonly first: number; readonly words: number }

export class GroupCodes {
  /** Codes of each group; of bitmaps, when they were counted last. */
  private known: Uint32Array
  private isCounted = true
  private groupCount = 0
  private firstWord = 0
  private wordsPerGroup = 0
  /** Bitmaps are of all codes that makeRoom() had been told of, not of a window. */
  private areWhole = false
  /** The most that makeRoom() was told: what a set holds must fit into bitmaps made of it later. */
  private size = 0
  private bits: Uint32Array | null = null
  /** Codes that are to be set in `bits`; null: none are. */
  private buffers: BitBuffers | null = null
  private set: KeySet | null = null
  private rowsSeen = 0
  /** The least and the largest of some codes. */
  private readonly span: Uint32Array
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    this.context = context
    this.known = grown(Uint32Array, null, 1, context.account)
    this.span = context.account.u32(2)
  }

  /** The number of each group's codes. */
  get counts(): Uint32Array {
    this.endBuffers()
    const { bits, known, wordsPerGroup, context } = this
    if (bits !== null && !this.isCounted) {
      context.kernels.countBits(bits.byteOffset, wordsPerGroup, this.groupCount, known.byteOffset)
      this.isCounted = true
    }
    return known
  }

  get isEmpty(): boolean { return this.bits === null && this.set === null }

  get hasBitmaps(): boolean { return this.bits !== null }

  /** How many of a group's codes a bitmap in work memory has too; with bitmaps only. */
  countShared(group: number, other: Uint32Array): number {
    this.endBuffers()
    const { bits, firstWord, wordsPerGroup } = this
    if (bits === null) throw new Error('group codes: no bitmaps')
    const first = bits.byteOffset + group * wordsPerGroup * 4
    const words = Math.min(wordsPerGroup, other.length - firstWord)
    return words <= 0 ? 0 : this.context.kernels.countShared(first, other.byteOffset + firstWord * 4, words)
  }

  resize(groupCount: number): void {
    if (groupCount <= this.groupCount) return
    const { account } = this.context
    this.endBuffers()
    this.groupCount = groupCount
    this.known = grown(Uint32Array, this.known, groupCount, account)
    if (this.bits === null) return
    if (this.fitsBits(this.wordsPerGroup)) {
      this.growBits(groupCount * this.wordsPerGroup)
    } else this.bitsToSet()
  }

  /** Whether codes below `size` leave bitmaps what they are; no bitmaps: also whether there will be some. */
  fits(size: number): boolean {
    const words = Math.ceil(Math.max(size, this.size) / 32)
    return this.set !== null || this.hasAll(words) || this.wordsFor(words) !== null
  }

  /** Whether bitmaps are of all codes of so many words. */
  private hasAll(words: number): boolean {
    return this.bits !== null && this.firstWord === 0 && words <= this.wordsPerGroup
  }

  /** Words that bitmaps of at least `words` a group are given; null: they do not fit. */
  private wordsFor(words: number): number | null {
    const most = this.areWhole ? roomy(words) : nearly(words)
    if (this.fitsBits(most)) return most
    return this.fitsBits(nearly(words)) ? nearly(words) : null
  }

  /** There may be codes below `size` from now on. */
  makeRoom(size: number): void { this.size = Math.max(size, this.size) }

  /** Bitmaps have the words [from, end), or there is a set. */
  private reach(from: number, end: number): void {
    const { bits, set, firstWord, wordsPerGroup } = this
    if (bits !== null && from >= firstWord && end <= firstWord + wordsPerGroup) return
    const given = set === null ? this.windowFor(from, end) : this.allCodes()
    if (given === null) {
      if (bits !== null) this.bitsToSet()
      else this.set ??= new KeySet(1, this.context.account)
    } else if (bits !== null) this.widenBits(given)
    else this.startBits(given)
    this.areWhole = this.bits !== null && this.hasAll(Math.ceil(this.size / 32))
  }

  private allCodes(): Window | null {
    const { size, firstWord, wordsPerGroup } = this
    const given = this.wordsFor(Math.max(Math.ceil(size / 32), firstWord + wordsPerGroup))
    return given === null ? null : { first: 0, words: given }
  }

  /** A window of the words [from, end) and of those that bitmaps have; null: it does not fit. */
  private windowFor(from: number, end: number): Window | null {
    const { bits, firstWord, wordsPerGroup, size } = this
    const all = Math.ceil(size / 32) // of up to 2^32 codes: no shift
    const first = bits === null ? from : Math.min(from, firstWord)
    const last = bits === null ? end : Math.max(end, firstWord + wordsPerGroup)
    if (all < WINDOW_FROM_WORDS || last - first >= all * WHOLE_SHARE) return this.allCodes()
    // As much again where codes have come outside: so it is moved few times.
    const more = last - first
    const begin = bits !== null && from >= firstWord ? first : Math.max(0, first - more)
    const stop = bits !== null && end <= firstWord + wordsPerGroup ? last
      : Math.min(last + more, Math.max(last, Math.min(WORDS_MAX, roomy(all))))
    return this.fitsBits(stop - begin) ? { first: begin, words: stop - begin } : this.allCodes()
  }

  /** Row r saw codes[r], or all rows codes[0]. */
  add(groups: Uint32Array, codes: Uint32Array, isConst: boolean, rowCount: number): void {
    if (rowCount === 0) return
    this.rowsSeen += rowCount
    if (!this.hasAll(Math.ceil(this.size / 32))) this.reachCodes(codes, isConst ? 1 : rowCount)
    const { known: counts, bits, firstWord, wordsPerGroup, set, context } = this
    const isQuick = !isConst && areInWork(context, rowCount, groups, codes)
    this.isCounted = false
    if (bits !== null && isQuick) this.addQuickly(bits, groups, codes, rowCount)
    else if (bits !== null) setBits(bits, firstWord, wordsPerGroup, groups, codes, isConst, rowCount)
    else if (set === null) throw new Error('group codes: no room was made')
    else if (isQuick) set.addAll(groups, codes, rowCount, counts, context.kernels)
    else {
      for (let row = 0; row < rowCount; row++) {
        if (set.add(groups[row], codes[isConst ? 0 : row])) counts[groups[row]]++
      }
    }
  }

  /** By kernels. */
  private addQuickly(bits: Uint32Array, groups: Uint32Array, codes: Uint32Array, rowCount: number): void {
    const { wordsPerGroup, context } = this
    const address = this.addressOf(bits)
    const buffers = this.buffersFor(groups, codes, rowCount)
    if (buffers !== null) buffers.add({ address, wordsPerGroup }, groups, codes, rowCount)
    else context.kernels.setGroupBits(address, wordsPerGroup, groups.byteOffset, codes.byteOffset, rowCount)
  }

  /** Where rows' codes wait; null: their bits are set at once. */
  private buffersFor(groups: Uint32Array, codes: Uint32Array, rowCount: number): BitBuffers | null {
    const { groupCount, wordsPerGroup, context } = this
    if (!areLarge(groupCount, wordsPerGroup) || areRuns(groups, rowCount)) return null
    if (areNear(this.spanOf(codes, rowCount), groupCount)) return null
    return this.buffers ??= BitBuffers.of(groupCount, wordsPerGroup, context)
  }

  /** Where the word of code 0 of the first group would be. */
  private addressOf(bits: Uint32Array): number { return bits.byteOffset - this.firstWord * 4 }

  /** All codes are in `bits`. */
  private endBuffers(): void {
    const { buffers, bits, wordsPerGroup } = this
    if (buffers === null || bits === null) return
    this.buffers = null
    buffers.end({ address: this.addressOf(bits), wordsPerGroup })
  }

  private reachCodes(codes: Uint32Array, count: number): void {
    const [least, largest] = this.spanOf(codes, count)
    this.reach(least >>> 5, (largest >>> 5) + 1)
  }

  /** The least and the largest of some codes, until it is asked again. */
  private spanOf(codes: Uint32Array, count: number): Uint32Array {
    const { span, context } = this
    if (areInWork(context, count, codes, codes)) context.kernels.spanOfWords(codes.byteOffset, count, span.byteOffset)
    else {
      span.fill(codes[0])
      for (let i = 1; i < count; i++) {
        if (codes[i] < span[0]) span[0] = codes[i]
        if (codes[i] > span[1]) span[1] = codes[i]
      }
    }
    return span
  }

  /** Whether a group saw a code. */
  has(group: number, code: number): boolean {
    this.endBuffers()
    const { bits, set, firstWord, wordsPerGroup } = this
    if (bits === null) return set?.has(group, code) ?? false
    const word = (code >>> 5) - firstWord
    return word >= 0 && word < wordsPerGroup && (bits[group * wordsPerGroup + word] >>> (code & 31) & 1) === 1
  }

  private fitsBits(wordsPerGroup: number): boolean {
    const bytes = this.groupCount * wordsPerGroup * 4
    const { account: { limitBytes }, expectedRows, likelyRows = expectedRows } = this.context
    const rows = Math.max(this.rowsSeen, likelyRows?.() ?? 0)
    const most = Math.max(Math.min(BITMAP_BYTES_SMALL, limitBytes * BITMAP_SMALL_SHARE),
      Math.min(rows * BITMAP_BYTES_PER_PAIR, limitBytes * BITMAP_LIMIT_SHARE))
    return bytes <= most && bytes <= BITMAP_BYTES_FREE + rows * BITMAP_BYTES_PER_ROW
  }

  /** Large ones by a quarter: most groups are known after a few blocks, and twice their bitmaps are as much to clear. */
  private growBits(words: number): void {
    const { bits, context: { account } } = this
    if (bits === null || words <= bits.length || bits.length < BITMAP_WORDS_MANY) {
      this.bits = grown(Uint32Array, bits, words, account)
      return
    }
    const larger = account.u32(Math.max(words, bits.length + (bits.length >> 2)))
    larger.set(bits)
    larger.fill(0, bits.length)
    account.free(bits.byteOffset)
    this.bits = larger
  }

  /** To a window around the one that bitmaps have. */
  private widenBits({ first, words }: Window): void {
    const { account } = this.context
    const old = this.bits as Uint32Array
    const fresh = grown(Uint32Array, null, this.groupCount * words, account)
    for (let group = 0; group < this.groupCount; group++) {
      const start = group * this.wordsPerGroup
      fresh.set(old.subarray(start, start + this.wordsPerGroup), group * words + this.firstWord - first)
    }
    account.free(old.byteOffset)
    this.bits = fresh
    this.firstWord = first
    this.wordsPerGroup = words
  }

  /** Enough rows have come by now: bitmaps are an order faster than a set. What a set has is in a window of all codes. */
  private startBits({ first, words: wordsPerGroup }: Window): void {
    const bits = this.bits = grown(Uint32Array, null, this.groupCount * wordsPerGroup, this.context.account)
    this.firstWord = first
    this.wordsPerGroup = wordsPerGroup
    this.set?.each((group, words, at) => {
      bits[group * wordsPerGroup + (words[at] >>> 5)] |= 1 << (words[at] & 31)
    })
    this.set?.free()
    this.set = null
    this.isCounted = false
  }

  private bitsToSet(): void {
    this.endBuffers()
    const { account } = this.context
    const bits = this.bits as Uint32Array
    const { firstWord, wordsPerGroup } = this
    this.bits = null
    const set = this.set = new KeySet(1, account)
    const before = this.known
    this.known = grown(Uint32Array, null, this.groupCount, account)
    account.free(before.byteOffset)
    const groups = Math.min(this.groupCount, Math.floor(bits.length / wordsPerGroup))
    eachGroup({ firstWord, wordsPerGroup, words: bits }, groups, this.context, (owners, codes, count) => {
      set.addAll(owners, codes, count, this.known, this.context.kernels)
    })
    account.free(bits.byteOffset)
  }

  /** What the first groups saw: views. */
  export(groupCount: number): ExportedCodes {
    this.endBuffers()
    this.trim()
    if (this.bits !== null) {
      const { firstWord, wordsPerGroup } = this
      return { firstWord, wordsPerGroup, words: this.bits.subarray(0, groupCount * wordsPerGroup) }
    }
    return { firstWord: 0, wordsPerGroup: 0, words: this.set === null ? new Uint32Array(0) : this.set.exportEntries() }
  }

  /** Bitmaps end with the last code that there may be, where they have much room behind it: who takes them in would
   * need as much. */
  private trim(): void {
    const { bits, wordsPerGroup, firstWord, groupCount } = this
    const words = Math.ceil(this.size / 32) - firstWord
    if (bits === null || words + (words >> 4) >= wordsPerGroup) return
    for (let group = 1; group < groupCount; group++) {
      bits.copyWithin(group * words, group * wordsPerGroup, group * wordsPerGroup + words)
    }
    bits.fill(0, groupCount * words, Math.min(bits.length, groupCount * wordsPerGroup))
    this.wordsPerGroup = words
  }

  /** Adds what export() gave in another worker, codes meaning the same here: groups by `toGroup`. */
  merge(from: ExportedCodes, toGroup: Uint32Array): void {
    const { context } = this
    const groupCount = toGroup.length
    // Another worker's rows paid for its bitmaps, and for ours of as many codes.
    const words = from.wordsPerGroup === 0 ? from.words.length : nearly(from.wordsPerGroup) * groupCount
    const bytes = words * 4
    this.rowsSeen += Math.ceil(bytes / (bytes > BITMAP_BYTES_SMALL ? BITMAP_BYTES_PER_PAIR : BITMAP_BYTES_PER_ROW))
    if (from.wordsPerGroup > 0 && this.set === null) {
      const end = from.firstWord + from.wordsPerGroup
      this.makeRoom(end * 32)
      this.areWhole = false // no row comes any more: there need be no room for new strings
      this.reach(from.firstWord, end)
      if (this.bits !== null && toGroup.buffer === context.account.work.buffer) {
        this.mergeBits(from, toGroup, this.bits)
        return
      }
    }
    this.mergeMapped(from, toGroup, null)
  }

  /** Some groups at a time: their bitmaps are copied to where kernels reach them, and are in the cache still. */
  private mergeBits({ words, firstWord, wordsPerGroup }: ExportedCodes, toGroup: Uint32Array, bits: Uint32Array): void {
    const { kernels, account } = this.context
    const aTurn = Math.max(1, Math.min(toGroup.length, Math.floor(MERGED_WORDS_A_TURN / wordsPerGroup)))
    const copy = account.u32(aTurn * wordsPerGroup)
    const target = bits.byteOffset + (firstWord - this.firstWord) * 4
    for (let first = 0; first < toGroup.length; first += aTurn) {
      const count = Math.min(aTurn, toGroup.length - first)
      copy.set(words.subarray(first * wordsPerGroup, (first + count) * wordsPerGroup))
      kernels.mergeBits(copy.byteOffset, wordsPerGroup, target, this.wordsPerGroup,
        toGroup.byteOffset + first * 4, count)
    }
    account.free(copy.byteOffset)
    this.isCounted = false
  }

  /** As merge(), each code replaced by map[code]; null: as it is. */
  mergeMapped(from: ExportedCodes, toGroup: Uint32Array, map: Uint32Array | null): void {
    eachGroup(from, toGroup.length, this.context, (owners, codes, count) => {
      let largest = 0
      for (let i = 0; i < count; i++) {
        owners[i] = toGroup[owners[i]]
        if (map !== null) codes[i] = map[codes[i]]
        if (codes[i] > largest) largest = codes[i]
      }
      this.makeRoom(largest + 1)
      this.add(owners, codes, false, count)
    })
  }

  free(): void {
    const { account } = this.context
    this.endBuffers()
    account.free(this.known.byteOffset)
    account.free(this.span.byteOffset)
    if (this.bits !== null) account.free(this.bits.byteOffset)
    this.set?.free()
  }
}

const PAIRS_A_TURN = 8192
const WORDS_A_TURN = 4096

/** Calls back with all pairs of group and code, some at a time, in arrays that the callee may change;
 * bitmaps group by group. */
export function eachGroup(
  { firstWord, wordsPerGroup, words }: ExportedCodes, groupCount: number, { account, kernels }: EvalContext,
  visit: (groups: Uint32Array, codes: Uint32Array, count: number) => void,
): void {
  const wordsATurn = Math.min(wordsPerGroup, WORDS_A_TURN)
  const room = wordsPerGroup > 0 ? wordsATurn * 32 : PAIRS_A_TURN
  const owners = account.u32(room)
  const codes = account.u32(room)
  if (wordsPerGroup === 0) {
    for (let from = 0; from < words.length; from += 2 * PAIRS_A_TURN) {
      const count = Math.min(PAIRS_A_TURN, (words.length - from) / 2)
      for (let i = 0; i < count; i++) {
        owners[i] = words[from + 2 * i]
        codes[i] = words[from + 2 * i + 1]
      }
      visit(owners, codes, count)
    }
  } else {
    const bits = account.u32(wordsATurn)
    for (let group = 0; group < groupCount; group++) {
      for (let from = 0; from < wordsPerGroup; from += wordsATurn) {
        const some = Math.min(wordsATurn, wordsPerGroup - from)
        bits.set(words.subarray(group * wordsPerGroup + from, group * wordsPerGroup + from + some))
        const count = kernels.listBits(bits.byteOffset, some, 1, owners.byteOffset, codes.byteOffset)
        if (count === 0) continue
        owners.fill(group, 0, count)
        const base = (firstWord + from) * 32
        if (base > 0) for (let i = 0; i < count; i++) codes[i] += base
        visit(owners, codes, count)
      }
    }
    account.free(bits.byteOffset)
  }
  account.free(owners.byteOffset)
  account.free(codes.byteOffset)
}

/** Sets bit (group, code) of every row. */
function setBits(
  bits: Uint32Array, firstWord: number, wordsPerGroup: number, groups: Uint32Array, codes: Uint32Array, isConst: boolean,
  rowCount: number,
): void {
  for (let row = 0; row < rowCount; row++) {
    const code = codes[isConst ? 0 : row]
    bits[groups[row] * wordsPerGroup + (code >>> 5) - firstWord] |= 1 << (code & 31)
  }
}
