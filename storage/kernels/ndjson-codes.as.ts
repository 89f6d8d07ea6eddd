// Strings of dictionary columns: where they lie until they have their codes, and the codes. Part of the
// NDJSON kernel; its reference (ndjson-store.ts) gives each string its code at once.
//
// A look-up waits for memory: for the slot alone where the text is short, as it stands there itself, else
// for its bytes, too. One value after the other, the parsing of the next begins behind it; a column of SPANS
// rows at a time, the processor follows several at once, and of a large table all that these rows need is
// touched before it is asked for.
//
//   slot of a short text: 12 bytes of it, 0 behind its end | (code + 1) << 4 | its length + 1
//   slot of a longer one: hash, its start in C_BYTES, its length | (code + 1) << 4 | LONG
//
// Invariant: rows [S_CODED, S_ROW) and the row in work have a span in every column of codes, and whoever
// leaves the kernel has emptied them, or asks for the room that this needs.

import {
  COLUMN_BYTES, C_BYTES, C_BYTES_CAP, C_CHAIN, C_CODED, C_COUNT, C_ENTRY_CAP, C_KIND, C_MASK, C_OFFSETS, C_SLOTS,
  C_SPANS, C_VALUES, ERROR_ENTRIES, ERROR_ROOM, KEPT_BYTES, KIND_CODES, RETURN_ENTRIES, RETURN_ROOM, SLOT_BYTES, SPANS,
  SPAN_BYTES, S_CODED, S_COLUMNS, S_COLUMN_COUNT, S_ERROR, S_HASHES, S_NEED_BYTES, S_NEED_COLUMN, S_ROW, S_SCRATCH,
  S_SCRATCH_START, S_SEED, S_TOUCHED,
} from './ndjson-layout'
import { ndjsonFail } from './ndjson-text.as'

/** Texts up to this length stand in their slot. */
const SHORT_MAX: u32 = 12
/** What the slot of a longer one has in place of that. */
const LONG: u32 = 15
/** Tables of fewer slots are near anyway. */
const FAR_SLOTS: u32 = 4096
/** Longer texts are copied by a call. */
const COPY_LOOP_MAX: u32 = 256

@inline
function mix(a: u64, b: u64): u64 {
  let x = (a ^ b) * 0xff51afd7ed558ccd
  x ^= x >> 32
  return x
}

/** Which of 16 bytes stand before `length`, all ones: of texts that are no longer, nothing branches on it. */
@inline
function before(length: u32): v128 {
  return i8x16.lt_s(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>length))
}

@inline
function fold(h: u64): u32 {
  const mixed = h * 0xc4ceb9fe1a85ec53
  return <u32>(mixed >> 32) ^ <u32>mixed
}

/** 32 bits from the `length` bytes at p, more than SHORT_MAX of them: two chains, which the processor follows at once. */
function hashOfLong(seed: u64, p: usize, length: u32): u32 {
  let a = seed ^ (<u64>length * 0x9e3779b97f4a7c15)
  let b = a
  for (let i: u32 = 0; i + 16 < length; i += 16) {
    a = mix(a, load<u64>(p + i))
    b = mix(b, load<u64>(p + i, 8))
  }
  a = mix(a, load<u64>(length < 16 ? p : p + length - 16))
  b = mix(b, load<u64>(p + length - 8))
  return fold(mix(a, b))
}

/** True where `length` bytes at a and b are the same. */
function equal(a: usize, b: usize, length: u32): bool {
  if (length <= 16) return !v128.any_true(v128.and(v128.xor(v128.load(a), v128.load(b)), before(length)))
  for (let i: u32 = 0; i + 16 < length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false
  }
  const last = length - 16
  return !v128.any_true(v128.xor(v128.load(a + last), v128.load(b + last)))
}

/** Copies a string by stores of 16 bytes: the slack behind both cells takes what exceeds. */
@inline
export function ndjsonCopy(out: usize, text: usize, length: u32): void {
  if (length <= COPY_LOOP_MAX) {
    for (let i: u32 = 0; i < length; i += 16) v128.store(out + i, v128.load(text + i))
  } else memory.copy(out, text, length)
}

