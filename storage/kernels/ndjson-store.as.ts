// A value's way into its column: row S_ROW of what C_KIND says. Part of the NDJSON kernel.
// Invariant: a row that is tried again or rejected leaves nothing behind: every store goes to the
// place that the row number names. Only a dictionary may keep a string that nobody uses (S_STRAYS).

import {
  C_BYTES, C_BYTES_CAP, C_CHAIN, C_DEFAULT_BITS, C_DEFAULT_BYTES, C_DEFAULT_TEXT, C_FLAGS, C_KIND,
  C_MARKS, C_MAX, C_MIN, C_PRECISION, C_STAMP, C_UNSAFE, C_VALUES, C_WIDTH, DAY_DIGITS, DAY_MAX,
  DAY_MIN, DEFERRED_BYTES, D_COLUMN, D_LENGTH, D_ROW, D_TEXT, ERROR_DEFERRED, ERROR_ROOM,
  FLAG_COMPUTED, FLAG_DEFAULT, FLAG_NULLABLE, FORM_BOOL, FORM_COMPOSITE, FORM_STRING, KIND_BOOL,
  KIND_BYTES, KIND_CODES, KIND_DATE, KIND_DATE32, KIND_DATETIME, KIND_DATETIME64, KIND_FIXED,
  KIND_FLOAT32, KIND_FLOAT64, KIND_INT, KIND_JSON, KIND_UINT64, KIND_UUID, MARK_COMPUTED,
  MARK_NULL, MARK_VALUE, S_BAD, S_BAD_COLUMN, S_DEFERRED, S_DEFERRED_CAP, S_DEFERRED_COUNT,
  S_COLUMN_COUNT, S_NANOS, S_ROW, S_SCRATCH, S_STAMP, S_STAMPS, S_STRAYS, S_VALUE,
} from './ndjson-layout'
import { ndjsonCopy, ndjsonNeed, ndjsonSpan } from './ndjson-codes.as'
import { ndjsonPlainFloat, ndjsonPlainInteger } from './ndjson-numbers.as'
import { ndjsonFloat, ndjsonInteger, ndjsonTime, ndjsonUuid } from './ndjson-values.as'

const SAFE_MAX: i64 = 9007199254740991
/** A string's bytes behind those of the row before; false: no room. */
@inline
function storeBytes(s: usize, column: usize, text: usize, length: u32): bool {
  const offsets = load<usize>(column, C_VALUES) + (<usize>load<u32>(s, S_ROW) << 2)
  const start = load<u32>(offsets)
  if (<u64>start + <u64>length > <u64>load<u32>(column, C_BYTES_CAP)) {
    return ndjsonNeed(s, column, ERROR_ROOM, length)
  }
  ndjsonCopy(load<usize>(column, C_BYTES) + start, text, length)
  store<u32>(offsets, start + length, 4)
  return true
}

/** The bits of a value of C_WIDTH bytes. */
function storeBits(s: usize, column: usize, bits: u64): void {
  const row = <usize>load<u32>(s, S_ROW)
  const values = load<usize>(column, C_VALUES)
  switch (load<u32>(column, C_WIDTH)) {
    case 1: { store<u8>(values + row, <u8>bits); break }
    case 2: { store<u16>(values + (row << 1), <u16>bits); break }
    case 4: { store<u32>(values + (row << 2), <u32>bits); break }
    default: { store<u64>(values + (row << 3), bits) }
  }
}

/** A value does not fit: the row goes on to its end, to be found, and is then rejected. */
function bad(s: usize, column: usize): bool {
  store<u32>(s, 1, S_BAD)
  if (load<usize>(s, S_BAD_COLUMN) == 0) store<usize>(s, column, S_BAD_COLUMN)
  return true
}

function storeInteger(s: usize, column: usize, text: usize, length: u32, form: u32): bool {
  if (form == FORM_BOOL) store<i64>(s, length == 4 ? 1 : 0, S_VALUE)
  else if (!ndjsonInteger(s, text, length, false)) return bad(s, column)
  const value = load<i64>(s, S_VALUE)
  if (value < load<i64>(column, C_MIN) || value > load<i64>(column, C_MAX)) return bad(s, column)
  if (value > SAFE_MAX || value < -SAFE_MAX) store<u32>(column, 1, C_UNSAFE)
  storeBits(s, column, value)
  return true
}

