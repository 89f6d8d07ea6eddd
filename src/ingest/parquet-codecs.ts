// How pages are unpacked: by what Node has, or WebAssembly; a third of the time of what is plain
// JavaScript (ZSTD of 0.5 MB: 1.2 ms instead of 6.5).

import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { compressors } from 'hyparquet-compressors'
import { ZSTDDecoder } from 'zstddec'

/** Pages that need more of the decoder's own memory, which it keeps, go the slow way. */
const OWN_BYTES_MAX = 64 * 2 ** 20

const zstd = new ZSTDDecoder()

/** Resolves when a codec can be used. */
export const codecReady = async (codec: string): Promise<void> => { if (codec === 'ZSTD') await withoutFetch(() => zstd.init()) }

/** The decoder takes its own code out of a text by fetch() where there is one: that loads Node's HTTP client in each
 * worker (a seventh of the first file's time, 5 MB). Without it, it asks Buffer. */
function withoutFetch<T>(begin: () => T): T {
  const { fetch } = globalThis
  Object.assign(globalThis, { fetch: undefined })
  try {
    return begin()
  } finally {
    Object.assign(globalThis, { fetch })
  }
}

type Unpack = (bytes: Uint8Array, plainBytes: number) => Uint8Array

/** Not as a Buffer, whose slices are no copies. */
const unpooled = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length)

/** By their names in the file. What is damaged throws, or is of another length than `plainBytes`. */
export const codecs: Readonly<Record<string, Unpack>> = {
  SNAPPY: (bytes, plainBytes) => compressors.SNAPPY?.(bytes, plainBytes) ?? bytes,
  LZ4: (bytes, plainBytes) => compressors.LZ4?.(bytes, plainBytes) ?? bytes,
  LZ4_RAW: (bytes, plainBytes) => compressors.LZ4_RAW?.(bytes, plainBytes) ?? bytes,
  GZIP: (bytes, plainBytes) => unpooled(gunzipSync(bytes, { maxOutputLength: Math.max(1, plainBytes) })),
  BROTLI: (bytes, plainBytes) => unpooled(brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, plainBytes) })),
  ZSTD: (bytes, plainBytes) => (plainBytes + bytes.length > OWN_BYTES_MAX
    ? compressors.ZSTD?.(bytes, plainBytes) ?? bytes : zstd.decode(bytes, plainBytes)),
}
