// LZ4 blocks behind one face. The library puts the plain size (u32) before each block; we keep it: it
// bounds what damaged bytes may allocate.

import { compressSync, uncompressSync } from 'lz4-napi'

/** LZ4 is not tried below this: its call costs more than the bytes. */
export const LZ4_BYTES_MIN = 256
/** Kept only where it saves an eighth: reading it costs. */
export const LZ4_GAIN = 7 / 8

/** Bytes of the plain size before a block. */
export const LZ4_HEAD_BYTES = 4

export const compress = (bytes: Uint8Array): Uint8Array =>
  compressSync(Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length))

export const uncompress = (bytes: Uint8Array): Uint8Array =>
  uncompressSync(Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length))
