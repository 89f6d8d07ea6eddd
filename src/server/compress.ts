// Answers in the encoding that the client takes: br before gzip, made off the main thread, and only
// where it pays. Small answers and formats that are packed already go as they are.

import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { HttpAnswer } from './http.ts'

/** One packet's worth: below it nothing is won. */
const BYTES_MIN = 1400
const PACKED = /parquet|gzip|zip/
/** Levels at which a megabyte of JSON takes some 10 ms. */
const BROTLI_QUALITY = 3
const GZIP_LEVEL = 4

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

const encode = (bytes: Uint8Array, encoding: 'br' | 'gzip'): Promise<Buffer> => (encoding === 'br'
  ? toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }) : toGzip(bytes, { level: GZIP_LEVEL }))

/** What Accept-Encoding takes of ours; null: nothing. `q=0` refuses. */
export function encodingFor(accept: string): 'br' | 'gzip' | null {
  let best: 'br' | 'gzip' | null = null
  for (const part of accept.split(',')) {
    const [name, ...parameters] = part.trim().toLowerCase().split(';')
    if (parameters.some((parameter) => /^\s*q=0(\.0*)?$/.test(parameter))) continue
    if (name === 'br') return 'br'
    if (name === 'gzip' || name === '*') best = 'gzip'
  }
  return best
}

/** The answer, encoded where client and size want it. Then its own bytes are read no more, however that ended. */
export async function compressed(answer: HttpAnswer, accept: string): Promise<HttpAnswer> {
  const encoding = encodingFor(accept)
  const type = answer.headers['Content-Type'] ?? ''
  if (encoding === null || answer.body.length < BYTES_MIN || PACKED.test(type)) return answer
  const { onOut, ...plain } = answer
  try {
    const body = await encode(typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body, encoding)
    return { ...plain, body, headers: { ...answer.headers, 'Content-Encoding': encoding, Vary: 'Accept-Encoding' } }
  } finally {
    onOut?.()
  }
}
