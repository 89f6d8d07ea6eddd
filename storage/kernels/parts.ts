// Images of many small parts (storage/part/footer.ts) that lie in work memory, read column by column: objects of
// JavaScript for each part and column cost a start more than the rows themselves. The references of parts.as.ts.
//
//   place: | block u32 | its bytes | dictionary, 0: none | its bytes | strings | their bytes |   of a column of a part
//
// What they do not know (NULLs, an encoding, more blocks than one) ends a call at that part, and the caller reads by
// objects. Invariants: the images are as they were written, for the log has compared checksums of whole parts; up to
// 32 bytes behind an image are read, and up to 32 behind what is filled are written.

import { ByteReader } from '../bytes/byte-reader.ts'
import { bitsAt, bitsFor, packedBytes } from './bits.ts'
import { lz4Reference } from './lz4.ts'
import { stringsReference } from './strings.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** Bytes of a place. */
export const PLACE_BYTES = 24

export type PartKernels = {
  /** Notes where `count` columns, u32 at `ids`, of an image lie: that of number i at places + i * stride. Answers its
   * rows; 0: it has more than one block, or not all of these columns. */
  readonly placeColumns: (image: number, bytes: number, ids: number, count: number, places: number, stride: number) => number
  /** Words of blocks of whole numbers of 32 bits, end to end, modulo 2^32; `rows`: u32 of each part. `dictionaries`: 1
   * adds to a part's numbers the strings of all parts before it. Answers the parts that were read. */
  readonly joinWords: (places: number, parts: number, rows: number, dictionaries: number, target: number) => number
  /** The 16 bytes of each UUID, end to end. Answers the parts that were read. */
  readonly joinUuids: (places: number, parts: number, rows: number, target: number) => number
  /** The strings of dictionaries end to end: their ends as u32 from offsets + 4 on (0 before), their bytes, at most
   * `bytesMax`. `lengths`: room for two u32 of each string of the largest; `rests`: for the bytes of the longest.
   * Answers the parts that were read. */
  readonly joinDictionaries: (
    places: number, parts: number, offsets: number, bytes: number, bytesMax: number, lengths: number, rests: number) => number
}

const MAGICS = ['PIMS', 'PIMW', 'PIMM']
const TRAILER_BYTES = 12
const BLOCK_ROWS_MAX = 8192
const FLAG_DICTIONARY = 1
const FLAG_NULLS = 4
const CODEC_NUMBERS = 1
const CODEC_UUID = 8
const UUID_BYTES = 16
const UUID_TEXT_BYTES = 36
const CHECK_ROWS = 128