function storeWide(s: usize, column: usize, text: usize, length: u32, form: u32): bool {
  if (form == FORM_BOOL) store<i64>(s, length == 4 ? 1 : 0, S_VALUE)
  else if (!ndjsonInteger(s, text, length, true)) return bad(s, column)
  const value = load<u64>(s, S_VALUE)
  if (value > <u64>SAFE_MAX) store<u32>(column, 1, C_UNSAFE)
  storeBits(s, column, value)
  return true
}

function storeFloat(s: usize, column: usize, text: usize, length: u32, form: u32): bool {
  if (form == FORM_BOOL) store<f64>(s, length == 4 ? 1 : 0, S_VALUE)
  else {
    const read = ndjsonFloat(s, text, length)
    if (read == 0) return bad(s, column)
    if (read == 2) return deferFloat(s, column, text, length)
  }
  const value = load<f64>(s, S_VALUE)
  if (load<u32>(column, C_KIND) == KIND_FLOAT64) storeBits(s, column, reinterpret<u64>(value))
  else storeBits(s, column, reinterpret<u32>(<f32>value))
  return true
}

/** Leaves the float to the caller, who has exact decimal arithmetic. */
function deferFloat(s: usize, column: usize, text: usize, length: u32): bool {
  // Decoded text is gone with the next string; nobody sends numbers with escapes.
  if (text == load<usize>(s, S_SCRATCH)) return bad(s, column)
  const count = load<u32>(s, S_DEFERRED_COUNT)
  if (count >= load<u32>(s, S_DEFERRED_CAP)) return ndjsonNeed(s, column, ERROR_DEFERRED, 0)
  const record = load<usize>(s, S_DEFERRED) + <usize>count * DEFERRED_BYTES
  store<usize>(record, column, D_COLUMN)
  store<u32>(record, load<u32>(s, S_ROW), D_ROW)
  store<usize>(record, text, D_TEXT)
  store<u32>(record, length, D_LENGTH)
  store<u32>(s, count + 1, S_DEFERRED_COUNT)
  return true
}

function storeBool(s: usize, column: usize, text: usize, length: u32, form: u32): bool {
  let value: u64 = 2
  if (length == 1) value = <u64>load<u8>(text) - 48
  else if (form != 1) {
    const word = load<u32>(text) | 0x20202020
    if (length == 4 && word == 0x65757274) value = 1
    if (length == 5 && word == 0x736c6166 && (load<u8>(text, 4) | 32) == 101) value = 0
  }
  if (value > 1) return bad(s, column)
  storeBits(s, column, value)
  return true
}

function storeTime(s: usize, column: usize, text: usize, length: u32, kind: u32): bool {
  if (!ndjsonTime(s, text, length)) return bad(s, column)
  const seconds = load<i64>(s, S_VALUE)
  if (kind == KIND_DATETIME) {
    if (<u64>seconds > 4294967295) return bad(s, column)
    storeBits(s, column, seconds)
    return true
  }
  // As ClickHouse: a number too small to be a time is a number of days.
  const isDays = length <= <u32>DAY_DIGITS && kind != KIND_DATETIME64
  const day = isDays ? seconds : seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
  if (kind == KIND_DATE) {
    if (<u64>day > 65535) return bad(s, column)
    storeBits(s, column, day)
    return true
  }
  if (day < DAY_MIN || day > DAY_MAX) return bad(s, column)
  if (kind == KIND_DATE32) {
    storeBits(s, column, day)
    return true
  }
  const precision = load<u32>(column, C_PRECISION)
  let scale: i64 = 1
  for (let i: u32 = 0; i < precision; i++) scale *= 10
  // 2262-04-11 is the last day that 64 bits of nanoseconds reach.
  if (precision == 9 && seconds > 9223372035) return bad(s, column)
  const ticks = seconds * scale + <i64>load<u32>(s, S_NANOS) / (1000000000 / scale)
  if (ticks > SAFE_MAX || ticks < -SAFE_MAX) store<u32>(column, 1, C_UNSAFE)
  storeBits(s, column, ticks)
  return true
}

function storeFixed(s: usize, column: usize, text: usize, length: u32): bool {
  const width = load<u32>(column, C_WIDTH)
  if (length > width) return bad(s, column)
  const out = load<usize>(column, C_VALUES) + <usize>load<u32>(s, S_ROW) * width
  memory.copy(out, text, length)
  memory.fill(out + length, 0, width - length)
  return true
}

