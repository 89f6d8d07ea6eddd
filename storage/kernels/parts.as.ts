// Kernels over images of many parts that lie in work memory: see parts.ts for what each promises.

import { addToWords, stepWords, unpackBits, unpackDeltas } from './bits.as'
import { unpackLz4 } from './lz4.as'
import { formatUuids } from './strings.as'

const MAGIC_SECTIONS: u32 = 0x534d4950
const MAGIC_WHOLE: u32 = 0x574d4950
const MAGIC_MEMORY: u32 = 0x4d4d4950
const TRAILER_BYTES: usize = 12
const BLOCK_ROWS_MAX: u64 = 8192
const FLAG_DICTIONARY: u32 = 1
const FLAG_NULLS: u32 = 4
const PLACE_BYTES: usize = 24
const CHECK_ROWS: u32 = 128

/** Where the call that runs reads; no call begins with what another has left. */
let cursor: usize = 0

function varint(): u64 {
  let byte = <u64>load<u8>(cursor++)
  let value = byte & 127
  for (let shift: u64 = 7; byte > 127; shift += 7) {
    byte = <u64>load<u8>(cursor++)
    value |= (byte & 127) << shift
  }
  return value
}

/** A signed number modulo 2^32. */
function signedWord(): u32 {
  const value = varint()
  const half = <u32>(value >> 1)
  return (value & 1) == 0 ? half : 0 - half
}

@inline
function passSized(): void {
  const bytes = <usize>varint()
  cursor += bytes
}

/** Passes over the ends of a zone (storage/part/zones.ts). */
function passEnds(): void {
  const kind = load<u8>(cursor++)
  if (kind == 1) varint()
  else if (kind == 2 || kind == 5) {
    varint()
    varint()
  } else if (kind == 3) cursor += 16
  else if (kind == 4) {
    passSized()
    passSized()
  }
}

/** Notes where the column of the entry at the cursor lies. */
function placeColumn(image: usize, place: usize): void {
  passSized()
  if (load<u8>(cursor++) == 0) passSized()
  const flags = <u32>load<u8>(cursor++)
  const block = image + <usize>varint()
  const blockBytes = <usize>varint()
  if ((flags & FLAG_NULLS) != 0) varint()
  passEnds()
  store<u32>(place, <u32>block)
  store<u32>(place, <u32>blockBytes, 4)
  const hasDictionary = (flags & FLAG_DICTIONARY) != 0
  store<u32>(place, hasDictionary ? <u32>(block + blockBytes) : 0, 8)
  store<u32>(place, hasDictionary ? <u32>varint() : 0, 12)
  store<u32>(place, hasDictionary ? <u32>varint() : 0, 16)
  store<u32>(place, hasDictionary ? <u32>varint() : 0, 20)
}

export function placeColumns(image: usize, bytes: usize, ids: usize, count: u32, places: usize, stride: usize): u32 {
  const end = image + bytes - TRAILER_BYTES
  const magic = load<u32>(end, 8)
  if (magic != MAGIC_SECTIONS && magic != MAGIC_WHOLE && magic != MAGIC_MEMORY) return 0
  cursor = end - <usize>load<u32>(end) + 1
  varint()
  varint()
  const rows = varint()
  if (rows == 0 || rows > BLOCK_ROWS_MAX) return 0
  passSized()
  const columns = <u32>varint()
  let directory = cursor
  for (let i: u32 = 0; i < columns; i++) {
    varint()
    varint()
  }
  let entry = cursor
  let found: u32 = 0
  for (let i: u32 = 0; i < columns; i++) {
    cursor = directory
    const id = <u32>varint()
    const entryBytes = <usize>varint()
    directory = cursor
    for (let j: u32 = 0; j < count; j++) {
      if (load<u32>(ids + (<usize>j << 2)) != id) continue
      cursor = entry
      placeColumn(image, places + <usize>j * stride)
      found++
      break
    }
    entry += entryBytes
  }
  return found == count ? <u32>rows : 0
}

@inline
function packedBytes(count: u32, width: u32): usize { return (<usize>count * <usize>width + 7) >> 3 }

@inline
function packedAt(at: usize, width: u32, index: u32): u32 {
  const bit = <u64>index * <u64>width
  return <u32>((load<u64>(at + <usize>(bit >> 3)) >> (bit & 7)) & ((<u64>1 << <u64>width) - 1))
}

