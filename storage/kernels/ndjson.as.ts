// The NDJSON kernel: rows of a body to columns. ndjson.ts is its reference and says what is promised.
//
// Speculation: after key A the next key is most likely the one that followed A in the last row, so
// its text (`"b":`) is compared first, 16 bytes at a time; only a miss reads the key and looks it up.
// A stream of one shape never looks anything up, and a row of another shape costs a look-up a key.

import {
  COLUMN_BYTES, C_CHAIN, C_KIND, ERROR_DEFERRED, ERROR_DEPTH, ERROR_ENTRIES, ERROR_ROOM, ERROR_SYNTAX, E_COLUMN,
  E_IS_NUMBER, E_JOINED, E_JOINED_BYTES, E_KEY, E_KEY_BYTES, E_NEXT, E_NODE, E_SHAPE, E_TEXT, E_TEXT_BYTES, FORM_BOOL, FORM_COMPOSITE, FORM_NUMBER,
  FORM_STRING, KIND_JSON, MODE_ARRAY, MODE_BROKEN, MODE_CLOSED, MODE_LINES, N_FIRST, N_MASK, N_SHAPED, N_SLOTS,
  REJECT_DEPTH, REJECT_NOT_OBJECT, REJECT_SYNTAX, REJECT_VALUE, RETURN_BROKEN, RETURN_DEFERRED,
  RETURN_DONE, RETURN_ENTRIES, RETURN_INPUT, RETURN_REJECTS, RETURN_ROOM, RETURN_ROWS,
  RETURN_SLICE, S_BAD, S_BAD_COLUMN, S_COLUMNS, S_COLUMN_COUNT, S_CURSOR, S_DEFERRED_COUNT, S_EDGE,
  S_END, S_ERROR, S_ERROR_AT, S_FINAL, S_MODE, S_ORIGIN, S_REJECT_CAP, S_REJECT_COUNT, S_ROOT,
  S_ROOT_COLUMN, S_ROW, S_ROW_CAP, S_ROW_STARTS, S_SCRATCH, S_SLICE_END, S_STAMP, S_TEXT_BYTES, SHAPES,
} from './ndjson-layout'
import { ndjsonGiveCodes, ndjsonIsFull, ndjsonKeep } from './ndjson-codes.as'
import { ndjsonStore, ndjsonStoreMissing, ndjsonStoreNull, ndjsonStoreNumber } from './ndjson-store.as'
import {
  ndjsonCompact, ndjsonFail, ndjsonLineEnd, ndjsonReject, ndjsonSkipComposite, ndjsonSkipScalar, ndjsonSkipString,
  ndjsonSkipValue, ndjsonSpace, ndjsonTextEnd, ndjsonUnescape,
} from './ndjson-text.as'

/** The text of an edge stands at p. Goes on only while bytes agree, so never far behind the end. */
@inline
function matches(p: usize, edge: usize): bool {
  const text = load<usize>(edge, E_TEXT)
  const bytes = load<u32>(edge, E_TEXT_BYTES)
  let i: u32 = 0
  for (; i + 16 < bytes; i += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(p + i), v128.load(text + i))) != 0xffff) return false
  }
  const mask = (1 << (bytes - i)) - 1
  return (i8x16.bitmask(i8x16.eq(v128.load(p + i), v128.load(text + i))) & mask) == mask
}

/** E_JOINED of an edge stands at p. */
@inline
function isJoined(p: usize, edge: usize): bool {
  const bytes = <u32>load<u8>(edge, E_JOINED_BYTES)
  if (bytes == 0) return false
  const low = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(edge, E_JOINED)))
  if (bytes <= 16) {
    const mask = (1 << bytes) - 1
    return (low & mask) == mask
  }
  if (low != 0xffff) return false
  const mask = (1 << (bytes - 16)) - 1
  const high = i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(edge, E_JOINED + 16)))
  return (high & mask) == mask
}

