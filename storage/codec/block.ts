// One block of one column as bytes: which codec, NULLs, values. FORMAT.md, "Block".
//
//   | codec u8 | has nulls u8 | width u8 | is big u8 | rows u32 | base f64 | nulls ⌈rows/8⌉ to 8 | values |
//
// `is big` (CODEC_PLAIN only): the values are 64-bit integers, not doubles.
// Codec numbers are on disk: never renumber.

export const CODEC_PACKED = 1 // integers: base + bit-packed differences of `width` bits (0..32)
export const CODEC_PLAIN = 2 // typed array of `width` bytes a value, as is
export const CODEC_BYTES = 3 // strings: offsets u32 * (rows + 1), bytes
export const CODEC_BYTES_LZ4 = 4 // the same behind one LZ4 block: | plain bytes u32 | lz4 |
export const CODEC_ARRAY = 5 // offsets u32 * (rows + 1), then a block of the elements
export const CODEC_TUPLE = 6 // | fields u32 | then a block of each field, each | bytes u32 | block |

export const BLOCK_HEAD_BYTES = 16

export type BlockHead = {
  readonly codec: number
  readonly width: number
  readonly rows: number
  readonly base: number
  readonly isBig: boolean
  /** Offset of the NULL bitmap in the block, -1: no NULLs. */
  readonly nullsAt: number
  readonly valuesAt: number
}

const roundUp8 = (bytes: number): number => (bytes + 7) & ~7

/** Reads the head of a block; `bytes` starts with it. */
export function readBlockHead(bytes: Uint8Array): BlockHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, BLOCK_HEAD_BYTES)
  const rows = view.getUint32(4, true)
  const hasNulls = bytes[1] === 1
  return {
    codec: bytes[0], width: bytes[2], rows, base: view.getFloat64(8, true),
    isBig: bytes[3] === 1, nullsAt: hasNulls ? BLOCK_HEAD_BYTES : -1,
    valuesAt: BLOCK_HEAD_BYTES + (hasNulls ? roundUp8(Math.ceil(rows / 8)) : 0),
  }
}

/** A block with its head and NULL bitmap written, and room for `valueBytes` of values. */
export function newBlock(
  codec: number, width: number, rows: number, base: number, nulls: Uint8Array | null, valueBytes: number,
): { readonly bytes: Uint8Array; readonly valuesAt: number } {
  const nullBytes = nulls === null ? 0 : roundUp8(Math.ceil(rows / 8))
  const valuesAt = BLOCK_HEAD_BYTES + nullBytes
  const bytes = new Uint8Array(roundUp8(valuesAt + valueBytes))
  const view = new DataView(bytes.buffer)
  bytes[0] = codec
  bytes[1] = nulls === null ? 0 : 1
  bytes[2] = width
  view.setUint32(4, rows, true)
  view.setFloat64(8, base, true)
  if (nulls !== null) {
    for (let row = 0; row < rows; row++) if (nulls[row] !== 0) bytes[BLOCK_HEAD_BYTES + (row >> 3)] |= 1 << (row & 7)
  }
  return { bytes, valuesAt }
}

export const isNullAt = (bytes: Uint8Array, nullsAt: number, row: number): boolean =>
  (bytes[nullsAt + (row >> 3)] & (1 << (row & 7))) !== 0