/** A column lacks room: the row is left, and tried again when the caller has made some. */
export function ndjsonNeed(s: usize, column: usize, error: u32, bytes: u32): bool {
  store<usize>(s, column, S_NEED_COLUMN)
  store<u32>(s, bytes, S_NEED_BYTES)
  ndjsonFail(s, error, 0)
  return false
}

/** Appends a string that the dictionary lacks to its strings and offsets, and its code to row `row`: the word of
 * its slot but for the length. 0: no room. */
function addEntry(s: usize, column: usize, row: u32, text: usize, length: u32): u32 {
  const code = load<u32>(column, C_COUNT)
  if (code >= load<u32>(column, C_ENTRY_CAP) || code * 2 > load<u32>(column, C_MASK)) {
    ndjsonNeed(s, column, ERROR_ENTRIES, 0)
    return 0
  }
  const offsets = load<usize>(column, C_OFFSETS) + (<usize>code << 2)
  const start = load<u32>(offsets)
  if (<u64>start + <u64>length > <u64>load<u32>(column, C_BYTES_CAP)) {
    ndjsonNeed(s, column, ERROR_ROOM, length)
    return 0
  }
  ndjsonCopy(load<usize>(column, C_BYTES) + start, text, length)
  store<u32>(offsets, start + length, 4)
  store<u32>(column, code + 1, C_COUNT)
  store<u32>(load<usize>(column, C_VALUES) + (<usize>row << 2), code)
  return (code + 1) << 4
}

/** The slot of a short text without its code: no free slot is one. */
@inline
function shortKey(text: usize, length: u32): v128 {
  return i32x4.replace_lane(v128.and(v128.load(text), before(length)), 3, length + 1)
}

/** 32 bits from the slot of a short text without its code: what is in its last four bytes reaches them by one step. */
@inline
function hashOfKey(seed: u64, key: v128): u32 {
  return <u32>mix(mix(seed, i64x2.extract_lane(key, 0)), i64x2.extract_lane(key, 1))
}

/** True where a slot differs from `key` by more than the code. */
@inline
function differs(slot: v128, key: v128): bool {
  return v128.any_true(v128.xor(v128.and(slot, i32x4(-1, -1, -1, 15)), key))
}

/** The code of a short string into row `row`; false: no room. */
function giveShortCode(s: usize, column: usize, row: u32, text: usize, key: v128, hash: u32): bool {
  const mask = load<u32>(column, C_MASK)
  const slots = load<usize>(column, C_SLOTS)
  let j = hash & mask
  while (true) {
    const slot = slots + <usize>j * SLOT_BYTES
    const entry = v128.load(slot)
    const word = <u32>i32x4.extract_lane(entry, 3)
    if (word == 0) {
      const tag = <u32>i32x4.extract_lane(key, 3)
      const added = addEntry(s, column, row, text, tag - 1)
      if (added != 0) v128.store(slot, i32x4.replace_lane(key, 3, added | tag))
      return added != 0
    }
    if (!differs(entry, key)) {
      store<u32>(load<usize>(column, C_VALUES) + (<usize>row << 2), (word >> 4) - 1)
      return true
    }
    j = (j + 1) & mask
  }
}

/** The code of a longer string into row `row`; false: no room. */
function giveLongCode(s: usize, column: usize, row: u32, text: usize, length: u32, hash: u32): bool {
  const mask = load<u32>(column, C_MASK)
  const slots = load<usize>(column, C_SLOTS)
  const strings = load<usize>(column, C_BYTES)
  let j = hash & mask
  while (true) {
    const slot = slots + <usize>j * SLOT_BYTES
    const word = load<u32>(slot, 12)
    if (word == 0) {
      const start = load<u32>(load<usize>(column, C_OFFSETS) + (<usize>load<u32>(column, C_COUNT) << 2))
      const added = addEntry(s, column, row, text, length)
      if (added == 0) return false
      store<u32>(slot, hash)
      store<u32>(slot, start, 4)
      store<u32>(slot, length, 8)
      store<u32>(slot, added | LONG, 12)
      return true
    }
    if (load<u32>(slot) == hash && (word & 15) == LONG && load<u32>(slot, 8) == length
      && equal(strings + load<u32>(slot, 4), text, length)) {
      store<u32>(load<usize>(column, C_VALUES) + (<usize>row << 2), (word >> 4) - 1)
      return true
    }
    j = (j + 1) & mask
  }
}