/** The value of one column, from its text. False: no room, S_ERROR says which. */
function storeValue(s: usize, column: usize, text: usize, length: u32, form: u32): bool {
  const kind = load<u32>(column, C_KIND)
  if (kind == KIND_CODES) return ndjsonSpan(s, column, text, length)
  if (kind == KIND_BYTES || kind == KIND_JSON) return storeBytes(s, column, text, length)
  if (kind == KIND_FIXED) return storeFixed(s, column, text, length)
  if (form == FORM_COMPOSITE) return bad(s, column)
  if (kind >= <u32>KIND_DATE && kind <= <u32>KIND_DATETIME64) {
    return form == FORM_BOOL ? bad(s, column) : storeTime(s, column, text, length, kind)
  }
  switch (kind) {
    case KIND_INT: return storeInteger(s, column, text, length, form)
    case KIND_UINT64: return storeWide(s, column, text, length, form)
    case KIND_FLOAT64:
    case KIND_FLOAT32: return storeFloat(s, column, text, length, form)
    case KIND_BOOL: return storeBool(s, column, text, length, form)
    default: {
      const out = load<usize>(column, C_VALUES) + (<usize>load<u32>(s, S_ROW) << 4)
      return form == FORM_STRING && ndjsonUuid(text, length, out) ? true : bad(s, column)
    }
  }
}

/** The key came twice in one row: the last value stands. */
function again(s: usize, column: usize): void {
  store<u32>(s, 1, S_STRAYS)
  const row = load<u32>(s, S_ROW)
  // A float that was left to the caller must not come back over this value.
  const records = load<usize>(s, S_DEFERRED)
  let i = load<u32>(s, S_DEFERRED_COUNT)
  while (i > 0) {
    const record = records + <usize>--i * DEFERRED_BYTES
    if (load<u32>(record, D_ROW) != row) break
    if (load<usize>(record, D_COLUMN) == column) store<u32>(record, 0, D_LENGTH)
  }
}

@inline
function touch(s: usize, column: usize): void {
  const stamp = load<u32>(s, S_STAMP)
  const place = load<usize>(column, C_STAMP)
  if (load<u32>(place) == stamp) again(s, column)
  else store<u32>(place, stamp)
}

/** A value for every column with this path. `text` is decoded, [raw, rawEnd) as it stands. */
@inline
export function ndjsonStore(
  s: usize, first: usize, text: usize, length: u32, form: u32, raw: usize, rawEnd: usize,
): bool {
  let column = first
  do {
    touch(s, column)
    const marks = load<usize>(column, C_MARKS)
    if (marks != 0) store<u8>(marks + load<u32>(s, S_ROW), MARK_VALUE)
    const kind = load<u32>(column, C_KIND)
    const ok = kind == KIND_CODES ? ndjsonSpan(s, column, text, length)
      : kind == KIND_BYTES ? storeBytes(s, column, text, length)
        : kind == KIND_JSON ? storeBytes(s, column, raw, <u32>(rawEnd - raw))
          : storeValue(s, column, text, length, form)
    if (!ok) return false
    column = load<usize>(column, C_CHAIN)
  } while (column != 0)
  return true
}

/** The number at p, as compact JSON has it, for a column that shares its path with no other. Behind it, 0: it is not so
 * simple, and nothing was stored. */
export function ndjsonStoreNumber(s: usize, column: usize, p: usize): usize {
  const kind = load<u32>(column, C_KIND)
  const isFloat = kind == KIND_FLOAT64 || kind == KIND_FLOAT32
  const next = isFloat ? ndjsonPlainFloat(s, p) : ndjsonPlainInteger(s, p, kind == KIND_UINT64)
  if (next == 0) return 0
  const c = <u32>load<u8>(next)
  if (c != 44 && c != 125) return 0
  let bits = load<u64>(s, S_VALUE)
  if (kind == KIND_INT) {
    const value = <i64>bits
    if (value < load<i64>(column, C_MIN) || value > load<i64>(column, C_MAX)) return 0
    if (value > SAFE_MAX || value < -SAFE_MAX) store<u32>(column, 1, C_UNSAFE)
  } else if (kind == KIND_UINT64) {
    if (bits > <u64>SAFE_MAX) store<u32>(column, 1, C_UNSAFE)
  } else if (kind == KIND_FLOAT32) bits = <u64>reinterpret<u32>(<f32>reinterpret<f64>(bits))
  touch(s, column)
  const marks = load<usize>(column, C_MARKS)
  if (marks != 0) store<u8>(marks + load<u32>(s, S_ROW), MARK_VALUE)
  storeBits(s, column, bits)
  return next
}