function keyHash(p: usize, bytes: u32): u32 {
  let h = bytes
  for (let i: u32 = 0; i < bytes; i += 4) {
    let word = load<u32>(p + i)
    if (bytes - i < 4) word &= (1 << ((bytes - i) << 3)) - 1
    h = (h ^ word) * 0x9e3779b1
    h ^= h >> 15
  }
  return h
}

function sameKey(a: usize, b: usize, bytes: u32): bool {
  let i: u32 = 0
  for (; i + 16 < bytes; i += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) != 0xffff) return false
  }
  const mask = (1 << (bytes - i)) - 1
  return (i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) & mask) == mask
}

/** The edge of a key, 0: nobody wants it. */
function findEdge(node: usize, key: usize, bytes: u32): usize {
  const mask = load<u32>(node, N_MASK)
  const slots = load<usize>(node, N_SLOTS)
  let j = keyHash(key, bytes) & mask
  while (true) {
    const edge = load<usize>(slots + (<usize>j << 2))
    if (edge == 0) return 0
    if (load<u32>(edge, E_KEY_BYTES) == bytes && sameKey(load<usize>(edge, E_KEY), key, bytes)) {
      return edge
    }
    j = (j + 1) & mask
  }
}

/** Stores the object or array at [p, next): as a text without the spaces between its tokens, as Tinybird keeps it. */
function storeComposite(s: usize, column: usize, p: usize, next: usize): bool {
  if (load<u32>(column, C_KIND) == KIND_JSON && load<usize>(column, C_CHAIN) == 0) {
    return ndjsonStore(s, column, p, <u32>(next - p), FORM_COMPOSITE, p, next)
  }
  const length = ndjsonCompact(s, p, next)
  if (!ndjsonStore(s, column, load<usize>(s, S_SCRATCH), length, FORM_COMPOSITE, p, next)) return false
  ndjsonKeep(s, column, length)
  return true
}

/** Objects, arrays, numbers, words: everything but strings. Behind the value, or 0. */
function readOther(s: usize, p: usize, end: usize, edge: usize): usize {
  const c = <u32>load<u8>(p)
  const column = load<usize>(edge, E_COLUMN)
  const node = load<usize>(edge, E_NODE)
  if (c == 123 || c == 91) {
    const next = c == 123 && node != 0 ? readObject(s, p, end, node)
      : ndjsonSkipComposite(s, p, end)
    if (next == 0 || column == 0) return next
    return storeComposite(s, column, p, next) ? next : 0
  }
  const next = ndjsonSkipScalar(s, p)
  if (next == 0 || column == 0) return next
  // A number that touches the end may go on behind it.
  if (next >= end && load<u32>(s, S_FINAL) == 0) return ndjsonFail(s, ERROR_SYNTAX, next)
  if (c == 110) return ndjsonStoreNull(s, column) ? next : 0
  const form: u32 = c == 116 || c == 102 ? FORM_BOOL : FORM_NUMBER
  return ndjsonStore(s, column, p, <u32>(next - p), form, p, next) ? next : 0
}

/** The string at p whose first escape, or wrong byte, is at `stop`. Behind it, or 0. */
function readEscaped(s: usize, p: usize, stop: usize, column: usize): usize {
  const next = ndjsonUnescape(s, p + 1, stop)
  if (next == 0) return 0
  const length = load<u32>(s, S_TEXT_BYTES)
  if (!ndjsonStore(s, column, load<usize>(s, S_SCRATCH), length, FORM_STRING, p, next)) return 0
  ndjsonKeep(s, column, length)
  return next
}

/** The value at p for an edge. Behind it, or 0. */
@inline
function readValue(s: usize, p: usize, end: usize, edge: usize): usize {
  if (load<u8>(p) != 34) return readOther(s, p, end, edge)
  const column = load<usize>(edge, E_COLUMN)
  if (column == 0) return ndjsonSkipString(s, p + 1)
  const text = p + 1
  const stop = ndjsonTextEnd(text)
  if (load<u8>(stop) != 34) return readEscaped(s, p, stop, column)
  return ndjsonStore(s, column, text, <u32>(stop - text), FORM_STRING, p, stop + 1) ? stop + 1 : 0
}

