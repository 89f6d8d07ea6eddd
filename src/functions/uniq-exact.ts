// uniqExact: how many distinct values a group saw, exactly. Over one dictionary: a bitmap a group
// while all bitmaps together stay small; else one set of (group, key) pairs.
// Invariant: counts[group] is the number of bits set, or of the group's keys in the set.

import { bareType, UINT64, type DataType } from '../../storage/column/data-type.ts'
import type { BytesVector, CodesVector, Dictionary, Vector } from '../../storage/column/vector.ts'
import type {
  AggregateDef, AggregateStates, EvalContext, StatePayload,
} from './function.ts'
import { FunctionError } from './function.ts'
import { areInWork } from './group-loops.ts'
import { hash128, keyWriter } from './key-of-value.ts'
import { KeySet } from './key-set.ts'
import { grown } from './state-array.ts'
import { eachState, serializeGroups } from './state-bytes.ts'
import { numberVector } from './vectors.ts'

const BITMAP_BYTES_MAX = 64 * 2 ** 20 // all groups' bitmaps; beyond it misses cost more than a set
// A bitmap is mostly empty when few rows come: a set is smaller then.
const BITMAP_BYTES_PER_ROW = 32
const BITMAP_BYTES_FREE = 4 * 2 ** 20

const MODE_EMPTY = 0
const MODE_BITS = 1
const MODE_CODES = 2
const MODE_KEYS = 3

export class DistinctStates implements AggregateStates {
  private counts: Uint32Array | null = null
  private groupCount = 0
  private mode = MODE_EMPTY
  private dictionary: Dictionary | null = null
  private dictionaryId = -1
  private wordsPerGroup = 0
  private bits: Uint32Array | null = null
  private set: KeySet | null = null
  private rowsSeen = 0
  private readonly keyWords: 2 | 4
  private readonly context: EvalContext

  constructor(types: readonly DataType[], context: EvalContext) {
    const bare = bareType(types[0])
    const isHashed = types.length > 1 || ['String', 'FixedString', 'UUID', 'IPv6', 'Array', 'Map',
      'Tuple'].includes(bare.id)
    this.keyWords = isHashed ? 4 : 2
    this.context = context
  }

  resize(groupCount: number): void {
    if (groupCount <= this.groupCount) return
    const { account } = this.context
    this.groupCount = groupCount
    this.counts = grown(Uint32Array, this.counts, groupCount, account)
    if (this.mode !== MODE_BITS) return
    if (this.fitsBits(this.wordsPerGroup)) {
      this.bits = grown(Uint32Array, this.bits, groupCount * this.wordsPerGroup, account)
    } else {
      this.bitsToCodes()
    }
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    this.rowsSeen += rowCount
    const [first] = args
    if (args.length === 1 && first.kind === 'codes' && this.mode !== MODE_KEYS
      && (this.dictionary === null || this.dictionary.id === first.dictionary.id)) {
      this.updateCodes(groups, rowCount, first)
      return
    }
    this.toKeys()
    const key = keyWriter(args, this.context)
    const { words } = key
    const counts = this.counts as Uint32Array
    const set = this.set as KeySet
    for (let row = 0; row < rowCount; row++) {
      key.write(row)
      if (set.add(groups[row], words[0], words[1], words[2], words[3])) counts[groups[row]]++
    }
    key.free()
  }

  private updateCodes(groups: Uint32Array, rowCount: number, vector: CodesVector): void {
    this.adopt(vector.dictionary)
    const counts = this.counts as Uint32Array
    const { codes, isConst } = vector
    if (this.mode === MODE_BITS) {
      const bits = this.bits as Uint32Array
      if (!isConst && areInWork(this.context, rowCount, groups, codes)) {
        this.context.kernels.setGroupBits(bits.byteOffset, this.wordsPerGroup, groups.byteOffset,
          codes.byteOffset, rowCount, counts.byteOffset)
      } else setBits(bits, this.wordsPerGroup, groups, codes, isConst, rowCount, counts)
      return
    }
    const set = this.set as KeySet
    if (!isConst && areInWork(this.context, rowCount, groups, codes)) {
      set.addAll(groups, codes, rowCount, counts, this.context.kernels)
      return
    }
    for (let row = 0; row < rowCount; row++) {
      if (set.add(groups[row], codes[isConst ? 0 : row])) counts[groups[row]]++
    }
  }