function storeDefault(s: usize, column: usize): bool {
  const kind = load<u32>(column, C_KIND)
  const text = load<usize>(column, C_DEFAULT_TEXT)
  const length = load<u32>(column, C_DEFAULT_BYTES)
  if (kind == KIND_CODES) return ndjsonSpan(s, column, text, length)
  if (kind == KIND_BYTES || kind == KIND_JSON) return storeBytes(s, column, text, length)
  if (kind == KIND_FIXED || kind == KIND_UUID) return storeFixed(s, column, text, length)
  const bits = load<i64>(column, C_DEFAULT_BITS)
  const isUnsafe = kind == KIND_UINT64 ? <u64>bits > <u64>SAFE_MAX
    : kind != KIND_FLOAT64 && (bits > SAFE_MAX || bits < -SAFE_MAX)
  if (isUnsafe) store<u32>(column, 1, C_UNSAFE)
  storeBits(s, column, bits)
  return true
}

/** What stands where a NULL or a value to be computed is: the type's own default. */
function storeZero(s: usize, column: usize): bool {
  const kind = load<u32>(column, C_KIND)
  if (kind == KIND_CODES) return ndjsonSpan(s, column, column, 0)
  if (kind == KIND_BYTES || kind == KIND_JSON) return storeBytes(s, column, column, 0)
  if (kind == KIND_FIXED || kind == KIND_UUID) return storeFixed(s, column, column, 0)
  storeBits(s, column, 0)
  return true
}

/** A column whose key is missing or null: DEFAULT, else NULL, else the row does not fit. */
function storeAbsent(s: usize, column: usize): bool {
  const flags = load<u32>(column, C_FLAGS)
  const marks = load<usize>(column, C_MARKS)
  const row = load<u32>(s, S_ROW)
  if (flags & FLAG_DEFAULT) {
    if (marks != 0) store<u8>(marks + row, MARK_VALUE)
    return storeDefault(s, column)
  }
  if (flags & FLAG_COMPUTED) {
    if (!storeZero(s, column)) return false
    store<u8>(marks + row, MARK_COMPUTED)
    return true
  }
  if (flags & FLAG_NULLABLE) {
    if (!storeZero(s, column)) return false
    store<u8>(marks + row, MARK_NULL)
    return true
  }
  return bad(s, column)
}

/** `null` for every column with this path. */
export function ndjsonStoreNull(s: usize, first: usize): bool {
  let column = first
  do {
    touch(s, column)
    if (!storeAbsent(s, column)) return false
    column = load<usize>(column, C_CHAIN)
  } while (column != 0)
  return true
}

/** True where a row has named all columns, told four at a time; false: maybe. */
@inline
function isWhole(s: usize, stamp: u32): bool {
  const count = <usize>load<u32>(s, S_COLUMN_COUNT)
  if (count < 4) return false
  const wanted = i32x4.splat(stamp)
  const last = load<usize>(s, S_STAMPS) + (count << 2) - 16
  let same = i32x4.eq(v128.load(last), wanted)
  for (let at = load<usize>(s, S_STAMPS); at < last; at += 16) same = v128.and(same, i32x4.eq(v128.load(at), wanted))
  return i32x4.all_true(same)
}

/** Fills in the columns that the row did not name. False: no room. */
export function ndjsonStoreMissing(s: usize, columns: usize, end: usize, bytes: usize): bool {
  const stamp = load<u32>(s, S_STAMP)
  if (isWhole(s, stamp)) return true
  let place = load<usize>(s, S_STAMPS)
  for (let column = columns; column < end; column += bytes, place += 4) {
    if (load<u32>(place) != stamp && !storeAbsent(s, column)) return false
  }
  return true
}

/** i64 to f64 in place, for values within 2^53. */
export function ndjsonToFloat(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = values + (<usize>i << 3)
    store<f64>(at, <f64>load<i64>(at))
  }
}
