// Key columns of GROUP BY, DISTINCT, IN as 32-bit words: equal keys have equal words. Strings by their
// code, 64-bit values as two words, NULL as a bit of its own, arrays and tuples by a number that is
// given to each distinct value.
// Invariant: a code keeps its meaning for the life of the table; when rows come with another
// dictionary, the words of known groups are rewritten once (`recode`).

import { bareType, isNullable, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, CodesVector, Dictionary, Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { ByteBuilder } from '../../functions/values/byte-builder.ts'
import { canonicalDocuments } from '../../functions/base/json-paths.ts'
import { writeKeyText } from '../../functions/values/text.ts'
import { asBytes, bigVector, newBigs, newNumbers, numberVector, pick, take } from '../../functions/values/vectors.ts'
import { keepVector } from '../blocks/block-codec.ts'
import { QueryStrings, stringAt } from '../dictionaries/query-strings.ts'

/** One word column of a block, and how many low bits its values need. `missing`: 1 where no group can
 * have the value (only when nothing is entered). */
export type Word = {
  readonly values: Uint32Array; readonly bits: number; readonly missing?: Uint8Array
}

/** The meaning of words that are values themselves. */
export const VALUES = -1

const bitsOf = (value: number): number => 32 - Math.clz32(value)

function bitsUsed(values: Uint32Array, count: number, context: EvalContext): number {
  let all = 0
  if (values.buffer === context.account.work.buffer) {
    return bitsOf(context.kernels.orWords(values.byteOffset, count) >>> 0)
  }
  for (let i = 0; i < count; i++) all |= values[i]
  return bitsOf(all >>> 0)
}

/** What a key column does; `recode` maps the words of known groups when codes change. */
export interface KeyColumn {
  /** Words a value takes, the NULL bit included. */
  readonly wordCount: number
  /** What the words speak of: VALUES, or codes of the shared dictionary of this number; null: of
   * something that only this column knows. */
  readonly meaning: number | null
  /** Whether words of that meaning can be entered as they are. */
  takesMeaning(meaning: number): boolean
  /** Such words will come, from a column of the same type. */
  setMeaning(meaning: number, context: EvalContext): void
  /** Words of a block's rows. `isNew`: unseen values may be entered; else they are `missing`. */
  words(vector: Vector, rowCount: number, isNew: boolean, account: MemoryAccount): Word[]
  /** Set by words() when codes of known groups must be rewritten; taken once. */
  takeRecoding(): ((code: number) => number) | null
  /** The column again, from the words of groups. */
  vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector
}

export function keyColumn(type: DataType, context: EvalContext, likely?: () => number): KeyColumn {
  const bare = bareType(type)
  if (isLarge(bare)) return new StringKey(type, context, likely)
  switch (bare.id) {
    case 'String': case 'FixedString': case 'UUID': case 'IPv6':
      return new StringKey(type, context, likely)
    case 'JSON': return new DocumentKey(type, context)
    case 'Dynamic': return new PathKey(type, context)
    case 'Array': case 'Map': case 'Tuple': case 'Variant': return new ValueKey(type, context)
    case 'Float64': case 'Int64': case 'UInt64': case 'DateTime64': case 'Time64': case 'Decimal': case 'Interval':
      return new WideKey(type, context)
    default: return new NarrowKey(type, context)
  }
}

function nullWord(
  vector: Vector, rowCount: number, account: MemoryAccount): { word: Word; nulls: Uint8Array | null } {
  const values = account.u32(rowCount)
  const { nulls } = vector
  if (nulls === null) return { word: { values: values.fill(0), bits: 0 }, nulls: null }
  if (vector.isConst) values.fill(nulls[0])
  else for (let i = 0; i < rowCount; i++) values[i] = nulls[i]
  return { word: { values, bits: 1 }, nulls }
}

/** Adds the NULL bit; under NULL the other words are 0. */
function withNulls(
  type: DataType, vector: Vector, words: readonly Word[], rowCount: number, account: MemoryAccount,
): Word[] {
  if (!isNullable(type)) return [...words]
  const { word, nulls } = nullWord(vector, rowCount, account)
  if (nulls === null) return [...words, word]
  const cleared = words.map(({ values, bits, missing }) => {
    const copy = account.u32(rowCount)
    for (let i = 0; i < rowCount; i++) copy[i] = word.values[i] === 1 ? 0 : values[i]
    return { values: copy, bits, missing }
  })
  return [...cleared, word]
}

function nullsFrom(
  type: DataType, words: readonly Uint32Array[], count: number, account: MemoryAccount,
): Uint8Array | null {
  if (!isNullable(type)) return null
  const flags = words[words.length - 1]
  const nulls = account.u8(count)
  let any = 0
  for (let i = 0; i < count; i++) {
    nulls[i] = flags[i]
    any |= flags[i]
  }
  return any === 1 ? nulls : null
}

/** Numbers of up to 32 bits. */
class NarrowKey implements KeyColumn {
  readonly wordCount: number
  private readonly type: DataType
  private readonly context: EvalContext

  constructor(type: DataType, context: EvalContext) {
    this.type = type
    this.context = context
    this.wordCount = isNullable(type) ? 2 : 1
  }

  words(vector: Vector, rowCount: number, _isNew: boolean, account: MemoryAccount): Word[] {
    const { values, isConst } = vector as Vector & { values: NumberArray }
    const bits = bareType(this.type).id === 'Float32'
      ? new Uint32Array(values.buffer, values.byteOffset, values.length) : values
    const mask = values.BYTES_PER_ELEMENT === 1 ? 0xff : values.BYTES_PER_ELEMENT === 2 ? 0xffff : -1
    let out: Uint32Array
    if (isConst) out = account.u32(rowCount).fill((bits[0] & mask) >>> 0)
    else if (bits instanceof Uint32Array) out = bits
    else {
      out = account.u32(rowCount)
      const { BYTES_PER_ELEMENT: bytes } = values
      if (bytes < 4 && values.buffer === account.work.buffer) {
        this.context.kernels.widenWords(values.byteOffset, rowCount, bytes, out.byteOffset)
      } else for (let i = 0; i < rowCount; i++) out[i] = bits[i] & mask
    }
    const word = { values: out, bits: bitsUsed(out, rowCount, this.context) }
    return withNulls(this.type, vector, [word], rowCount, account)
  }

  takeRecoding(): null { return null }

  get meaning(): number { return VALUES }

  takesMeaning(): boolean { return true }

  setMeaning(): void {
    // Values mean the same everywhere.
  }

  vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector {
    const bare = bareType(this.type)
    const values = newNumbers(bare, count, account)
    if (bare.id === 'Float32') {
      new Uint32Array(values.buffer, values.byteOffset, count).set(words[0].subarray(0, count))
    } else {
      for (let i = 0; i < count; i++) values[i] = words[0][i] // wraps into signed types by itself
    }
    return numberVector(this.type, values, nullsFrom(this.type, words, count, account))
  }
}

const HIGH = 4294967296

/** Doubles by their bits; 64-bit integers (as doubles while safe, else as bigints) by value. */
class WideKey implements KeyColumn {
  readonly wordCount: number
  private readonly type: DataType
  private readonly isFloat: boolean
  private readonly context: EvalContext

  constructor(type: DataType, context: EvalContext) {
    this.type = type
    this.context = context
    this.isFloat = bareType(type).id === 'Float64'
    this.wordCount = isNullable(type) ? 3 : 2
  }

  words(vector: Vector, rowCount: number, _isNew: boolean, account: MemoryAccount): Word[] {
    const low = account.u32(rowCount)
    const high = account.u32(rowCount)
    const count = vector.isConst ? 1 : rowCount
    if (vector.kind === 'big' || this.isFloat) {
      const { values } = vector as Vector & { values: Float64Array }
      const pairs = new Uint32Array(values.buffer, values.byteOffset, count * 2)
      for (let i = 0; i < count; i++) {
        low[i] = pairs[2 * i]
        high[i] = pairs[2 * i + 1]
      }
    } else {
      const { values } = vector as Vector & { values: NumberArray }
      for (let i = 0; i < count; i++) {
        const value = values[i]
        low[i] = value >>> 0
        high[i] = Math.floor(value / HIGH) >>> 0
      }
    }
    if (vector.isConst) {
      low.fill(low[0], 0, rowCount)
      high.fill(high[0], 0, rowCount)
    }
    return withNulls(this.type, vector, [
      { values: low, bits: bitsUsed(low, rowCount, this.context) },
      { values: high, bits: bitsUsed(high, rowCount, this.context) },
    ], rowCount, account)
  }

  takeRecoding(): null { return null }

  get meaning(): number { return VALUES }

  takesMeaning(): boolean { return true }

  setMeaning(): void {
    // Values mean the same everywhere.
  }

  vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector {
    const [low, high] = words
    const nulls = nullsFrom(this.type, words, count, account)
    const values = account.f64(count)
    if (this.isFloat) {
      const pairs = new Uint32Array(values.buffer, values.byteOffset, count * 2)
      for (let i = 0; i < count; i++) {
        pairs[2 * i] = low[i]
        pairs[2 * i + 1] = high[i]
      }
      return numberVector(this.type, values, nulls)
    }
    const isUnsigned = bareType(this.type).id === 'UInt64'
    let isSafe = true
    for (let i = 0; i < count; i++) {
      values[i] = (isUnsigned ? high[i] : high[i] | 0) * HIGH + low[i]
      isSafe = isSafe && Number.isSafeInteger(values[i])
    }
    if (isSafe) return numberVector(this.type, values, nulls)
    const bigs = newBigs(bareType(this.type), count, account)
    for (let i = 0; i < count; i++) {
      bigs[i] = (BigInt(isUnsigned ? high[i] : high[i] | 0) << 32n) | BigInt(low[i])
    }
    return bigVector(this.type, bigs, nulls)
  }
}

/** Places for codes of another dictionary, for each row asked so far. */
const CODES_A_ROW_ASKED = 4

/** Strings: codes of the first dictionary seen, while all rows come with it; else of a dictionary of
 * the query's own. */
class StringKey implements KeyColumn {
  readonly wordCount: number
  private readonly type: DataType
  private readonly context: EvalContext
  private dictionary: Dictionary | null = null
  private own: QueryStrings | null = null
  private known: { readonly of: number; readonly size: number; readonly codes: Uint32Array } | null = null
  private rowsAsked = 0
  private recoding: ((code: number) => number) | null = null
  private readonly likely: (() => number) | undefined

  constructor(type: DataType, context: EvalContext, likely?: () => number) {
    this.type = type
    this.context = context
    this.likely = likely
    this.wordCount = isNullable(type) ? 2 : 1
  }

  words(vector: Vector, rowCount: number, isNew: boolean, account: MemoryAccount): Word[] {
    const strings = vector as BytesVector | CodesVector
    if (isNew) this.choose(strings)
    if (!isNew) return withNulls(this.type, vector, [this.found(strings, rowCount, account)], rowCount, account)
    const codes = this.codesOf(strings, rowCount, account)
    // Codes of a foreign dictionary stay below its size; own ones grow: a pass finds what is used.
    const bits = this.own === null && this.dictionary !== null
      ? bitsOf(Math.max(1, this.dictionary.size) - 1) : bitsUsed(codes, rowCount, this.context)
    return withNulls(this.type, vector, [{ values: codes, bits }], rowCount, account)
  }

  private choose(vector: BytesVector | CodesVector): void {
    if (this.own !== null) return
    if (vector.kind === 'codes' && isLasting(vector.dictionary)) {
      this.dictionary ??= vector.dictionary
      if (this.dictionary.id === vector.dictionary.id) return
    }
    const before = this.dictionary
    const own = new QueryStrings(this.context, this.likely)
    this.own = own
    this.dictionary = own
    if (before !== null) {
      this.recoding = (code) => {
        const bytes = before.bytesOf(code)
        return own.intern(bytes, 0, bytes.length)
      }
    }
  }

  private codesOf(
    vector: BytesVector | CodesVector, rowCount: number, account: MemoryAccount): Uint32Array {
    if (vector.kind === 'codes' && vector.dictionary.id === this.dictionary?.id) {
      return vector.isConst ? account.u32(rowCount).fill(vector.codes[0]) : vector.codes
    }
    const codes = account.u32(rowCount)
    ;(this.own as QueryStrings).internVector(vector, codes)
    return codes
  }

  /** Codes of strings that are known, and a mark where they are not. */
  private found(
    vector: BytesVector | CodesVector, rowCount: number, account: MemoryAccount): Word {
    const { dictionary } = this
    const isSame = vector.kind === 'codes' && vector.dictionary.id === dictionary?.id
    if (isSame && !vector.isConst) {
      return { values: vector.codes, bits: bitsUsed(vector.codes, rowCount, this.context) }
    }
    const values = account.u32(rowCount)
    const missing = account.u8(rowCount).fill(0)
    const count = vector.isConst ? 1 : rowCount
    this.rowsAsked += rowCount
    const known = isSame || vector.kind !== 'codes' || vector.isConst ? null : this.knownCodes(vector.dictionary)
    for (let i = 0; i < count; i++) {
      const code = isSame ? vector.codes[i]
        : known !== null ? this.translated(known, vector as CodesVector, i)
          : dictionary?.find(stringAt(vector, i)) ?? -1
      values[i] = Math.max(0, code)
      if (code < 0) missing[i] = 1
    }
    if (vector.isConst) {
      values.fill(values[0])
      missing.fill(missing[0])
    }
    return { values, bits: bitsUsed(values, rowCount, this.context), missing }
  }

  /** What codes of another dictionary are here, as far as they were asked: code + 2, 1 none, 0 unknown.
   * Null: it is as large as rows are many, or may change its codes. */
  private knownCodes(other: Dictionary): Uint32Array | null {
    const size = this.dictionary?.size ?? 0
    // A few rows are not worth a place for every code.
    if (!isLasting(other) || other.size > this.rowsAsked * CODES_A_ROW_ASKED) return null
    if (this.known === null || this.known.of !== other.id || this.known.size !== size
      || this.known.codes.length < other.size) {
      if (this.known !== null) this.context.account.free(this.known.codes.byteOffset)
      this.known = { of: other.id, size, codes: this.context.account.u32(Math.max(1, other.size)).fill(0) }
    }
    return this.known.codes
  }

  private translated(known: Uint32Array, vector: CodesVector, row: number): number {
    const code = vector.codes[row]
    if (known[code] === 0) known[code] = (this.dictionary?.find(stringAt(vector, row)) ?? -1) + 2
    return known[code] - 2
  }

  get meaning(): number | null {
    const id = this.dictionary?.id ?? -1
    return this.own === null && id >= 0 ? id : null
  }

  takesMeaning(meaning: number): boolean {
    return this.own === null && (this.dictionary === null || this.dictionary.id === meaning)
  }

  setMeaning(meaning: number, { dictionaryById }: EvalContext): void {
    this.dictionary ??= dictionaryById?.(meaning) ?? null
    if (this.dictionary?.id !== meaning) throw new Error(`exec: dictionary ${meaning} is not at hand`)
  }

  takeRecoding(): ((code: number) => number) | null {
    const { recoding } = this
    this.recoding = null
    return recoding
  }

  vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector {
    const codes = account.u32(count)
    codes.set(words[0].subarray(0, count))
    return {
      kind: 'codes', type: this.type, length: count, isConst: false,
      nulls: nullsFrom(this.type, words, count, account), codes,
      dictionary: this.dictionary ?? new QueryStrings(this.context),
    }
  }
}

/** One document may be written in several ways: its key is the way in which it is shown. */
class DocumentKey extends StringKey {
  override words(vector: Vector, rowCount: number, isNew: boolean, account: MemoryAccount): Word[] {
    return super.words(canonicalDocuments(vector, account), rowCount, isNew, account)
  }

  /** Documents lie as bytes, never as codes. */
  override vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector {
    return asBytes(super.vectorOf(words, count, account), account)
  }
}

/** Values of a path without a type: a row that has none is NULL, though no such type is Nullable. As a key it
 * is the empty text, which no value is written as. */
class PathKey extends DocumentKey {
  override words(vector: Vector, rowCount: number, isNew: boolean, account: MemoryAccount): Word[] {
    const canonical = canonicalDocuments(vector, account)
    return super.words({ ...canonical, nulls: null }, rowCount, isNew, account)
  }

  override vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector {
    const texts = asBytes(super.vectorOf(words, count, account), account)
    const nulls = account.u8(count)
    for (let i = 0; i < count; i++) nulls[i] = texts.offsets[i + 1] === texts.offsets[i] ? 1 : 0
    return { ...texts, nulls: nulls.includes(1) ? nulls : null }
  }
}

/** Dictionaries that live as long as the query: the shared ones and the query's own. */
const isLasting = (dictionary: Dictionary): boolean =>
  dictionary.id >= 0 || dictionary instanceof QueryStrings

/** Arrays, maps, tuples, Variants: each distinct value gets a number by its text, and is kept once. */
class ValueKey implements KeyColumn {
  readonly wordCount = 1
  private readonly type: DataType
  private readonly context: EvalContext
  private readonly texts: QueryStrings
  private readonly kept: Vector[] = []
  private readonly places: { chunk: Uint32Array[]; rows: Uint32Array[] } = { chunk: [], rows: [] }

  constructor(type: DataType, context: EvalContext) {
    this.type = type
    this.context = context
    this.texts = new QueryStrings(context)
  }

  words(vector: Vector, rowCount: number, isNew: boolean, account: MemoryAccount): Word[] {
    const count = vector.isConst ? 1 : rowCount
    const out = new ByteBuilder(count, account)
    for (let row = 0; row < count; row++) {
      writeKeyText(out, vector, row)
      out.endRow()
    }
    const { bytes, offsets } = out.finish(vector.type, null)
    const codes = account.u32(rowCount)
    const missing = account.u8(rowCount).fill(0)
    const fresh = account.u32(count)
    let freshCount = 0
    for (let row = 0; row < count; row++) {
      const before = this.texts.size
      if (isNew) codes[row] = this.texts.intern(bytes, offsets[row], offsets[row + 1])
      else {
        const found = this.texts.find(bytes.subarray(offsets[row], offsets[row + 1]))
        codes[row] = Math.max(0, found)
        if (found < 0) missing[row] = 1
      }
      if (this.texts.size > before) fresh[freshCount++] = row
    }
    if (freshCount > 0) this.keep(take(vector, fresh, freshCount, account), freshCount)
    if (vector.isConst) {
      codes.fill(codes[0])
      missing.fill(missing[0])
    }
    const bits = bitsUsed(codes, rowCount, this.context)
    return [{ values: codes, bits, missing: isNew ? undefined : missing }]
  }

  private keep(values: Vector, count: number): void {
    const { account } = this.context
    const chunk = account.u32(count).fill(this.kept.length)
    const rows = account.u32(count)
    for (let i = 0; i < count; i++) rows[i] = i
    this.kept.push(keepVector(values, account))
    this.places.chunk.push(chunk)
    this.places.rows.push(rows)
  }

  takeRecoding(): null { return null }

  get meaning(): null { return null }

  takesMeaning(): boolean { return false }

  setMeaning(meaning: number): void { throw new Error(`exec: these keys do not mean ${meaning}`) }

  vectorOf(words: readonly Uint32Array[], count: number, account: MemoryAccount): Vector {
    const which = account.u32(count)
    const rows = account.u32(count)
    const chunkOf = account.u32(this.texts.size)
    const rowOf = account.u32(this.texts.size)
    let code = 0
    this.places.chunk.forEach((chunk, i) => {
      chunkOf.set(chunk, code)
      rowOf.set(this.places.rows[i], code)
      code += chunk.length
    })
    for (let i = 0; i < count; i++) {
      which[i] = chunkOf[words[0][i]]
      rows[i] = rowOf[words[0][i]]
    }
    if (this.kept.length === 0) throw new Error('exec: keys without a value')
    return pick(this.kept, which, rows, count, this.type, account)
  }
}