export function partsReference(work: KernelMemory): PartKernels {
  const { u8, u32 } = work
  const { unpackLz4 } = lz4Reference(work)
  const { formatUuids } = stringsReference(work)
  const placeOf = (places: number, part: number): Uint32Array => u32.subarray((places + part * PLACE_BYTES) / 4, (places + (part + 1) * PLACE_BYTES) / 4)

  const placeColumn = (image: number, entry: number, place: Uint32Array): void => {
    const reader = new ByteReader(u8, entry)
    reader.sized()
    if (reader.u8() === 0) reader.sized()
    const flags = reader.u8()
    const block = image + reader.varint()
    const blockBytes = reader.varint()
    if ((flags & FLAG_NULLS) !== 0) reader.varint()
    passEnds(reader)
    const hasDictionary = (flags & FLAG_DICTIONARY) !== 0
    place.set([block, blockBytes, hasDictionary ? block + blockBytes : 0])
    for (let word = 3; word < 6; word++) place[word] = hasDictionary ? reader.varint() : 0
  }

  /** Fills words with the stream of numbers at the reader's place, each plus `add`; false: it is of another way. */
  const readWords = (reader: ByteReader, count: number, words: Uint32Array, add: number): boolean => {
    const way = reader.u8()
    const base = Number(reader.signed()) + add
    if (way === 0) words.fill(base, 0, count)
    else if (way === 1) {
      const width = reader.u8()
      for (let i = 0; i < count; i++) words[i] = base + bitsAt(u8, reader.at, width, i)
      reader.take(packedBytes(count, width))
    } else if (way === 2) {
      const stepMin = Number(reader.signed())
      const stepWidth = reader.u8()
      let value = base
      if (stepWidth > 0) {
        const width = reader.u8()
        value += bitsAt(u8, reader.at, width, 0)
        reader.take(packedBytes(Math.ceil(count / CHECK_ROWS), width))
      }
      for (let i = 0; i < count; i++) {
        if (i > 0) value += stepMin + bitsAt(u8, reader.at, stepWidth, i)
        words[i] = value
      }
      reader.take(packedBytes(count, stepWidth))
    } else if (way === 3) {
      const width = reader.u8()
      const runs = reader.varint()
      const ends = reader.at
      const endWidth = bitsFor(count)
      reader.take(packedBytes(runs, endWidth))
      for (let run = 0, row = 0; run < runs; run++) {
        const end = bitsAt(u8, ends, endWidth, run)
        words.fill(base + bitsAt(u8, reader.at, width, run), row, end)
        row = end
      }
      reader.take(packedBytes(runs, width))
    } else return false
    return true
  }

  return {
    placeColumns(image, bytes, ids, count, places, stride) {
      const end = image + bytes
      if (!MAGICS.includes(Buffer.from(u8.subarray(end - 4, end)).toString('latin1'))) return 0
      const trailer = end - TRAILER_BYTES
      const reader = new ByteReader(u8, trailer - new ByteReader(u8, trailer).u32() + 1) // behind the flags
      reader.varint()
      reader.varint()
      const rows = reader.varint()
      if (rows === 0 || rows > BLOCK_ROWS_MAX) return 0
      reader.sized()
      const columns = Array.from({ length: reader.varint() }, () => [reader.varint(), reader.varint()])
      let entry = reader.at
      let found = 0
      for (const [id, entryBytes] of columns) {
        const index = u32.subarray(ids / 4, ids / 4 + count).indexOf(id)
        if (index >= 0) {
          placeColumn(image, entry, placeOf(places + index * stride, 0))
          found++
        }
        entry += entryBytes
      }
      return found === count ? rows : 0
    },
    joinWords(places, parts, rows, dictionaries, target) {
      for (let part = 0, at = target / 4, first = 0; part < parts; part++) {
        const [block, , , , strings] = placeOf(places, part)
        const count = u32[rows / 4 + part]
        if (u8[block] !== CODEC_NUMBERS || !readWords(new ByteReader(u8, block + 1), count, u32.subarray(at, at + count), first)) return part
        if (dictionaries !== 0) first += strings
        at += count
      }
      return parts
    },
    joinUuids(places, parts, rows, target) {
      for (let part = 0, at = target; part < parts; part++) {
        const [block] = placeOf(places, part)
        if (u8[block] !== CODEC_UUID) return part
        const bytes = u32[rows / 4 + part] * UUID_BYTES
        u8.copyWithin(at, block + 1, block + 1 + bytes)
        at += bytes
      }
      return parts
    },
    joinDictionaries(places, parts, offsets, bytes, bytesMax, lengths, rests) {
      let index = offsets / 4
      let at = bytes
      u32[index] = 0
      for (let part = 0; part < parts; part++) {
        const [, , section, sectionBytes, size, textBytes] = placeOf(places, part)
        const partEnd = at + textBytes
        if (section === 0 || partEnd > bytes + bytesMax) return part
        const reader = new ByteReader(u8, section)
        const form = reader.u8()
        if (form === 3) {
          if (textBytes !== size * UUID_TEXT_BYTES) return part
          formatUuids(reader.at, size, at)
          for (let i = 1; i <= size; i++) u32[index + i] = at - bytes + i * UUID_TEXT_BYTES
          at = partEnd
          index += size
          continue
        }
        const shared = u32.subarray(lengths / 4, lengths / 4 + size).fill(0)
        const rest = u32.subarray(lengths / 4 + size, lengths / 4 + 2 * size)
        if (form > 2 || (form !== 0 && !readWords(reader, size, shared, 0)) || !readWords(reader, size, rest, 0)) return part
        let from = reader.at
        if (form === 2) {
          const restBytes = reader.u32()
          if (restBytes > textBytes || unpackLz4(reader.at, section + sectionBytes - reader.at, rests, restBytes) === 0) return part
          from = rests
        }
        for (let i = 0, before = at; i < size; i++) {
          const start = at
          if (shared[i] + rest[i] > partEnd - at || shared[i] > start - before) return part
          u8.copyWithin(at, before, before + shared[i])
          at += shared[i]
          u8.copyWithin(at, from, from + rest[i])
          from += rest[i]
          at += rest[i]
          u32[++index] = at - bytes
          before = start
        }
        if (at !== partEnd) return part
      }
      return parts
    },
  }
}

/** Passes over the ends of a zone (storage/part/zones.ts). */
function passEnds(reader: ByteReader): void {
  const kind = reader.u8()
  if (kind === 1) reader.signed()
  else if (kind === 2 || kind === 5) {
    reader.signed()
    reader.signed()
  } else if (kind === 3) reader.take(16)
  else if (kind === 4) {
    reader.sized()
    reader.sized()
  }
}
