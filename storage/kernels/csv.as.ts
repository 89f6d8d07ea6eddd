// The CSV kernel: records of a body to columns, and where records end. csv.ts is its reference and says
// what is promised. Values go the way of the NDJSON kernel's (ndjson-store.as.ts).
//
// Without quotes every search ends at the newlines behind the input; within quotes newlines are text,
// so there each step looks at the end.

import {
  CELL_BYTES, CELL_EMPTY_IS_MISSING, CELL_NULL, F_CELLS, F_CELL_COUNT, F_DELIMITER, F_ESCAPE, F_QUOTE, L_COLUMN,
  L_FLAGS, REJECT_BEHIND_QUOTE, REJECT_FIELDS, REJECT_SHORT, REJECT_UNCLOSED, SPLIT_ESCAPED, SPLIT_FIELD, SPLIT_PLAIN,
  SPLIT_QUOTED, X_END, X_STATE,
} from './csv-layout'
import {
  COLUMN_BYTES, ERROR_DEFERRED, ERROR_ENTRIES, ERROR_ROOM, ERROR_SYNTAX, FORM_STRING, REJECT_VALUE,
  RETURN_DEFERRED, RETURN_DONE, RETURN_ENTRIES, RETURN_INPUT, RETURN_REJECTS, RETURN_ROOM,
  RETURN_ROWS, RETURN_SLICE, S_BAD, S_BAD_COLUMN, S_COLUMNS, S_COLUMN_COUNT, S_CURSOR,
  S_DEFERRED_COUNT, S_END, S_ERROR, S_FINAL, S_ORIGIN, S_REJECT_CAP, S_REJECT_COUNT, S_ROW,
  S_ROW_CAP, S_ROW_STARTS, S_SCRATCH, S_SLICE_END, S_STAMP, S_TEXT_BYTES, S_VALUE,
} from './ndjson-layout'
import { ndjsonGiveCodes, ndjsonIsFull, ndjsonKeep } from './ndjson-codes.as'
import { ndjsonStore, ndjsonStoreMissing, ndjsonStoreNull } from './ndjson-store.as'
import { ndjsonFail, ndjsonReject } from './ndjson-text.as'

const NEWLINE: u32 = 10
const RETURN: u32 = 13

/** The first delimiter or newline at or behind p. */
@inline
function plainEnd(from: usize, delimiters: v128): usize {
  let p = from
  while (true) {
    const v = v128.load(p)
    const stops = i8x16.bitmask(v128.or(i8x16.eq(v, delimiters), i8x16.eq(v, i8x16.splat(10))))
    if (stops) return p + ctz(stops)
    p += 16
  }
}

/** The first quote or escape at or behind p, at most `end`. */
@inline
function quotedStop(from: usize, end: usize, quotes: v128, escapes: v128): usize {
  let p = from
  while (p < end) {
    const v = v128.load(p)
    const stops = i8x16.bitmask(v128.or(i8x16.eq(v, quotes), i8x16.eq(v, escapes)))
    if (stops) {
      p += ctz(stops)
      return p < end ? p : end
    }
    p += 16
  }
  return end
}

/** The bytes of [text, stop) without what only escapes others, to the scratch; their number to
 * S_TEXT_BYTES. */
function decode(s: usize, text: usize, stop: usize, quote: u32, escape: u32): void {
  const scratch = load<usize>(s, S_SCRATCH)
  let out = scratch
  for (let p = text; p < stop; p++) {
    let c = <u32>load<u8>(p)
    if (c == escape || c == quote) c = <u32>load<u8>(++p)
    store<u8>(out++, <u8>c)
  }
  store<u32>(s, <u32>(out - scratch), S_TEXT_BYTES)
}

/** The end of the input is in the way: more of it is needed, or there is none. */
@inline
function cut(s: usize, at: usize): usize { return ndjsonFail(s, ERROR_SYNTAX, at) }

/** A field's bytes [text, stop) to its column; false: no room. */
@inline
function storeField(s: usize, cell: usize, text: usize, length: u32, isQuoted: bool): bool {
  const column = load<usize>(cell, L_COLUMN)
  if (column == 0) return true
  if (!isQuoted) {
    const flags = load<u32>(cell, L_FLAGS)
    // Missing: ndjsonStoreMissing comes to it when the record is over.
    if (length == 0 && (flags & CELL_EMPTY_IS_MISSING) != 0) return true
    if (length == 2 && (flags & CELL_NULL) != 0 && load<u16>(text) == 0x4e5c) return ndjsonStoreNull(s, column)
  }
  if (!ndjsonStore(s, column, text, length, FORM_STRING, text, text + length)) return false
  if (text == load<usize>(s, S_SCRATCH)) ndjsonKeep(s, column, length)
  return true
}

