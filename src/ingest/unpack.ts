// A gzip body to its plain bytes: small ones at once, others beside the thread and one after the other,
// into memory of the size that the body itself says it has.
//
// Invariant: whatever a body says, it takes no more than `bytesMax`, once a thread.

import { createGunzip, gunzipSync } from 'node:zlib'
import type { IngestBody } from './body-reader.ts'

/** Compressed and plain bytes that are unpacked in place (about 2 ms). */
const INLINE_BYTES = 48 * 1024
const INLINE_PLAIN_BYTES = 1024 * 1024
/** Plain bytes to each packed one, at the very most (RFC 1951: 258 bytes by two bits). */
const RATIO_MAX = 1032

/** A gzip body that unpacks to more than is allowed: 413. */
export class BodyTooLarge extends Error {}

/** Large bodies of this thread: one is unpacked at a time. */
let others: Promise<unknown> = Promise.resolve()

/** Plain bytes of a body: at once, or when `ready` is called. Fails with a sentence. */
export function openBody(
  body: IngestBody, bytesMax: number, ready: (bytes: Uint8Array | Error) => void,
): void {
  if (!body.gzip) {
    ready(body.bytes)
    return
  }
  // A copy: the unpacker takes no shared memory.
  const packed = Uint8Array.from(body.bytes)
  const said = saidBytes(packed)
  const now = said > bytesMax ? tooLarge(bytesMax)
    : packed.length <= INLINE_BYTES && said <= INLINE_PLAIN_BYTES ? unpackedNow(packed, bytesMax) : null
  if (now !== null) {
    ready(now)
    return
  }
  const opened = others.then(() => unpacked(packed, said, bytesMax))
  others = opened
  void opened.then(ready)
}

/** Plain bytes as the last member says at its end; 0 where that can't be. */
function saidBytes(packed: Uint8Array): number {
  if (packed.length < 18) return 0
  const said = new DataView(packed.buffer).getUint32(packed.length - 4, true)
  return said > packed.length * RATIO_MAX ? 0 : said
}

/** Null: it is larger than its last member says, too large for the thread to wait. */
function unpackedNow(packed: Uint8Array, bytesMax: number): Uint8Array | Error | null {
  try {
    return gunzipSync(packed, { maxOutputLength: Math.min(bytesMax, INLINE_PLAIN_BYTES) })
  } catch (error) {
    const isLarger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return !isLarger ? notGzip(error) : bytesMax <= INLINE_PLAIN_BYTES ? tooLarge(bytesMax) : null
  }
}

async function unpacked(packed: Uint8Array, said: number, bytesMax: number): Promise<Uint8Array | Error> {
  let length = 0
  try {
    let plain = new Uint8Array(Math.max(said, 64 * 1024))
    const gunzip = createGunzip()
    gunzip.end(packed)
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      const end = length + chunk.length
      if (end > bytesMax) return tooLarge(bytesMax)
      if (end > plain.length) {
        const grown = new Uint8Array(Math.min(bytesMax, Math.max(end, 2 * plain.length)))
        grown.set(plain.subarray(0, length))
        plain = grown
      }
      plain.set(chunk, length)
      length = end
    }
    return plain.subarray(0, length)
  } catch (error) {
    return error instanceof RangeError ? new Error(`there is no memory to unpack the body (${error.message})`) : notGzip(error)
  }
}

const tooLarge = (bytesMax: number): Error =>
  new BodyTooLarge(`the body unpacks to more than ${bytesMax} bytes; send it in smaller requests`)

const notGzip = (error: unknown): Error => new Error(`the body is not valid gzip (${(error as Error).message})`)