  /** Takes a dictionary (or more codes of the same one) on; chooses bits or codes. */
  private adopt(dictionary: Dictionary): void {
    this.dictionary = dictionary
    this.dictionaryId = dictionary.id
    this.makeRoomForCodes(dictionary.size)
  }

  private makeRoomForCodes(size: number): void {
    const words = (size + 31) >>> 5
    if (this.mode === MODE_EMPTY) {
      // Dictionaries grow while they are read: some room saves a rewrite per block.
      const roomy = words + (words >> 2) + 1
      if (this.fitsBits(roomy)) {
        this.mode = MODE_BITS
        this.wordsPerGroup = roomy
        this.bits = grown(Uint32Array, null, this.groupCount * roomy, this.context.account)
      } else {
        this.mode = MODE_CODES
        this.set = new KeySet(1, this.context.account)
      }
    } else if (this.mode === MODE_BITS && words > this.wordsPerGroup) {
      this.widenBits(words + (words >> 2) + 1)
    } else if (this.mode === MODE_CODES && this.fitsBits(words + (words >> 2) + 1)) {
      this.codesToBits(words + (words >> 2) + 1)
    }
  }

  private fitsBits(wordsPerGroup: number): boolean {
    const bytes = this.groupCount * wordsPerGroup * 4
    return bytes <= BITMAP_BYTES_MAX
      && bytes <= BITMAP_BYTES_FREE + this.rowsSeen * BITMAP_BYTES_PER_ROW
  }

  private widenBits(words: number): void {
    if (!this.fitsBits(words)) {
      this.bitsToCodes()
      return
    }
    const old = this.bits as Uint32Array
    const fresh = grown(Uint32Array, null, this.groupCount * words, this.context.account)
    for (let group = 0; group < this.groupCount; group++) {
      const start = group * this.wordsPerGroup
      fresh.set(old.subarray(start, start + this.wordsPerGroup), group * words)
    }
    this.context.account.free(old.byteOffset)
    this.bits = fresh
    this.wordsPerGroup = words
  }

  /** Calls back every (group, code) of the bitmaps. */
  private eachBit(visit: (group: number, code: number) => void): void {
    const bits = this.bits as Uint32Array
    const groups = Math.floor(bits.length / this.wordsPerGroup)
    for (let at = 0; at < groups * this.wordsPerGroup; at++) {
      let rest = bits[at]
      const group = Math.floor(at / this.wordsPerGroup)
      const base = (at - group * this.wordsPerGroup) * 32
      while (rest !== 0) {
        visit(group, base + 31 - Math.clz32(rest & -rest))
        rest &= rest - 1
      }
    }
  }

  private bitsToCodes(): void {
    const set = new KeySet(1, this.context.account)
    this.eachBit((group, code) => { set.add(group, code) })
    this.context.account.free((this.bits as Uint32Array).byteOffset)
    this.bits = null
    this.set = set
    this.mode = MODE_CODES
  }

  /** Enough rows have come by now: bitmaps are an order faster than a set. */
  private codesToBits(wordsPerGroup: number): void {
    const bits = grown(Uint32Array, null, this.groupCount * wordsPerGroup, this.context.account)
    const set = this.set as KeySet
    set.each((group, words, at) => {
      bits[group * wordsPerGroup + (words[at] >>> 5)] |= 1 << (words[at] & 31)
    })
    set.free()
    this.set = null
    this.bits = bits
    this.wordsPerGroup = wordsPerGroup
    this.mode = MODE_BITS
  }