/** The end of the quoted field whose text begins at `from` (its closing quote, or `end`), and whether
 * bytes of it stand for others (S_VALUE). 0: more input is needed to tell. */
function quotedEnd(s: usize, from: usize, end: usize, quote: u32, escape: u32): usize {
  const quotes = i8x16.splat(<i8>quote)
  const escapes = i8x16.splat(<i8>(escape < 256 ? escape : quote))
  const final = load<u32>(s, S_FINAL) != 0
  let isCoded: u32 = 0
  let p = from
  while (true) {
    p = quotedStop(p, end, quotes, escapes)
    if (p + 1 >= end) {
      if (!final) return cut(s, end)
      // The last byte may close it; an escape there has nothing to stand before.
      if (p >= end || <u32>load<u8>(p) != quote) p = end
      break
    }
    if (<u32>load<u8>(p) == quote && <u32>load<u8>(p, 1) != quote) break
    isCoded = 1
    p += 2
  }
  store<u32>(s, isCoded, S_VALUE)
  return p
}

/** One record at p: kept, or rejected. Behind it, or 0: S_ERROR says what is missing. */
function readRecord(s: usize, form: usize, start: usize, end: usize): usize {
  const cells = load<usize>(form, F_CELLS)
  const count = load<u32>(form, F_CELL_COUNT)
  const delimiter = load<u32>(form, F_DELIMITER)
  const quote = load<u32>(form, F_QUOTE)
  const escape = load<u32>(form, F_ESCAPE)
  const delimiters = i8x16.splat(<i8>delimiter)
  const final = load<u32>(s, S_FINAL) != 0
  store<u32>(s, load<u32>(s, S_STAMP) + 1, S_STAMP)
  store<u32>(s, 0, S_BAD)
  store<usize>(s, 0, S_BAD_COLUMN)
  let why: u32 = REJECT_VALUE
  let at = start
  let p = start
  let index: u32 = 0
  while (true) {
    const isQuoted = <u32>load<u8>(p) == quote
    const field = p
    let text = p
    let stop: usize
    let length: u32
    if (isQuoted) {
      text = p + 1
      stop = quotedEnd(s, text, end, quote, escape)
      if (stop == 0) return 0
      p = stop < end ? stop + 1 : end
      if (stop >= end) {
        why = REJECT_UNCLOSED
        at = text - 1
      }
      length = <u32>(stop - text)
      if (load<u32>(s, S_VALUE) != 0 && index < count && load<usize>(cells + <usize>index * CELL_BYTES, L_COLUMN) != 0) {
        decode(s, text, stop, quote, escape)
        text = load<usize>(s, S_SCRATCH)
        length = load<u32>(s, S_TEXT_BYTES)
      }
      // Spaces may stand before the delimiter, and \r before the newline.
      const behind = p
      p = plainEnd(p, delimiters)
      if (p >= end && !final) return cut(s, end)
      if (p > end) p = end
      for (let q = behind; q < p && why == REJECT_VALUE; q++) {
        const c = <u32>load<u8>(q)
        if (c == 32 || c == 9 || (c == RETURN && q + 1 == p && (p == end || <u32>load<u8>(p) == NEWLINE))) continue
        why = REJECT_BEHIND_QUOTE
        at = q
      }
    } else {
      p = plainEnd(p, delimiters)
      if (p >= end) {
        if (!final) return cut(s, end)
        p = end
      }
      stop = p
      if (stop > text && <u32>load<u8>(stop - 1) == RETURN && (p == end || <u32>load<u8>(p) == NEWLINE)) stop--
      length = <u32>(stop - text)
    }
    if (index < count) {
      if (!storeField(s, cells + <usize>index * CELL_BYTES, text, length, isQuoted)) return 0
    } else if (length > 0 && why == REJECT_VALUE) {
      // Empty ones are a delimiter too many at the end.
      why = REJECT_FIELDS
      at = field
    }
    index++
    if (p >= end || <u32>load<u8>(p) != delimiter) break
    p++
    if (p >= end && !final) return cut(s, end)
  }
  if (index < count && why == REJECT_VALUE) {
    why = REJECT_SHORT
    at = p
  }
  const columns = load<usize>(s, S_COLUMNS)
  const columnsEnd = columns + <usize>load<u32>(s, S_COLUMN_COUNT) * COLUMN_BYTES
  if (!ndjsonStoreMissing(s, columns, columnsEnd, COLUMN_BYTES)) return 0
  if (why != REJECT_VALUE || load<u32>(s, S_BAD) != 0) ndjsonReject(s, start, p, why, at)
  else {
    const row = load<u32>(s, S_ROW)
    const starts = load<usize>(s, S_ROW_STARTS)
    store<u32>(starts + (<usize>row << 2), <u32>(start - load<usize>(s, S_ORIGIN)))
    store<u32>(s, row + 1, S_ROW)
  }
  return p < end ? p + 1 : end
}

