// The structures through which callers and the CSV kernel talk, beside those of ndjson-layout.ts, as byte
// offsets into work memory. Both TypeScript and AssemblyScript compile this file.
//
//   form ──cells──▶ cell, cell, …     one a field of the file: where it goes

// ── Form: how a file is written ──────────────────────────────────────────────────────────────────
export const FORM_BYTES = 32
export const F_CELLS = 0
export const F_CELL_COUNT = 4
/** One byte each; 256: the dialect has none. */
export const F_DELIMITER = 8
export const F_QUOTE = 12
/** What makes the next byte of a quoted field stand for itself; 256: only a doubled quote does. */
export const F_ESCAPE = 16

// ── Cell: a field of every record ────────────────────────────────────────────────────────────────
export const CELL_BYTES = 8
/** Pointer of the column; 0: it goes nowhere. */
export const L_COLUMN = 0
/** Bit set of CELL_*. */
export const L_FLAGS = 4
/** A field of no bytes, without quotes, is missing. */
export const CELL_EMPTY_IS_MISSING = 1
/** `\N` without quotes is NULL. */
export const CELL_NULL = 2

// ── Why a record is rejected, beside REJECT_VALUE ────────────────────────────────────────────────
/** A quote is not closed up to the end of the file. */
export const REJECT_UNCLOSED = 4
/** Something stands between a closing quote and the delimiter. */
export const REJECT_BEHIND_QUOTE = 5
/** More fields than the file has columns. */
export const REJECT_FIELDS = 6
/** Fewer fields than the file has columns. */
export const REJECT_SHORT = 7

// ── Split: where records end, over a stream of pieces ────────────────────────────────────────────
export const SPLIT_BYTES = 16
/** SPLIT_FIELD … at the end of what was looked at. */
export const X_STATE = 0
/** Behind the last record that ends in the piece, as a pointer; 0: none does. */
export const X_END = 4

/** At the start of a field, or behind a quote that may have closed it. */
export const SPLIT_FIELD = 0
/** Within a field without quotes. */
export const SPLIT_PLAIN = 1
export const SPLIT_QUOTED = 2
/** Behind an escape within quotes. */
export const SPLIT_ESCAPED = 3
