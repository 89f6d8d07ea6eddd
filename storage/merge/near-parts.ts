// Parts of few rows each, copied as a whole to where kernels reach them, and read a column of all of them by a call or
// two (storage/kernels/parts.ts): a log of small inserts leaves thousands, and opening each, and each of its columns, by
// objects took a start more than their rows.
// Invariant: what a part says that the kernels do not know is read by objects instead, by the caller.

import type { Arena } from '../arena/arena.ts'
import { numberArray, storageOf } from '../codec/arrays.ts'
import { takeWords } from '../codec/take.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { bareType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import { UUID_BYTES } from '../column/uuid-texts.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../column/vector.ts'
import type { ColumnSpec, PartRef, TableMeta } from '../face.ts'
import { PLACE_BYTES } from '../kernels/parts.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { Source } from './sources.ts'
import { rankJoined } from './strings.ts'
import type { UuidRows } from './uuids.ts'

/** Encoded bytes that are worth the copy: of more, each part has rows enough. */
const BYTES_MAX = 16 * 2 ** 20
/** Bytes behind an image that kernels may read, and behind what they fill. */
const SLACK_BYTES = 32
const WORD_BYTES = 4
const PLACE_WORDS = PLACE_BYTES / WORD_BYTES
/** Words of a place. */
const [BLOCK, BLOCK_BYTES, DICTIONARY, , STRINGS, TEXT_BYTES] = [0, 1, 2, 3, 4, 5]

/** The parts of one merge. */
export class NearParts {
  private readonly columns: ReadonlyMap<number, Uint32Array>
  private readonly rows: Uint32Array
  private readonly rowCount: number
  private readonly u8: Uint8Array

  private constructor(columns: ReadonlyMap<number, Uint32Array>, rows: Uint32Array, work: MemoryAccount['work']) {
    this.columns = columns
    this.rows = rows
    this.rowCount = rows.reduce((sum, count) => sum + count, 0)
    this.u8 = work.u8
  }

  /** Copies of the parts in the space's account; null: they are large, or not all of them have one block of each of the
   * table's columns. */
  static of(parts: readonly PartRef[], { columns }: Pick<TableMeta, 'columns'>, arena: Arena, { account, kernels }: EncodeSpace): NearParts | null {
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    if (parts.length < 2 || bytes > BYTES_MAX || parts.some(({ rowCount }) => rowCount > BLOCK_ROWS_MAX)) return null
    const ids = account.u32(columns.length)
    ids.set(columns.map(({ id }) => id))
    const stride = parts.length * PLACE_BYTES
    const places = account.u32(columns.length * parts.length * PLACE_WORDS)
    const rows = account.u32(parts.length)
    const copies = account.u8(bytes + parts.length * 16 + SLACK_BYTES)
    let at = copies.byteOffset
    for (const [index, part] of parts.entries()) {
      const image = arena.bytes(part.address, part.bytes)
      at = ((at + 7) & ~7) + (image.byteOffset & 7) // a copy from shared memory to another place within eight bytes is slow
      new Uint8Array(account.work.buffer, at, part.bytes).set(image)
      rows[index] = kernels.placeColumns(at, part.bytes, ids.byteOffset, columns.length, places.byteOffset + index * PLACE_BYTES, stride)
      if (rows[index] === 0 || rows[index] !== part.rowCount) {
        for (const array of [ids, places, rows, copies]) account.free(array.byteOffset)
        return null
      }
      at += part.bytes
    }
    const words = parts.length * PLACE_WORDS
    return new NearParts(new Map(columns.map(({ id }, index) => [id, places.subarray(index * words, (index + 1) * words)])), rows, account.work)
  }

  /** The blocks of a column without dictionaries; null: it has some. */
  sourcesOf({ id, type: typeText }: ColumnSpec): Source[] | null {
    const places = this.placesOf(id)
    if (this.hasDictionary(places)) return null
    const type = parseDataType(typeText)
    return Array.from(this.rows, (rowCount, part) => {
      const block = this.u8.subarray(wordOf(places, part, BLOCK), wordOf(places, part, BLOCK) + wordOf(places, part, BLOCK_BYTES))
      return { set: { rowCount, blockCount: 1, blockRows: () => rowCount }, reader: { type, distinctCount: -1, codecOf: () => block[0], withBlock: (_, use) => use(block) } }
    })
  }