/** The value at p, spaces before it, for an edge of numbers. Behind it, or 0. */
@inline
function readNumber(s: usize, p: usize, end: usize, edge: usize): usize {
  const next = ndjsonStoreNumber(s, load<usize>(edge, E_COLUMN), p)
  return next != 0 ? next : readUnlikely(s, p, end, edge)
}

/** As readNumber(), of whatever else stands there. */
function readUnlikely(s: usize, p: usize, end: usize, edge: usize): usize {
  return readValue(s, ndjsonSpace(p, end), end, edge)
}

/** Reads `"key" :` at p by looking the key up; its edge (0: none) to S_EDGE. Behind it, or 0. */
function readKey(s: usize, from: usize, end: usize, node: usize): usize {
  if (load<u8>(from) != 34) return ndjsonFail(s, ERROR_SYNTAX, from)
  let text = from + 1
  const stop = ndjsonTextEnd(text)
  let next = stop + 1
  let length = <u32>(stop - text)
  if (load<u8>(stop) != 34) {
    next = ndjsonUnescape(s, text, stop)
    if (next == 0) return 0
    text = load<usize>(s, S_SCRATCH)
    length = load<u32>(s, S_TEXT_BYTES)
  }
  const p = ndjsonSpace(next, end)
  if (load<u8>(p) != 58) return ndjsonFail(s, ERROR_SYNTAX, p)
  store<usize>(s, findEdge(node, text, length), S_EDGE)
  return p + 1
}

/** Where edges keep what follows in objects that begin with this one, as bytes behind E_NEXT. */
function shapeOf(node: usize, first: usize): usize {
  const known = load<usize>(first, E_SHAPE)
  if (known != 0) return known - 1
  const count = load<usize>(node, N_SHAPED)
  store<usize>(node, count + 1, N_SHAPED)
  store<usize>(first, ((count % SHAPES) << 2) + 1, E_SHAPE)
  return (count % SHAPES) << 2
}

/** The object whose brace is at p: wanted keys to their columns, the others skipped. Behind it, or 0
 * with S_ERROR set. Recurses as deep as the paths of the table. */
function readObject(s: usize, from: usize, end: usize, node: usize): usize {
  let previous: usize = 0
  let shape: usize = 0
  let edge = load<usize>(node, N_FIRST)
  let p = from + 1
  if (load<u8>(p) <= 32) p = ndjsonSpace(p, end)
  if (load<u8>(p) == 125) return p + 1
  while (true) {
    if (edge != 0 && matches(p, edge)) p += load<u32>(edge, E_TEXT_BYTES)
    else {
      p = readKey(s, p, end, node)
      if (p == 0) return 0
      edge = load<usize>(s, S_EDGE)
      if (edge != 0) {
        if (previous == 0) store<usize>(node, edge, N_FIRST)
        else store<usize>(previous + shape, edge, E_NEXT)
      }
    }
    if (load<u8>(p) <= 32) p = ndjsonSpace(p, end)
    if (edge != 0) {
      if (previous == 0) shape = shapeOf(node, edge)
      p = load<u8>(edge, E_IS_NUMBER) != 0 ? readNumber(s, p, end, edge) : readValue(s, p, end, edge)
      previous = edge
    } else p = ndjsonSkipValue(s, p, end)
    if (p == 0) return 0
    edge = previous == 0 ? load<usize>(node, N_FIRST) : load<usize>(previous + shape, E_NEXT)
    // Text or number behind another, as nearly all rows have them: one comparison a key. Where the next begins must wait for no
    // more than the end of this one: whatever else is asked is a branch that is foreseen, not part of a value.
    while (edge != 0 && isJoined(p, edge)) {
      const column = load<usize>(edge, E_COLUMN)
      const text = p + load<u8>(edge, E_JOINED_BYTES)
      if (load<u8>(edge, E_IS_NUMBER) != 0) {
        p = readNumber(s, text, end, edge)
        if (p == 0) return 0
      } else {
        const stop = ndjsonTextEnd(text)
        if (load<u8>(stop) == 34) {
          if (!ndjsonStore(s, column, text, <u32>(stop - text), FORM_STRING, text - 1, stop + 1)) return 0
          p = stop + 1
        } else {
          p = readEscaped(s, text - 1, stop, column)
          if (p == 0) return 0
        }
      }
      previous = edge
      edge = load<usize>(previous + shape, E_NEXT)
    }
    let c = <u32>load<u8>(p)
    if (c <= 32) {
      p = ndjsonSpace(p, end)
      c = <u32>load<u8>(p)
    }
    if (c != 44) return c == 125 ? p + 1 : ndjsonFail(s, ERROR_SYNTAX, p)
    if (load<u8>(++p) <= 32) p = ndjsonSpace(p, end)
  }
}