  /** From codes to keys that need no dictionary. */
  private toKeys(): void {
    if (this.mode === MODE_KEYS) return
    if (this.mode === MODE_BITS) this.bitsToCodes()
    const codes = this.set
    const set = new KeySet(this.keyWords, this.context.account)
    if (codes !== null) {
      const words = new Uint32Array(4)
      const dictionary = this.dictionaryOf(this.dictionaryId)
      codes.each((group, entry, at) => {
        const bytes = dictionary.bytesOf(entry[at])
        hash128(bytes, 0, bytes.length, words)
        set.add(group, words[0], words[1], words[2], words[3])
      })
      codes.free()
    }
    this.set = set
    this.mode = MODE_KEYS
    this.dictionary = null
  }

  private dictionaryOf(id: number): Dictionary {
    const dictionary = this.dictionary?.id === id ? this.dictionary
      : this.context.dictionaryById?.(id) ?? null
    if (dictionary === null) throw new Error(`uniqExact: dictionary ${id} is not at hand`)
    return dictionary
  }

  serialize(groupCount: number): BytesVector {
    this.toKeys()
    const { offsets, words } = (this.set as KeySet).byGroup(groupCount)
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      out.varint((offsets[group + 1] - offsets[group]) / this.keyWords)
      for (let at = offsets[group]; at < offsets[group + 1]; at++) out.u32(words[at])
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    this.toKeys()
    const set = this.set as KeySet
    const counts = this.counts as Uint32Array
    const isWide = this.keyWords === 4
    eachState(states, rowCount, (reader, row) => {
      for (let count = reader.varint(); count > 0; count--) {
        const isNew = isWide ? set.add(groups[row], reader.u32(), reader.u32(), reader.u32(), reader.u32())
          : set.add(groups[row], reader.u32(), reader.u32())
        if (isNew) counts[groups[row]]++
      }
    })
  }

  exportStates(groupCount: number): StatePayload {
    const numbers = [this.mode, groupCount, this.dictionaryId, this.wordsPerGroup]
    if (this.mode === MODE_BITS) {
      return { arrays: [(this.bits as Uint32Array).slice(0, groupCount * this.wordsPerGroup)], numbers }
    }
    return { arrays: this.set === null ? [] : [this.set.exportEntries()], numbers }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const [mode, groupCount, dictionaryId, words] = payload.numbers
    if (mode === MODE_EMPTY) return
    const from = payload.arrays[0] as Uint32Array
    this.rowsSeen += from.length
    if (mode === MODE_KEYS) {
      this.toKeys()
      this.mergeEntries(from, this.keyWords, toGroup)
      return
    }
    if (this.mode !== MODE_EMPTY && (this.mode === MODE_KEYS || this.dictionaryId !== dictionaryId)) {
      this.toKeys()
      this.mergeForeignCodes(mode, from, words, groupCount, dictionaryId, toGroup)
      return
    }
    this.dictionaryId = dictionaryId
    this.rowsSeen = Math.max(this.rowsSeen, (this.groupCount * words * 4) / BITMAP_BYTES_PER_ROW)
    if (mode === MODE_BITS) {
      this.makeRoomForCodes(words * 32)
      this.mergeBits(from, words, groupCount, toGroup)
      return
    }
    if (this.mode === MODE_BITS) {
      this.mergeCodesIntoBits(from, toGroup)
      return
    }
    if (this.mode === MODE_EMPTY) {
      this.mode = MODE_CODES
      this.set = new KeySet(1, this.context.account)
    }
    this.mergeEntries(from, 1, toGroup)
  }

  private mergeBits(
    from: Uint32Array, words: number, groupCount: number, toGroup: Uint32Array): void {
    const counts = this.counts as Uint32Array
    for (let group = 0; group < groupCount; group++) {
      const to = toGroup[group]
      for (let w = 0; w < words; w++) {
        const theirs = from[group * words + w]
        if (theirs === 0) continue
        if (this.mode === MODE_BITS) {
          const bits = this.bits as Uint32Array
          const at = to * this.wordsPerGroup + w
          counts[to] += bitCount(theirs & ~bits[at])
          bits[at] |= theirs
        } else {
          for (let rest = theirs; rest !== 0; rest &= rest - 1) {
            const code = w * 32 + 31 - Math.clz32(rest & -rest)
            if ((this.set as KeySet).add(to, code)) counts[to]++
          }
        }
      }
    }
  }