/** The code of a string into row `row`; false: no room. */
function giveCode(s: usize, column: usize, row: u32, text: usize, length: u32): bool {
  const seed = load<u64>(s, S_SEED)
  if (length > SHORT_MAX) return giveLongCode(s, column, row, text, length, hashOfLong(seed, text, length))
  const key = shortKey(text, length)
  return giveShortCode(s, column, row, text, key, hashOfKey(seed, key))
}

/** Moves the entries of a full table into an empty, larger one. */
export function ndjsonRehash(s: usize, slots: usize, count: u32, target: usize, mask: u32): void {
  const seed = load<u64>(s, S_SEED)
  for (let i: u32 = 0; i < count; i++) {
    const entry = v128.load(slots + <usize>i * SLOT_BYTES)
    const word = <u32>i32x4.extract_lane(entry, 3)
    if (word == 0) continue
    const tag = word & 15
    let j = mask & (tag == LONG ? <u32>i32x4.extract_lane(entry, 0)
      : hashOfKey(seed, i32x4.replace_lane(entry, 3, tag)))
    while (load<u32>(target + <usize>j * SLOT_BYTES, 12) != 0) j = (j + 1) & mask
    v128.store(target + <usize>j * SLOT_BYTES, entry)
  }
}

/** True where decoded text of `length` bytes in the scratch can stay there until it has its code. */
@inline
function canKeep(s: usize, length: u32): bool {
  return <u64>(load<usize>(s, S_SCRATCH) - load<usize>(s, S_SCRATCH_START)) + <u64>length <= <u64>KEPT_BYTES
}

/** A string of the row in work, for its code later. False: no room, where it has to be given its code at once. */
@inline
export function ndjsonSpan(s: usize, column: usize, text: usize, length: u32): bool {
  const row = load<u32>(s, S_ROW)
  const span = load<usize>(column, C_SPANS) + <usize>(row % SPANS) * SPAN_BYTES
  if (text == load<usize>(s, S_SCRATCH) && !canKeep(s, length)) {
    store<usize>(span, 0)
    return giveCode(s, column, row, text, length)
  }
  store<usize>(span, text)
  store<u32>(span, length, 4)
  return true
}

/** Decoded text of `length` bytes was stored in a column and those that share its path: where one has only a span
 * of it, the next string is decoded behind it. */
export function ndjsonKeep(s: usize, first: usize, length: u32): void {
  if (!canKeep(s, length)) return
  for (let column = first; column != 0; column = load<usize>(column, C_CHAIN)) {
    if (load<u32>(column, C_KIND) != KIND_CODES) continue
    store<usize>(s, load<usize>(s, S_SCRATCH) + length, S_SCRATCH)
    return
  }
}

/** True where strings must have their codes before another row is read. */
@inline
export function ndjsonIsFull(s: usize): bool {
  return load<u32>(s, S_ROW) - load<u32>(s, S_CODED) >= <u32>SPANS
}

/** Hashes of a column's strings that wait to S_HASHES, and first their slots, then the ends of longer texts touched:
 * nothing here waits for what it reads. */