/** Behind a row that can't be read: the end of its line, or of an array's element. 0: that is not in
 * the input. */
function rejectUnread(s: usize, start: usize, end: usize, why: u32, at: usize): usize {
  if (load<u32>(s, S_MODE) == MODE_LINES) {
    const line = ndjsonLineEnd(start)
    if (line >= end && load<u32>(s, S_FINAL) == 0) return 0
    const stop = line < end ? line : end
    ndjsonReject(s, start, stop, why, at)
    return stop
  }
  ndjsonReject(s, start, end, why, at)
  store<u32>(s, MODE_BROKEN, S_MODE)
  return end
}

/** True where what follows a row is allowed to: the end, a new line, or the next row. */
function isBetweenRows(p: usize, end: usize, mode: u32): bool {
  const c = <u32>load<u8>(p)
  return p >= end || c == 44 || (mode == MODE_LINES ? c == 10 || c == 123 : c == 93)
}

/** Behind the spaces of one line. */
@inline
function lineSpace(from: usize): usize {
  let p = from
  while (load<u8>(p) == 32 || load<u8>(p) == 13 || load<u8>(p) == 9) p++
  return p
}

/** One row at p, its first byte not space. Behind it and stored (or rejected), or 0: S_ERROR says
 * what is missing (ERROR_SYNTAX: input). */
function readRow(s: usize, p: usize, end: usize): usize {
  const mode = load<u32>(s, S_MODE)
  const final = load<u32>(s, S_FINAL) != 0
  store<u32>(s, load<u32>(s, S_STAMP) + 1, S_STAMP)
  store<u32>(s, 0, S_BAD)
  store<usize>(s, 0, S_BAD_COLUMN)
  let why: u32 = REJECT_VALUE
  let next: usize
  if (load<u8>(p) == 123) {
    next = readObject(s, p, end, load<usize>(s, S_ROOT))
    if (next != 0) {
      const column = load<usize>(s, S_ROOT_COLUMN)
      if (column != 0 && !storeComposite(s, column, p, next)) return 0
    }
  } else {
    // An element that is no object has an end; a line that does not open one is not JSON of ours.
    next = mode == MODE_ARRAY ? ndjsonSkipValue(s, p, end) : ndjsonFail(s, ERROR_SYNTAX, p)
    why = REJECT_NOT_OBJECT
    store<u32>(s, 1, S_BAD)
  }
  if (next != 0) {
    const behind = mode == MODE_LINES ? lineSpace(next) : ndjsonSpace(next, end)
    if (behind >= end && !final) return ndjsonFail(s, ERROR_SYNTAX, behind)
    if (!isBetweenRows(behind, end, mode)) next = ndjsonFail(s, ERROR_SYNTAX, behind)
    else {
      const columns = load<usize>(s, S_COLUMNS)
      const columnsEnd = columns + <usize>load<u32>(s, S_COLUMN_COUNT) * COLUMN_BYTES
      if (why == REJECT_VALUE && !ndjsonStoreMissing(s, columns, columnsEnd, COLUMN_BYTES)) return 0
      if (load<u32>(s, S_BAD) != 0) ndjsonReject(s, p, next, why, p)
      else {
        const row = load<u32>(s, S_ROW)
        const starts = load<usize>(s, S_ROW_STARTS)
        store<u32>(starts + (<usize>row << 2), <u32>(p - load<usize>(s, S_ORIGIN)))
        store<u32>(s, row + 1, S_ROW)
      }
      return load<u8>(behind) == 44 && behind < end ? behind + 1 : behind
    }
  }
  const error = load<u32>(s, S_ERROR)
  if (error > <u32>ERROR_DEPTH) return 0
  const at = load<usize>(s, S_ERROR_AT)
  if (at >= end && !final && (why == REJECT_VALUE || mode == MODE_ARRAY)) return 0
  if (why == REJECT_VALUE) why = error == ERROR_DEPTH ? REJECT_DEPTH : REJECT_SYNTAX
  next = rejectUnread(s, p, end, why, at < end ? at : end)
  if (next == 0) return ndjsonFail(s, ERROR_SYNTAX, end)
  return next
}

