// The table of codecs. A block is one column's values of up to BLOCK_ROWS_MAX rows (the elements of an
// array may be more); how many is known from outside.
//
//   | codec u8, + 128: has NULLs | NULLs: a bit a row, low first, ⌈rows / 8⌉ | body |
//
// Numbers are on disk: never renumber.

export const CODEC_NUMBERS = 1 // whole numbers that are exact as doubles: number-block.ts
export const CODEC_BIG = 2 // 64-bit integers of which some are not: number-block.ts
export const CODEC_FLOATS = 3 // floats as they are: number-block.ts
export const CODEC_SCALED = 4 // floats that are whole numbers / 10^k: number-block.ts
export const CODEC_STRINGS = 5 // bytes as they are: string-block.ts
export const CODEC_LZ4 = 6 // bytes in LZ4 chunks: string-block.ts
export const CODEC_SERIAL = 7 // prefix, number, suffix: serial-block.ts
export const CODEC_UUID = 8 // lower-case UUID text as 16 bytes: string-block.ts
export const CODEC_DISTINCT = 9 // few distinct strings and their numbers: distinct-block.ts
export const CODEC_ARRAY = 10 // nested.ts
export const CODEC_TUPLE = 11 // nested.ts
export const CODEC_TEMPLATE = 12 // texts around numbers: template-block.ts

export const HAS_NULLS = 128