function touchEntries(s: usize, column: usize): void {
  const spans = load<usize>(column, C_SPANS)
  const mask = load<u32>(column, C_MASK)
  const slots = load<usize>(column, C_SLOTS)
  const strings = load<usize>(column, C_BYTES)
  const hashes = load<usize>(s, S_HASHES)
  const seed = load<u64>(s, S_SEED)
  const rows = load<u32>(s, S_ROW)
  const first = load<u32>(column, C_CODED)
  let touched: u32 = 0
  let long: u32 = 0
  for (let row = first; row < rows; row++) {
    const place = <usize>(row % SPANS)
    const text = load<usize>(spans + place * SPAN_BYTES)
    const length = load<u32>(spans + place * SPAN_BYTES, 4)
    if (text == 0) continue
    const isLong = length > SHORT_MAX
    const hash = isLong ? hashOfLong(seed, text, length) : hashOfKey(seed, shortKey(text, length))
    store<u32>(hashes + (place << 2), hash)
    long |= <u32>isLong
  }
  // By themselves, so that many are on their way at once.
  for (let row = first; row < rows; row++) {
    const hash = load<u32>(hashes + (<usize>(row % SPANS) << 2))
    touched ^= load<u32>(slots + <usize>(hash & mask) * SLOT_BYTES)
  }
  for (let row = first; row < rows && long != 0; row++) {
    const slot = slots + <usize>(load<u32>(hashes + (<usize>(row % SPANS) << 2)) & mask) * SLOT_BYTES
    if ((load<u32>(slot, 12) & 15) != LONG) continue
    const text = strings + load<u32>(slot, 4)
    touched ^= load<u8>(text) ^ load<u8>(text + load<u32>(slot, 8) - 1)
  }
  store<u32>(s, touched, S_TOUCHED)
}

/** Codes of a column for the rows that have none; false: no room, and C_CODED says for which it has. */
function giveCodes(s: usize, column: usize): bool {
  const spans = load<usize>(column, C_SPANS)
  const values = load<usize>(column, C_VALUES)
  const mask = load<u32>(column, C_MASK)
  const slots = load<usize>(column, C_SLOTS)
  const seed = load<u64>(s, S_SEED)
  const rows = load<u32>(s, S_ROW)
  const isFar = mask >= FAR_SLOTS - 1
  const hashes = load<usize>(s, S_HASHES)
  if (isFar) touchEntries(s, column)
  for (let row = load<u32>(column, C_CODED); row < rows; row++) {
    const place = <usize>(row % SPANS)
    const span = spans + place * SPAN_BYTES
    const text = load<usize>(span)
    if (text == 0) continue
    const length = load<u32>(span, 4)
    let isGiven: bool
    if (length <= SHORT_MAX) {
      const key = shortKey(text, length)
      const hash = isFar ? load<u32>(hashes + (place << 2)) : hashOfKey(seed, key)
      // Nearly always the first slot has it.
      const entry = v128.load(slots + <usize>(hash & mask) * SLOT_BYTES)
      if (!differs(entry, key)) {
        store<u32>(values + (<usize>row << 2), (<u32>i32x4.extract_lane(entry, 3) >> 4) - 1)
        continue
      }
      isGiven = giveShortCode(s, column, row, text, key, hash)
    } else {
      const hash = isFar ? load<u32>(hashes + (place << 2)) : hashOfLong(seed, text, length)
      isGiven = giveLongCode(s, column, row, text, length, hash)
    }
    if (!isGiven) {
      store<u32>(column, row, C_CODED)
      return false
    }
  }
  store<u32>(column, rows, C_CODED)
  return true
}

/** Gives all strings of whole rows their codes. 0, or the RETURN_* that asks for room: the next call goes on. */
export function ndjsonGiveCodes(s: usize): u32 {
  const columns = load<usize>(s, S_COLUMNS)
  const end = columns + <usize>load<u32>(s, S_COLUMN_COUNT) * COLUMN_BYTES
  for (let column = columns; column < end; column += COLUMN_BYTES) {
    if (load<u32>(column, C_KIND) != KIND_CODES || giveCodes(s, column)) continue
    return load<u32>(s, S_ERROR) == ERROR_ROOM ? RETURN_ROOM : RETURN_ENTRIES
  }
  store<u32>(s, load<u32>(s, S_ROW), S_CODED)
  store<usize>(s, load<usize>(s, S_SCRATCH_START), S_SCRATCH)
  return 0
}