/** The space before a row, and an array's brackets. */
function toRow(s: usize, from: usize, end: usize): usize {
  let p = ndjsonSpace(from, end)
  if (load<u32>(s, S_MODE) != MODE_LINES) {
    while (p < end) {
      const open = load<u32>(s, S_MODE) == MODE_ARRAY
      if (load<u8>(p) != (open ? 93 : 91)) break
      store<u32>(s, open ? MODE_CLOSED : MODE_ARRAY, S_MODE)
      p = ndjsonSpace(p + 1, end)
    }
  }
  return p
}

/** What the caller does about the row that readRow could not finish. */
function answerOf(error: u32): u32 {
  switch (error) {
    case ERROR_ROOM: return RETURN_ROOM
    case ERROR_ENTRIES: return RETURN_ENTRIES
    case ERROR_DEFERRED: return RETURN_DEFERRED
    default: return RETURN_INPUT
  }
}

/** Reads rows from S_CURSOR on; RETURN_* says why it stopped, always between rows. */
export function ndjsonParse(s: usize): u32 {
  const answer = readRows(s)
  const lack = ndjsonGiveCodes(s)
  return lack != 0 ? lack : answer
}

/** As ndjsonParse(), but strings may wait for their codes. */
function readRows(s: usize): u32 {
  const end = load<usize>(s, S_END)
  const sliceEnd = load<usize>(s, S_SLICE_END)
  let p = load<usize>(s, S_CURSOR)
  while (true) {
    p = toRow(s, p, end)
    store<usize>(s, p, S_CURSOR)
    if (load<u32>(s, S_MODE) == MODE_BROKEN) return RETURN_BROKEN
    if (p >= end) return load<u32>(s, S_FINAL) != 0 ? RETURN_DONE : RETURN_INPUT
    if (p >= sliceEnd) return RETURN_SLICE
    if (load<u32>(s, S_ROW) >= load<u32>(s, S_ROW_CAP)) return RETURN_ROWS
    if (ndjsonIsFull(s)) {
      const lack = ndjsonGiveCodes(s)
      if (lack != 0) return lack
    }
    if (load<u32>(s, S_REJECT_COUNT) >= load<u32>(s, S_REJECT_CAP)) return RETURN_REJECTS
    if (load<u32>(s, S_MODE) == MODE_CLOSED) {
      p = rejectUnread(s, p, end, REJECT_SYNTAX, p)
      continue
    }
    const row = load<u32>(s, S_ROW)
    const deferred = load<u32>(s, S_DEFERRED_COUNT)
    p = readRow(s, p, end)
    // Of a row that was not kept nothing may be computed later.
    if (load<u32>(s, S_ROW) == row) store<u32>(s, deferred, S_DEFERRED_COUNT)
    if (p == 0) return answerOf(load<u32>(s, S_ERROR))
  }
}
