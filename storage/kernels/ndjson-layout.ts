// The structures through which callers and the NDJSON kernel talk, as byte offsets into work memory.
// Both TypeScript and AssemblyScript compile this file, so it holds nothing but numbers.
// Invariant: every field is a u32 unless it says otherwise, and every pointer is absolute.
//
//   state ──columns──▶ column, column, …          one a target column
//         ──root─────▶ node ──edges──▶ edge, …    the trie of JSON paths; an edge is one key
//
// The input: bytes [cursor, end), then at least 64 bytes of newline. Newline ends every scan, so no
// loop needs a bounds check of its own: it is valid in no string, number, literal or key.

// ── State ──────────────────────────────────────────────────────────────────────────────────────
export const STATE_BYTES = 192
/** Next byte to read: always the start of a row (or of the space before it). */
export const S_CURSOR = 0
export const S_END = 4
/** 1: the body ends at S_END. */
export const S_FINAL = 8
export const S_MODE = 12
/** A row that starts here or later is left for the next call. */
export const S_SLICE_END = 16
/** Rows kept so far: the next row's number. */
export const S_ROW = 20
export const S_ROW_CAP = 24
export const S_COLUMNS = 28
export const S_COLUMN_COUNT = 32
export const S_ROOT = 36
/** A column that takes the whole row's text (`$`), or 0. */
export const S_ROOT_COLUMN = 40
/** Where the next string is decoded to. */
export const S_SCRATCH = 44
/** Records of REJECT_BYTES each. */
export const S_REJECTS = 48
export const S_REJECT_COUNT = 52
export const S_REJECT_CAP = 56
/** Records of DEFERRED_BYTES each. */
export const S_DEFERRED = 60
export const S_DEFERRED_COUNT = 64
export const S_DEFERRED_CAP = 68
/** u32 a row: where in the body it starts. */
export const S_ROW_STARTS = 72
/** Pointer minus this is an offset in the body (modulo 2^32). */
export const S_ORIGIN = 76
/** After RETURN_ROOM: the column (pointer) and the bytes that it needs at least. */
export const S_NEED_COLUMN = 80
export const S_NEED_BYTES = 84
/** u64: keeps a sender from choosing strings that collide. */
export const S_SEED = 88
/** f64[23]: powers of ten. */
export const S_POWERS = 96
/** DEPTH_MAX bytes. */
export const S_STACK = 100
/** Changes with every attempt at a row. */
export const S_STAMP = 104
/** 1: the row in work does not fit. */
export const S_BAD = 108
export const S_ERROR = 112
/** Where it went wrong (pointer). */
export const S_ERROR_AT = 116
export const S_TEXT_BYTES = 120
/** i64 and u32: results of reading a time or a number. */
export const S_VALUE = 128
export const S_NANOS = 136
/** 1: some dictionary may hold a string that no row uses. */
export const S_STRAYS = 140
/** Column of the first value that does not fit, 0: none. */
export const S_BAD_COLUMN = 144
/** The edge that readKey found. */
export const S_EDGE = 148
/** Where decoded text goes on (pointer): the second result of decoding an escape. */
export const S_OUT = 152
/** Room for decoded texts: as long as the input, and KEPT_BYTES more. */
export const S_SCRATCH_START = 156
/** Rows before this one have their codes. */
export const S_CODED = 160
/** u8[256][8]: for each set of eight bytes, which of them are not in it, in order. */
export const S_REMAINING = 164
/** u32[SPANS]: hashes of strings that wait. */
export const S_HASHES = 168
/** Takes what was read only to have it near. */
export const S_TOUCHED = 172
/** u32 a column. */
export const S_STAMPS = 176

/** Rows whose strings wait for their codes: these are looked up a column at a time, so that a table stays near
 * and the processor follows many look-ups at once. */
export const SPANS = 64
/** A string that waits: pointer and length, by the row's number modulo SPANS; a pointer of 0 has its code. */
export const SPAN_BYTES = 8
/** Decoded texts that are kept until they have their codes. */
export const KEPT_BYTES = 8192

/** A slot of a table of strings: all 0 where it is free. The rest is the kernel's own (ndjson-codes.as.ts). */
export const SLOT_BYTES = 16

/** S_MODE: rows one after the other; elements of an array; outside of arrays; behind a broken one. */
export const MODE_LINES = 0
export const MODE_ARRAY = 1
export const MODE_CLOSED = 2
export const MODE_BROKEN = 3

/** What ndjsonParse returns. */
export const RETURN_DONE = 0
/** S_SLICE_END was reached. */
export const RETURN_SLICE = 1
/** The row at S_CURSOR is not complete. */
export const RETURN_INPUT = 2
export const RETURN_ROWS = 3
/** S_NEED_COLUMN needs room: its kind says for what. */
export const RETURN_ROOM = 4
/** The table of S_NEED_COLUMN is half full, or its entries are at their end. */
export const RETURN_ENTRIES = 5
export const RETURN_REJECTS = 6
export const RETURN_DEFERRED = 7
/** An array broke: what follows in this body can't be told apart; one reject stands for it. */
export const RETURN_BROKEN = 8

/** S_ERROR. */
export const ERROR_NONE = 0
export const ERROR_SYNTAX = 1
export const ERROR_DEPTH = 2
export const ERROR_ROOM = 3
export const ERROR_ENTRIES = 4
export const ERROR_DEFERRED = 5

/** Nesting that is followed. ClickHouse stops at 1,000; every level may cost a second look at the
 * lines of a broken row, so this is what bounds the work that a hostile body can ask for. */
