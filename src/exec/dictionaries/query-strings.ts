// A dictionary of one query in one worker: strings that expressions made, or that were stored as
// plain bytes, by number, so that grouping and comparing stay on codes.
//
// While all strings are UUIDs in their text form, or numbers between the same two texts, they are kept as their 16 or
// 4 bytes and found by them (packed-strings.ts); the first other string turns them all into texts, under the same codes.
//
// Invariant: all of it lies in the query's account; codes are dense in order of first appearance.

import { takeStrings } from '../../../storage/codec/take.ts'
import type { SerialShape } from '../../../storage/column/serial-texts.ts'
import { UUID_TEXT_BYTES } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector, CodesVector, Dictionary, Vector } from '../../../storage/column/vector.ts'
import { hashString, isSameBytes } from '../../../storage/kernels/intern.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { hasSpare } from '../../functions/values/state-array.ts'
import { copyBytes, slotOf } from '../../functions/values/vectors.ts'
import { growBytes, growWords } from '../blocks/growing.ts'
import { keptBy, PackedStrings, type Texts } from '../blocks/packed-strings.ts'

/** Fewer rows are interned one by one: making room for a whole block costs more. */
const KERNEL_ROWS_MIN = 32

/** Slots that there are at least for a string, and from how many on they are but doubled. */
const SLOTS_A_STRING = 1.5
const SLOTS_MANY = 2 ** 18

/** From so many slots on there is room for as many strings as are likely: below, growing costs little. */
const LIKELY_FROM = 2 ** 17
/** Of a string beside its own: its offset and its slots. */
const LIKELY_BYTES = 4 + 8 * 2 * SLOTS_A_STRING

const UUID_WORDS = 4
/** Strings that become texts at a time. */
const TEXTS_A_TURN = 8192

// Far from the ids of dictionaries of fresh rows (-1, -2, …); shared ones are positive.
let nextId = -1_000_000_000

/** Codes of another dictionary's strings: code + 1, 0 unknown; how many are known. */
type Translation = { readonly places: Uint32Array; known: number }

export class QueryStrings implements Dictionary {
  readonly id = nextId--
  private readonly account: MemoryAccount
  private count = 0
  private bytes: Uint8Array
  private offsets: Uint32Array
  private slots: Uint32Array // (hash, code + 1): storage/kernels/intern.ts
  private readonly kernels: Kernels
  private readonly context: EvalContext
  /** All strings, while they are no texts yet. */
  private packed: PackedStrings | null = null
  /** By number of another dictionary. */
  private translations: Map<number, Translation> | null = null

  /** How many strings there will be, as far as is known. */
  private readonly likely: () => number

  /** The set lives on the context's account. `likely`: once it has grown large it makes room for so many at
   * once: making room step by step copies and links all of them again and again. */
  constructor(context: EvalContext, likely: () => number = () => 0) {
    this.likely = likely
    const { account, kernels } = context
    this.context = context
    this.account = account
    this.kernels = kernels
    this.bytes = account.u8(1024)
    this.offsets = account.u32(64)
    this.offsets[0] = 0
    this.slots = account.u32(256).fill(0)
  }

  get size(): number { return this.packed?.size ?? this.count }

  /** What the set takes of its account, about. */
  get byteLength(): number {
    return this.bytes.byteLength + this.offsets.byteLength + this.slots.byteLength + (this.packed?.byteLength ?? 0)
  }

  bytesOf(code: number): Uint8Array {
    return this.packed?.bytesOf(code) ?? this.bytes.subarray(this.offsets[code], this.offsets[code + 1])
  }

  lengthOf(code: number): number { return this.packed?.lengthOf(code) ?? this.offsets[code + 1] - this.offsets[code] }

  /** Strings `from` to `to`, end to end, and where they begin: views, valid until the next call. */
  strings(from: number, to: number): Texts {
    return this.packed?.strings(from, to) ?? { bytes: this.bytes, offsets: this.offsets.subarray(from, to + 1) }
  }

  /** By kernels. */
  textsOf(codes: Uint32Array, count: number, account: MemoryAccount): Texts | null {
    const { kernels, packed } = this
    if (!this.isReachable(count, codes) || account.work.buffer !== codes.buffer) return null
    return packed?.textsOf(codes, count, account)
      ?? takeStrings({ bytes: this.bytes, offsets: this.offsets }, codes, count, { account, kernels })
  }