/** What the caller does about the record that readRecord could not finish. */
function answerOf(error: u32): u32 {
  switch (error) {
    case ERROR_ROOM: return RETURN_ROOM
    case ERROR_ENTRIES: return RETURN_ENTRIES
    case ERROR_DEFERRED: return RETURN_DEFERRED
    default: return RETURN_INPUT
  }
}

/** Behind the lines of nothing at p. */
function behindBlank(from: usize, end: usize, final: bool): usize {
  let p = from
  while (p < end) {
    const c = <u32>load<u8>(p)
    // The newlines behind the input are none of its own.
    const isReturn = c == RETURN && (p + 1 < end ? <u32>load<u8>(p, 1) == NEWLINE : final)
    if (c != NEWLINE && !isReturn) return p
    p++
  }
  return p
}

/** Reads records from S_CURSOR on; RETURN_* says why it stopped, always between records. */
export function csvParse(s: usize, form: usize): u32 {
  const answer = readRecords(s, form)
  const lack = ndjsonGiveCodes(s)
  return lack != 0 ? lack : answer
}

/** As csvParse(), but strings may wait for their codes. */
function readRecords(s: usize, form: usize): u32 {
  const end = load<usize>(s, S_END)
  const sliceEnd = load<usize>(s, S_SLICE_END)
  let p = load<usize>(s, S_CURSOR)
  while (true) {
    p = behindBlank(p, end, load<u32>(s, S_FINAL) != 0)
    store<usize>(s, p, S_CURSOR)
    if (p >= end) return load<u32>(s, S_FINAL) != 0 ? RETURN_DONE : RETURN_INPUT
    if (p >= sliceEnd) return RETURN_SLICE
    if (load<u32>(s, S_ROW) >= load<u32>(s, S_ROW_CAP)) return RETURN_ROWS
    if (ndjsonIsFull(s)) {
      const lack = ndjsonGiveCodes(s)
      if (lack != 0) return lack
    }
    if (load<u32>(s, S_REJECT_COUNT) >= load<u32>(s, S_REJECT_CAP)) return RETURN_REJECTS
    const row = load<u32>(s, S_ROW)
    const deferred = load<u32>(s, S_DEFERRED_COUNT)
    p = readRecord(s, form, p, end)
    // Of a record that was not kept nothing may be computed later.
    if (load<u32>(s, S_ROW) == row) store<u32>(s, deferred, S_DEFERRED_COUNT)
    if (p == 0) return answerOf(load<u32>(s, S_ERROR))
  }
}

/** Looks at [from, end) in the state X_STATE: where the last whole record ends (X_END), and the state
 * at the end. */
export function csvSplit(split: usize, from: usize, end: usize, delimiter: u32, quote: u32, escape: u32): void {
  const delimiters = i8x16.splat(<i8>delimiter)
  const quotes = i8x16.splat(<i8>quote)
  const escapes = i8x16.splat(<i8>(escape < 256 ? escape : quote))
  let state = load<u32>(split, X_STATE)
  let p = from
  let last: usize = 0
  while (p < end) {
    if (state == SPLIT_QUOTED) {
      p = quotedStop(p, end, quotes, escapes)
      if (p >= end) break
      state = <u32>load<u8>(p) == quote ? SPLIT_FIELD : SPLIT_ESCAPED
      p++
    } else if (state == SPLIT_ESCAPED) {
      state = SPLIT_QUOTED
      p++
    } else if (state == SPLIT_FIELD && <u32>load<u8>(p) == quote) {
      state = SPLIT_QUOTED
      p++
    } else {
      p = plainEnd(p, delimiters)
      if (p >= end) {
        state = SPLIT_PLAIN
        break
      }
      state = SPLIT_FIELD
      if (<u32>load<u8>(p) == NEWLINE) last = p + 1
      p++
    }
  }
  store<u32>(split, state, X_STATE)
  store<usize>(split, last, X_END)
}

/** Newlines in [from, end). */
export function csvLines(from: usize, end: usize): u32 {
  let lines: u32 = 0
  let p = from
  for (; p + 16 <= end; p += 16) lines += popcnt(i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(10))))
  for (; p < end; p++) lines += <u32>(<u32>load<u8>(p) == NEWLINE)
  return lines
}