  /** Bytes of the texts of a String column; null: they are not all strings of dictionaries. */
  textBytesOf({ id }: ColumnSpec): number | null {
    const places = this.placesOf(id)
    let bytes = 0
    for (let part = 0; part < this.rows.length; part++) {
      if (wordOf(places, part, DICTIONARY) === 0) return null
      bytes += wordOf(places, part, TEXT_BYTES)
    }
    return bytes
  }

  /** All rows of a column end to end, as readColumn() has them; null: it is to be read by objects. */
  column({ id, type: typeText }: ColumnSpec, space: EncodeSpace): Vector | null {
    const type = parseDataType(typeText)
    const places = this.placesOf(id)
    const { rowCount } = this
    if (bareType(type).id === 'String') return this.strings(places, type, space)
    const storage = storageOf(type)
    if (storage !== 'u32' && storage !== 'i32') return null
    const values = numberArray(storage, rowCount, space.account)
    if (this.join(places, false, values, space)) return { kind: 'number', type, length: rowCount, isConst: false, nulls: null, values }
    space.account.free(values.byteOffset)
    return null
  }

  /** All rows of a column of nothing but UUIDs; null: it has other texts. */
  uuidsOf({ id }: ColumnSpec, { account, kernels }: EncodeSpace): UuidRows | null {
    const places = this.placesOf(id)
    if (this.hasDictionary(places)) return null
    const bytes = account.u8(this.rowCount * UUID_BYTES)
    if (kernels.joinUuids(places.byteOffset, this.rows.length, this.rows.byteOffset, bytes.byteOffset) === this.rows.length) {
      return { bytes, rowCount: this.rowCount }
    }
    account.free(bytes.byteOffset)
    return null
  }

  private strings(places: Uint32Array, type: Vector['type'], space: EncodeSpace): Vector | null {
    const { account, kernels } = space
    const { rows, rowCount } = this
    let [size, textBytes, sizeMax, textBytesMax] = [0, 0, 0, 0]
    for (let part = 0; part < rows.length; part++) {
      if (wordOf(places, part, DICTIONARY) === 0) return null
      size += wordOf(places, part, STRINGS)
      textBytes += wordOf(places, part, TEXT_BYTES)
      sizeMax = Math.max(sizeMax, wordOf(places, part, STRINGS))
      textBytesMax = Math.max(textBytesMax, wordOf(places, part, TEXT_BYTES))
    }
    const codes = account.u32(rowCount)
    const offsets = account.u32(size + 1)
    const bytes = account.u8(textBytes + SLACK_BYTES)
    const lengths = account.u32(2 * sizeMax + SLACK_BYTES)
    const rests = account.u8(textBytesMax + SLACK_BYTES)
    const isRead = this.join(places, true, codes, space) && isBelow(codes, size, space) && kernels.joinDictionaries(
      places.byteOffset, rows.length, offsets.byteOffset, bytes.byteOffset, textBytes, lengths.byteOffset, rests.byteOffset) === rows.length
    account.free(lengths.byteOffset)
    account.free(rests.byteOffset)
    if (!isRead) {
      for (const array of [codes, offsets, bytes]) account.free(array.byteOffset)
      return null
    }
    const codesBy = (numbers: Uint32Array) => {
      takeWords(numbers, codes, rowCount, codes, space)
      return { codes, nulls: null }
    }
    return rankJoined({ type, rowCount, sourceCount: rows.length, strings: { size, bytes, offsets }, codesBy }, space)
  }

  private join(places: Uint32Array, isCodes: boolean, target: ArrayBufferView, { kernels }: EncodeSpace): boolean {
    const { rows } = this
    return kernels.joinWords(places.byteOffset, rows.length, rows.byteOffset, isCodes ? 1 : 0, target.byteOffset) === rows.length
  }

  private placesOf(id: number): Uint32Array { return this.columns.get(id) as Uint32Array } // of() has found all

  private hasDictionary(places: Uint32Array): boolean {
    for (let part = 0; part < this.rows.length; part++) if (wordOf(places, part, DICTIONARY) !== 0) return true
    return false
  }
}

const wordOf = (places: Uint32Array, part: number, word: number): number => places[part * PLACE_WORDS + word]

/** Whether all words are numbers of `size` strings: kernels check none. */
function isBelow(words: Uint32Array, size: number, { kernels, survey }: EncodeSpace): boolean {
  kernels.wordEnds(words.byteOffset, words.length, survey.byteOffset)
  return survey[1] < size
}