  /** As Dictionary has it. */
  packedOf(vector: CodesVector, account: MemoryAccount): BytesVector | null {
    const { packed } = this
    return packed === null || vector.isConst || !this.isReachable(vector.length, vector.codes) ? null : packed.vectorOf(vector, account)
  }

  find(bytes: Uint8Array): number {
    return this.packed?.find(bytes) ?? this.findHashed(bytes, 0, bytes.length, hashString(bytes, 0, bytes.length))
  }

  /** The code of bytes[start .. end), entered when new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    if (this.packed !== null) {
      const code = this.packed.intern(bytes.subarray(start, end))
      if (code >= 0) return code
      this.toTexts()
    }
    const hash = hashString(bytes, start, end)
    const found = this.findHashed(bytes, start, end, hash)
    return found >= 0 ? found : this.append(bytes, start, end, hash)
  }

  /** Codes of this dictionary for all slots of a string vector, into `out`. */
  internVector(vector: BytesVector | CodesVector, out: Uint32Array): void {
    const count = vector.isConst ? 1 : vector.length
    const packed = keptBy(vector)
    if (packed !== null && this.isReachable(count, packed.values, out) && this.mayKeep(packed.shape)) {
      this.packedFor(packed.shape).enter(packed.values, packed.most, count, out)
    } else if (vector.kind === 'bytes') {
      this.internBytes(vector, count, out)
    } else if (vector.dictionary.id === this.id) {
      out.set(vector.codes.subarray(0, count))
    } else {
      this.translate(vector, count, out)
    }
    if (vector.isConst) out.fill(out[0], 1, vector.length)
  }

  /** The same strings as codes of this dictionary. */
  codesOf(vector: Vector & { kind: 'bytes' | 'codes' }, account: MemoryAccount): CodesVector {
    const codes = account.u32(Math.max(1, vector.length))
    this.internVector(vector, codes)
    return {
      kind: 'codes', type: vector.type, length: vector.length, isConst: vector.isConst,
      nulls: vector.nulls, codes, dictionary: this,
    }
  }

  /** All strings so far are kept as those of this shape (null: UUIDs) are, or there is none yet. */
  private mayKeep(shape: SerialShape | null): boolean { return this.packed?.takes(shape) ?? this.count === 0 }

  private packedFor(shape: SerialShape | null): PackedStrings {
    return this.packed ??= new PackedStrings(shape, this.context, this.likely)
  }

  /** So many rows are worth a kernel, which can reach all of the arrays. */
  private isReachable(count: number, ...arrays: readonly ArrayBufferView[]): boolean {
    const { buffer } = this.account.work
    return count >= KERNEL_ROWS_MIN && arrays.every((array) => array.buffer === buffer)
  }

  private internBytes({ bytes, offsets }: BytesVector, count: number, out: Uint32Array): void {
    const { account, kernels } = this
    if (!this.isReachable(count, bytes, offsets, out)) {
      for (let i = 0; i < count; i++) out[i] = this.intern(bytes, offsets[i], offsets[i + 1])
      return
    }
    if (this.internUuids({ bytes, offsets }, count, out)) return
    const used = this.offsets[this.count]
    this.bytes = growBytes(account, this.bytes, used, used + offsets[count] - offsets[0])
    this.offsets = growWords(account, this.offsets, this.count + 1, this.count + count + 1)
    this.growSlots(this.count + count)
    this.count = kernels.internStrings(
      offsets.byteOffset, bytes.byteOffset, count, this.slots.byteOffset, this.slots.length / 2 - 1,
      this.offsets.byteOffset, this.bytes.byteOffset, this.count, out.byteOffset)
  }

  /** False: not all of them are UUIDs, and nothing was done but that all strings are texts now. */
  private internUuids(
    { bytes, offsets }: Pick<BytesVector, 'bytes' | 'offsets'>, count: number, out: Uint32Array): boolean {
    const { account, kernels } = this
    if (!this.mayKeep(null)) {
      this.toTexts()
      return false
    }
    const keys = account.u32(count * UUID_WORDS)
    const isAll = offsets[count] - offsets[0] === count * UUID_TEXT_BYTES
      && kernels.packUuids(offsets.byteOffset, bytes.byteOffset, count, keys.byteOffset) === 1
    if (isAll) this.packedFor(null).enter(keys, 0, count, out)
    else this.toTexts()
    account.free(keys.byteOffset)
    return isAll
  }