/** Fills words with the stream of numbers at the cursor, each plus `add`; false: it is of another way. */
function readWords(count: u32, target: usize, add: u32): bool {
  const way = load<u8>(cursor++)
  const base = signedWord() + add
  if (way == 0) {
    memory.fill(target, 0, <usize>count << 2)
  } else if (way == 1) {
    const width = <u32>load<u8>(cursor++)
    unpackBits(cursor, width, count, target)
    cursor += packedBytes(count, width)
  } else if (way == 2) {
    const stepMin = signedWord()
    const stepWidth = <u32>load<u8>(cursor++)
    if (stepWidth == 0) stepWords(stepMin, count, target)
    else {
      const width = <u32>load<u8>(cursor++)
      const first = packedAt(cursor, width, 0)
      cursor += packedBytes((count + CHECK_ROWS - 1) / CHECK_ROWS, width)
      unpackDeltas(cursor, stepWidth, count, first, stepMin, target)
      cursor += packedBytes(count, stepWidth)
    }
  } else if (way == 3) {
    const width = <u32>load<u8>(cursor++)
    const runs = <u32>varint()
    const endWidth = 32 - clz(count)
    const differences = cursor + packedBytes(runs, endWidth)
    let row: u32 = 0
    for (let run: u32 = 0; run < runs; run++) {
      const end = min(count, packedAt(cursor, endWidth, run))
      const value = packedAt(differences, width, run)
      for (; row < end; row++) store<u32>(target + (<usize>row << 2), value)
    }
    cursor = differences + packedBytes(runs, width)
  } else return false
  if (base != 0) addToWords(target, count, base)
  return true
}

export function joinWords(places: usize, parts: u32, rows: usize, dictionaries: u32, target: usize): u32 {
  let at = target
  let first: u32 = 0
  for (let part: u32 = 0; part < parts; part++) {
    const place = places + <usize>part * PLACE_BYTES
    cursor = <usize>load<u32>(place)
    const count = load<u32>(rows + (<usize>part << 2))
    if (load<u8>(cursor++) != 1 || !readWords(count, at, first)) return part
    if (dictionaries != 0) first += load<u32>(place, 16)
    at += <usize>count << 2
  }
  return parts
}

export function joinUuids(places: usize, parts: u32, rows: usize, target: usize): u32 {
  let at = target
  for (let part: u32 = 0; part < parts; part++) {
    const block = <usize>load<u32>(places + <usize>part * PLACE_BYTES)
    const bytes = <usize>load<u32>(rows + (<usize>part << 2)) << 4
    if (load<u8>(block) != 8) return part
    memory.copy(at, block + 1, bytes)
    at += bytes
  }
  return parts
}

/** Copies bytes eight at a time: up to 7 more are read and written. */
@inline
function copyEights(from: usize, to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(to + at, load<u64>(from + at))
}

export function joinDictionaries(
  places: usize, parts: u32, offsets: usize, bytes: usize, bytesMax: usize, lengths: usize, rests: usize,
): u32 {
  let offset = offsets
  let at = bytes
  const end = bytes + bytesMax
  store<u32>(offset, 0)
  for (let part: u32 = 0; part < parts; part++) {
    const place = places + <usize>part * PLACE_BYTES
    const section = <usize>load<u32>(place, 8)
    const size = load<u32>(place, 16)
    const textBytes = <usize>load<u32>(place, 20)
    const partEnd = at + textBytes
    if (section == 0 || partEnd > end) return part
    cursor = section
    const form = load<u8>(cursor++)
    if (form == 3) {
      if (textBytes != <usize>size * 36) return part
      formatUuids(cursor, size, at)
      for (let i: u32 = 1; i <= size; i++) store<u32>(offset + (<usize>i << 2), <u32>(at - bytes) + i * 36)
      at = partEnd
      offset += <usize>size << 2
      continue
    }
    const ofRests = form == 0 ? lengths : lengths + (<usize>size << 2)
    if (form > 2 || (form != 0 && !readWords(size, lengths, 0)) || !readWords(size, ofRests, 0)) return part
    let from = cursor
    if (form == 2) {
      const restBytes = load<u32>(cursor)
      const packed = section + <usize>load<u32>(place, 12) - cursor - 4
      if (<usize>restBytes > textBytes || unpackLz4(cursor + 4, <u32>packed, rests, restBytes) == 0) return part
      from = rests
    }
    let before = at
    for (let i: u32 = 0; i < size; i++) {
      const start = at
      const rest = <usize>load<u32>(ofRests + (<usize>i << 2))
      const shared: usize = form == 0 ? 0 : <usize>load<u32>(lengths + (<usize>i << 2))
      if (shared + rest > partEnd - at || shared > start - before) return part
      copyEights(before, at, shared)
      at += shared
      copyEights(from, at, rest)
      from += rest
      at += rest
      offset += 4
      store<u32>(offset, <u32>(at - bytes))
      before = start
    }
    if (at != partEnd) return part
  }
  return parts
}
