// Columns to one image: strings sorted into dictionaries, rows cut into blocks, zone maps, postings.
// The same bytes serve in the log, in memory and as a segment file.

import { crc32c } from '../bytes/crc32c.ts'
import { encodeBlock } from '../codec/encode.ts'
import { bareType, type DataType } from '../column/data-type.ts'
import { BLOCK_ROWS_MAX, type CodesVector, type Vector } from '../column/vector.ts'
import { encodeDictionary, sortStrings, type Strings } from './dictionary.ts'
import { encodeFooter, IMAGE_HEAD_BYTES, imageHead, type ColumnFooter, type Section } from './footer.ts'
import { encodePostings } from './postings.ts'
import { zoneOf } from './zones.ts'

export type BuildColumn = { readonly id: number; readonly name: string; readonly type: DataType; readonly vector: Vector }

export type BuildInput = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly isSorted: boolean
  readonly partition: string
  /** Segments keep postings, parts do not: they are small and short-lived. */
  readonly withPostings: boolean
  /** Vectors of any length, all the same; codes over dictionaries that have bytes and offsets. */
  readonly columns: readonly BuildColumn[]
}

/** Row postings pay while the mean list is shorter than this share of the rows. */
const POSTINGS_SHARE = 1 / 64

/** Sections end to end, each at a multiple of 8. */
class Sections {
  readonly chunks: Uint8Array[] = [imageHead()]
  private at = IMAGE_HEAD_BYTES

  add(bytes: Uint8Array): Section {
    const section: Section = [this.at, bytes.length, crc32c(bytes)]
    this.push(bytes)
    const padding = (8 - bytes.length % 8) % 8
    if (padding > 0) this.push(new Uint8Array(padding))
    return section
  }

  push(bytes: Uint8Array): void {
    this.chunks.push(bytes)
    this.at += bytes.length
  }

  whole(): Uint8Array {
    const out = new Uint8Array(this.at)
    let at = 0
    for (const chunk of this.chunks) {
      out.set(chunk, at)
      at += chunk.length
    }
    return out
  }
}

/** The image, in ordinary memory. */
export function buildImage(input: BuildInput): Uint8Array {
  const rowCount = input.columns[0]?.vector.length ?? 0
  const sections = new Sections()
  const columns = input.columns.map((column) => {
    if (column.vector.length !== rowCount) throw new Error(`build: column ${column.name} has other rows`)
    return addColumn(sections, column, rowCount, input.withPostings)
  })
  sections.push(encodeFooter({
    tableId: input.tableId, schemaVersion: input.schemaVersion, rowCount, isSorted: input.isSorted,
    partition: input.partition, columns,
  }))
  return sections.whole()
}

function addColumn(sections: Sections, column: BuildColumn, rowCount: number, withPostings: boolean): ColumnFooter {
  const isDictionary = column.vector.kind === 'codes' && isWorthADictionary(column.vector, column.type)
  const sorted = column.vector.kind !== 'codes' ? null
    : isDictionary ? withSortedCodes(column.vector) : null
  const vector = sorted?.vector ?? (column.vector.kind === 'codes' ? asBytes(column.vector) : column.vector)
  const blocks: Section[] = []
  const zones: ReturnType<typeof zoneOf>[] = []
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    blocks.push(sections.add(encodeBlock(vector, from, to)))
    zones.push(zoneOf(vector, from, to))
  }
  let postings: Section | null = null
  const size = sorted?.size ?? 0
  if (withPostings && sorted !== null && size > 1 / POSTINGS_SHARE) {
    postings = sections.add(encodePostings(sorted.vector.codes, sorted.vector.nulls, size))
  }
  return {
    id: column.id, name: column.name, type: column.type.name, blocks, zones, postings,
    dictionary: sorted === null ? null : sections.add(sorted.dictionary), dictionarySize: size,
  }
}

/** Codes over strings that hardly repeat cost more than the strings. */
function isWorthADictionary(vector: CodesVector, type: DataType): boolean {
  if (type.id === 'LowCardinality') return true
  return bareType(type).id === 'String' && (vector.dictionary.size * 2 <= vector.length || vector.length < 64)
}

function stringsOf(vector: CodesVector): Strings {
  const { dictionary } = vector
  if ('bytes' in dictionary && 'offsets' in dictionary) return dictionary as unknown as Strings
  throw new Error('build: a dictionary without its strings at hand')
}

/** The vector over the sorted dictionary of just the strings that its rows use. */
function withSortedCodes(vector: CodesVector): { vector: CodesVector; dictionary: Uint8Array; size: number } {
  const strings = stringsOf(vector)
  const { order, rankOf } = sortStrings(strings)
  const codes = new Uint32Array(vector.length)
  for (let row = 0; row < vector.length; row++) codes[row] = rankOf[vector.codes[row]]
  return { vector: { ...vector, codes }, dictionary: encodeDictionary(strings, order), size: strings.size }
}

function asBytes(vector: CodesVector): Vector {
  const { bytes, offsets } = stringsOf(vector)
  const out = new Uint32Array(vector.length + 1)
  for (let row = 0; row < vector.length; row++) {
    const code = vector.codes[row]
    out[row + 1] = out[row] + offsets[code + 1] - offsets[code]
  }
  const text = new Uint8Array(out[vector.length])
  for (let row = 0; row < vector.length; row++) {
    const code = vector.codes[row]
    text.set(bytes.subarray(offsets[code], offsets[code + 1]), out[row])
  }
  const { type, length, isConst, nulls } = vector
  return { type, length, isConst, nulls, kind: 'bytes', offsets: out, bytes: text }
}