  /** `from`: (group, code) pairs. */
  private mergeCodesIntoBits(from: Uint32Array, toGroup: Uint32Array): void {
    let largest = 0
    for (let at = 1; at < from.length; at += 2) if (from[at] > largest) largest = from[at]
    this.makeRoomForCodes(largest + 1)
    if (this.mode !== MODE_BITS) {
      this.mergeEntries(from, 1, toGroup)
      return
    }
    const counts = this.counts as Uint32Array
    const bits = this.bits as Uint32Array
    for (let at = 0; at < from.length; at += 2) {
      const to = toGroup[from[at]]
      const word = to * this.wordsPerGroup + (from[at + 1] >>> 5)
      const bit = 1 << (from[at + 1] & 31)
      if ((bits[word] & bit) === 0) counts[to]++
      bits[word] |= bit
    }
  }

  private mergeEntries(from: Uint32Array, words: number, toGroup: Uint32Array): void {
    const counts = this.counts as Uint32Array
    const set = this.set as KeySet
    for (let at = 0; at < from.length; at += words + 1) {
      const to = toGroup[from[at]]
      const isNew = words === 1 ? set.add(to, from[at + 1])
        : words === 2 ? set.add(to, from[at + 1], from[at + 2])
          : set.add(to, from[at + 1], from[at + 2], from[at + 3], from[at + 4])
      if (isNew) counts[to]++
    }
  }

  /** Codes of a dictionary that ours are not of: by their bytes. */
  private mergeForeignCodes(
    mode: number, from: Uint32Array, words: number, groupCount: number, dictionaryId: number,
    toGroup: Uint32Array,
  ): void {
    const dictionary = this.dictionaryOf(dictionaryId)
    const key = new Uint32Array(4)
    const counts = this.counts as Uint32Array
    const add = (group: number, code: number): void => {
      const bytes = dictionary.bytesOf(code)
      hash128(bytes, 0, bytes.length, key)
      const to = toGroup[group]
      if ((this.set as KeySet).add(to, key[0], key[1], key[2], key[3])) counts[to]++
    }
    if (mode === MODE_CODES) {
      for (let at = 0; at < from.length; at += 2) add(from[at], from[at + 1])
      return
    }
    for (let at = 0; at < groupCount * words; at++) {
      const group = Math.floor(at / words)
      for (let rest = from[at]; rest !== 0; rest &= rest - 1) {
        add(group, (at - group * words) * 32 + 31 - Math.clz32(rest & -rest))
      }
    }
  }

  finish(groupCount: number): Vector {
    const out = this.context.account.f64(groupCount)
    out.set((this.counts as Uint32Array).subarray(0, groupCount))
    return numberVector(UINT64, out)
  }
}

/** Sets bit (group, code) of every row and counts the newly set ones per group. */
function setBits(
  bits: Uint32Array, wordsPerGroup: number, groups: Uint32Array, codes: Uint32Array,
  isConst: boolean, rowCount: number, counts: Uint32Array,
): void {
  for (let row = 0; row < rowCount; row++) {
    const group = groups[row]
    const code = codes[isConst ? 0 : row]
    const at = group * wordsPerGroup + (code >>> 5)
    const bit = 1 << (code & 31)
    const old = bits[at]
    if ((old & bit) === 0) {
      bits[at] = old | bit
      counts[group]++
    }
  }
}

function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const ARGUMENTS_MAX = 16

const exact = (name: string, isCaseInsensitive: boolean): AggregateDef => ({
  name, isCaseInsensitive, arity: [1, ARGUMENTS_MAX], nulls: 'skip', keepsNonNullable: true,
  returnType: (args) => {
    if (args.some((arg) => arg.id === 'AggregateFunction')) {
      throw new FunctionError(`Aggregate ${name} does not take ${args[0].name}`)
    }
    return UINT64
  },
  create: (args, _parameters, context) => new DistinctStates(args, context),
})

/** countDistinct is count with -Distinct to ClickHouse, which keeps its own name in types. */
export const UNIQ_EXACT: readonly AggregateDef[] = [
  exact('uniqExact', false), exact('countDistinct', true)]