  private toTexts(): void {
    const { packed } = this
    if (packed === null) return
    this.packed = null
    for (let from = 0; from < packed.size; from += TEXTS_A_TURN) {
      const count = Math.min(TEXTS_A_TURN, packed.size - from)
      const { bytes, offsets } = packed.strings(from, from + count)
      for (let i = 0; i < count; i++) this.append(bytes, offsets[i], offsets[i + 1], hashString(bytes, offsets[i], offsets[i + 1]))
    }
    packed.free()
  }

  /** What is known of a dictionary's codes, with room for all of them. */
  private translationOf({ id, size }: Dictionary): Translation {
    const translations = this.translations ??= new Map()
    const before = translations.get(id)
    if (before !== undefined && before.places.length >= size) return before
    const places = this.account.u32(size + (size >>> 2) + 1).fill(0)
    if (before !== undefined) {
      places.set(before.places)
      this.account.free(before.places.byteOffset)
    }
    const translation = { places, known: before?.known ?? 0 }
    translations.set(id, translation)
    return translation
  }

  private translate(vector: CodesVector, count: number, out: Uint32Array): void {
    const { codes, dictionary } = vector
    const { size } = dictionary
    const translation = this.translationOf(dictionary)
    const { places } = translation
    // Once all strings of the dictionary are known, no row needs a look.
    for (let i = 0; i < count && translation.known < size; i++) {
      const code = codes[i]
      if (places[code] !== 0) continue
      const bytes = dictionary.bytesOf(code)
      places[code] = this.intern(bytes, 0, bytes.length) + 1
      translation.known++
    }
    const { buffer } = this.account.work
    if (codes.buffer === buffer && out.buffer === buffer) {
      this.kernels.placesOf(codes.byteOffset, count, places.byteOffset, out.byteOffset)
    } else for (let i = 0; i < count; i++) out[i] = places[codes[i]] - 1
  }

  private findHashed(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { slots } = this
    const mask = slots.length / 2 - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = slots[2 * slot + 1] - 1
      if (code < 0) return -1
      if (slots[2 * slot] === hash && this.isEqual(code, bytes, start, end)) return code
    }
  }

  private isEqual(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[code]
    return this.offsets[code + 1] - from === end - start
      && isSameBytes(this.bytes, from, bytes, start, end - start)
  }

  private append(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const code = this.count
    const from = this.offsets[code]
    this.bytes = growBytes(this.account, this.bytes, from, from + end - start)
    this.offsets = growWords(this.account, this.offsets, code + 1, code + 2)
    this.growSlots(code + 1)
    copyBytes(bytes, start, this.bytes, from, end - start)
    this.offsets[code + 1] = from + end - start
    put(this.slots, hash, code)
    this.count++
    return code
  }

  /** Slots for `count` strings. The old ones go first: of millions of strings both would be most of it. */
  private growSlots(count: number): void {
    const { account, kernels } = this
    let slots = this.slots.length / 2
    if (count * SLOTS_A_STRING < slots) return
    const likely = slots < LIKELY_FROM ? 0 : this.likely()
    const bytes = Math.ceil(this.bytes.length / count * likely)
    const isLikely = likely > count && hasSpare(account, 2 * (bytes + likely * LIKELY_BYTES))
    if (isLikely) {
      this.bytes = growBytes(account, this.bytes, this.offsets[this.count], bytes)
      this.offsets = growWords(account, this.offsets, this.count + 1, likely + 1)
    }
    const wanted = isLikely ? likely : count
    while (wanted * SLOTS_A_STRING >= slots) slots *= slots < SLOTS_MANY ? 4 : 2
    account.free(this.slots.byteOffset)
    this.slots = account.u32(slots * 2).fill(0)
    kernels.linkStrings(
      this.offsets.byteOffset, this.bytes.byteOffset, this.count, this.slots.byteOffset, slots - 1)
  }
}

function put(slots: Uint32Array, hash: number, code: number): void {
  const mask = slots.length / 2 - 1
  let slot = hash & mask
  while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
  slots[2 * slot] = hash
  slots[2 * slot + 1] = code + 1
}

/** True where rows are strings by number or bytes. */
export const isStrings = (vector: Vector): vector is BytesVector | CodesVector =>
  vector.kind === 'bytes' || vector.kind === 'codes'

/** Compares two strings by their bytes as ClickHouse orders them. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

/** Bytes of a row of a string vector. */
export function stringAt(vector: BytesVector | CodesVector, row: number): Uint8Array {
  const slot = slotOf(vector, row)
  return vector.kind === 'codes' ? vector.dictionary.bytesOf(vector.codes[slot])
    : vector.bytes.subarray(vector.offsets[slot], vector.offsets[slot + 1])
}