export const DEPTH_MAX = 128

// ── Rejected row: start and end in the body, REJECT_*, where it broke ─────────────────────────────
export const REJECT_BYTES = 16
export const R_START = 0
export const R_END = 4
export const R_WHY = 8
export const R_AT = 12
/** The row is JSON, some value does not fit its column. */
export const REJECT_VALUE = 0
export const REJECT_SYNTAX = 1
export const REJECT_DEPTH = 2
export const REJECT_NOT_OBJECT = 3

// ── A float that needs exact decimal arithmetic: column, row, pointer and length of its text ───────
export const DEFERRED_BYTES = 16
export const D_COLUMN = 0
export const D_ROW = 4
export const D_TEXT = 8
export const D_LENGTH = 12

// ── Column ─────────────────────────────────────────────────────────────────────────────────────
export const COLUMN_BYTES = 128
export const C_KIND = 0
/** Bit set of FLAG_*. */
export const C_FLAGS = 4
/** u8 a row (MARK_*), or 0 where the column is neither Nullable nor has a computed default. */
export const C_MARKS = 8
/** A value a row: codes, or end offsets behind a first 0 (BYTES, JSON), or numbers. */
export const C_VALUES = 12
/** CODES: the strings of the dictionary. BYTES, JSON: the values. */
export const C_BYTES = 16
export const C_BYTES_CAP = 20
/** CODES: start of each string, and the end of the last. */
export const C_OFFSETS = 24
export const C_COUNT = 28
export const C_ENTRY_CAP = 32
/** CODES: slots of SLOT_BYTES; at most half are taken. */
export const C_SLOTS = 36
export const C_MASK = 40
/** Where S_STAMP of the row that last wrote here stands, among S_STAMPS. */
export const C_STAMP = 44
/** CODES: SPANS records of SPAN_BYTES each. */
export const C_SPANS = 48
/** CODES: rows before this one have their code. */
export const C_CODED = 52
/** 1: some value lies beyond 2^53. */
export const C_UNSAFE = 56
/** The next column with the same path, or 0. */
export const C_CHAIN = 60
/** Constant default: its text (CODES, BYTES, JSON, FIXED, UUID) … */
export const C_DEFAULT_TEXT = 64
export const C_DEFAULT_BYTES = 68
/** … or its bits, i64 or f64 as stored. */
export const C_DEFAULT_BITS = 72
/** Bytes of a value of fixed width. */
export const C_WIDTH = 80
/** DateTime64: digits after the second. */
export const C_PRECISION = 84
/** i64: bounds of INT. */
export const C_MIN = 88
export const C_MAX = 96

export const FLAG_NULLABLE = 1
export const FLAG_DEFAULT = 2
/** The default is computed by the caller for rows marked MARK_COMPUTED. */
export const FLAG_COMPUTED = 4

export const MARK_VALUE = 0
export const MARK_NULL = 1
export const MARK_COMPUTED = 2

export const KIND_CODES = 1
export const KIND_BYTES = 2
/** As BYTES, but the text as it stands in the row: a string keeps its quotes. */
export const KIND_JSON = 3
export const KIND_INT = 4
export const KIND_UINT64 = 5
export const KIND_FLOAT64 = 6
export const KIND_FLOAT32 = 7
export const KIND_BOOL = 8
export const KIND_DATE = 9
export const KIND_DATE32 = 10
export const KIND_DATETIME = 11
export const KIND_DATETIME64 = 12
export const KIND_UUID = 13
export const KIND_FIXED = 14

/** How a value stood in the row. */
export const FORM_STRING = 0
export const FORM_NUMBER = 1
export const FORM_BOOL = 2
/** An object or an array. */
export const FORM_COMPOSITE = 3

// ── Node and edge ──────────────────────────────────────────────────────────────────────────────
export const NODE_BYTES = 16
/** u32 slots: edge pointers, 0 where free; at most half are taken. */
export const N_SLOTS = 0
export const N_MASK = 4
/** The edge that came first in the last object. */
export const N_FIRST = 8
/** Edges that have a shape. */
export const N_SHAPED = 12

export const EDGE_BYTES = 96
/** `"key":` as compact JSON writes it. */
export const E_TEXT = 0
export const E_TEXT_BYTES = 4
/** The key itself. */
export const E_KEY = 8
export const E_KEY_BYTES = 12
export const E_COLUMN = 16
/** Where `$.key.…` goes on, or 0. */
export const E_NODE = 20
/** SHAPES edges: what followed this one the last time in an object of this shape. */
export const E_NEXT = 24
/** 4 × the shape of objects that begin with this key, and 1; 0: none has yet. */
export const E_SHAPE = 56
/** u8: bytes of E_JOINED; 0 where the key has no column or they would be more than JOINED_MAX. */
export const E_JOINED_BYTES = 60
/** u8: 1 where the key is of one column alone, of numbers; E_JOINED has no quote at its end then. */
export const E_IS_NUMBER = 61
/** `,"key":"`, what stands between two texts of compact JSON. */
export const E_JOINED = 64
export const JOINED_MAX = 32
/** Orders of keys that are told apart, by the first key of an object: each sender has its own. */
export const SHAPES = 8

// ── Limits of values ───────────────────────────────────────────────────────────────────────────
/** 1900-01-01 and 2299-12-31 in days since 1970: what Date32 and DateTime64 hold. */
export const DAY_MIN = -25567
export const DAY_MAX = 120529
/** Text of a Date or Date32 up to this long counts days since 1970, not seconds. */
export const DAY_DIGITS = 5
