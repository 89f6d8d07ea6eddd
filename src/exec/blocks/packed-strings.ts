// Strings of a query's dictionary (query-strings.ts) in fewer bytes than they have, while all of them are UUIDs, or
// numbers below 2^32 between the same two texts (`evt_123`): known and found by their 16 or 4 bytes, put together
// when somebody looks at them.
// Invariant: all of it lies in the account; codes are dense in order of first appearance.

import { serialNumberOf, serialText } from '../../../storage/codec/serial-block.ts'
import { packedOf } from '../../../storage/column/packed-texts.ts'
import { isSameShape, serialsLike, textsOfSerials, type SerialShape } from '../../../storage/column/serial-texts.ts'
import { UUID_TEXT_BYTES, UUID_WORDS, uuidTexts, uuidVector } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector, CodesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { packUuid } from '../../../storage/kernels/keys.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { KeyCodes } from '../../functions/aggregates/key-codes.ts'

/** Strings end to end, and where they begin. */
export type Texts = { readonly bytes: Uint8Array; readonly offsets: Uint32Array }

/** Numbers of four bytes. */
const NUMBERS_END = 2 ** 32

/** Of a vector's strings what they can be kept by. */
type Kept = { readonly shape: SerialShape | null; readonly values: Uint32Array; readonly most: number }

/** null: they are whole, or longer numbers. */
export function keptBy(vector: Vector): Kept | null {
  const packed = packedOf(vector)
  if (packed === null) return null
  const { shape, values } = packed
  return values instanceof Uint32Array ? { shape, values, most: packed.shape === null ? 0 : packed.most } : null
}

export class PackedStrings {
  /** null: they are UUIDs. */
  private readonly shape: SerialShape | null
  /** Words of a key. */
  private readonly width: 1 | 4
  /** What none of the numbers is above. */
  private most = 0
  private readonly keys: KeyCodes
  private readonly context: EvalContext
  /** A key, and a code behind it: made for the first string that comes alone. */
  private madeKey: Uint32Array | null = null
  /** Two texts by turns: a comparison looks at two strings at once. */
  private oneText: Uint8Array | null = null
  private otherText: Uint8Array | null = null
  /** What strings() has made. */
  private someTexts: Texts | null = null

  /** For strings of a shape (null: UUIDs); `likely`: how many there will be, as far as is known. */
  constructor(shape: SerialShape | null, context: EvalContext, likely: () => number) {
    this.shape = shape
    this.width = shape === null ? UUID_WORDS : 1
    this.context = context
    this.keys = new KeyCodes(context, likely, this.width)
  }

  get size(): number { return this.keys.size }

  get byteLength(): number { return this.keys.byteLength }

  /** Whether strings of a vector of this shape (keptBy) can be entered. */
  takes(shape: SerialShape | null): boolean {
    return shape === null || this.shape === null ? shape === this.shape : isSameShape(shape, this.shape)
  }

  /** Fills codes[0..count) with the codes of a vector's strings (keptBy); all lie in work memory. */
  enter(values: Uint32Array, most: number, count: number, codes: Uint32Array): void {
    this.most = Math.max(this.most, most)
    this.keys.enter(values, count, codes)
  }

  /** The code of a string, -1: it is not known. */
  find(text: Uint8Array): number {
    if (!this.toKey(text)) return -1
    const code = this.oneKey.subarray(UUID_WORDS)
    this.keys.find(this.oneKey, 1, code)
    return code[0] | 0
  }

  /** The code of a string, entered when new; -1: it can't be kept here. */
  intern(text: Uint8Array): number {
    if (!this.toKey(text)) return -1
    const code = this.oneKey.subarray(UUID_WORDS)
    this.enter(this.oneKey, this.oneKey[0], 1, code)
    return code[0]
  }

  private get oneKey(): Uint32Array { return this.madeKey ??= this.context.account.u32(UUID_WORDS + 1) }

  /** False: these bytes are no such string. */
  private toKey(text: Uint8Array): boolean {
    if (this.shape === null) return packUuid(text, 0, text.length, this.oneKey)
    const number = serialNumberOf(this.shape, text)
    if (number < 0 || number >= NUMBERS_END) return false
    this.oneKey[0] = number
    return true
  }

  /** A view, valid until the call after the next. */
  bytesOf(code: number): Uint8Array {
    if (this.shape !== null) return serialText(this.shape, this.keys.keyOf(code)[0])
    const { account, kernels } = this.context
    this.oneKey.set(this.keys.keyOf(code))
    const text = this.otherText ?? account.u8(UUID_TEXT_BYTES)
    this.otherText = this.oneText
    this.oneText = text
    kernels.formatUuids(this.oneKey.byteOffset, 1, text.byteOffset)
    return text
  }

  lengthOf(code: number): number { return this.shape === null ? UUID_TEXT_BYTES : this.bytesOf(code).length }

  /** Strings `from` to `to`: valid until the next call. */
  strings(from: number, to: number): Texts {
    const { account } = this.context
    if (this.someTexts !== null) for (const array of [this.someTexts.bytes, this.someTexts.offsets]) account.free(array.byteOffset)
    this.someTexts = this.textsFor(this.keys.keys().subarray(from * this.width, to * this.width), account)
    return this.someTexts
  }

  /** The strings of codes, which lie in work memory, in memory of `account`. */
  textsOf(codes: Uint32Array, count: number, account: MemoryAccount): Texts {
    const values = this.valuesOf(codes, count, account)
    const texts = this.textsFor(values, account)
    account.free(values.byteOffset)
    return texts
  }

  /** The same as a vector that knows what they are kept by. */
  vectorOf({ type, codes, length, nulls }: CodesVector, account: MemoryAccount): BytesVector {
    const { shape, most } = this
    const values = this.valuesOf(codes, length, account)
    return shape === null ? uuidVector({ type, nulls }, values, account) : serialsLike({ type, nulls }, { shape, most }, values, account)
  }

  private textsFor(values: Uint32Array, account: MemoryAccount): Texts {
    const { shape, context: { kernels } } = this
    return shape === null ? uuidTexts(values.byteOffset, values.length / UUID_WORDS, account, kernels)
      : textsOfSerials({ shape, values }, account, kernels)
  }

  /** Gives the memory of its strings back. */
  free(): void { this.keys.free() }

  /** What the values of codes are, as vectors have them. */
  private valuesOf(codes: Uint32Array, count: number, account: MemoryAccount): Uint32Array {
    const { kernels } = this.context
    const known = this.keys.keys()
    const values = account.u32(count * this.width)
    if (this.shape === null) kernels.takeUuids(known.byteOffset, codes.byteOffset, count, values.byteOffset)
    else kernels.takeWords(known.byteOffset, codes.byteOffset, count, values.byteOffset)
    return values
  }
}
