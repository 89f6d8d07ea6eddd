// Encoded answers: what client and size want, and when the bytes of the plain one are let go.

import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { compressed, encodingFor } from './compress.ts'

const headers = { 'Content-Type': 'application/json' }
const body = Buffer.from('{"one":1}\n'.repeat(1000))

/** Bytes that can't be read. */
class Unreadable extends Uint8Array {
  override get buffer(): ArrayBuffer { throw new Error('unreadable') }
}

it('takes br before gzip, and neither where it is refused', () => {
  expect(['gzip, br', 'gzip;q=0.5', '*', 'br;q=0, gzip', 'identity', 'gzip;q=0'].map(encodingFor))
    .toEqual(['br', 'gzip', 'gzip', 'gzip', null, null])
})

it('gives the plain bytes back once the encoded ones are there, and once only', async () => {
  for (const [accept, decode] of [['br', brotliDecompressSync], ['gzip', gunzipSync]] as const) {
    let outs = 0
    const answer = await compressed({ status: 200, headers, body, onOut: () => { outs++ } }, accept)
    expect(decode(answer.body).equals(body)).toBe(true)
    answer.onOut?.()
    expect(outs).toBe(1)
  }
})

it('gives the plain bytes back where encoding them fails', async () => {
  let outs = 0
  await expect(compressed({ status: 200, headers, body: new Unreadable(4000), onOut: () => { outs++ } }, 'gzip'))
    .rejects.toThrow('unreadable')
  expect(outs).toBe(1)
})

it('leaves a small or a packed answer as it is, and its bytes until they are out', async () => {
  for (const answer of [
    { status: 200, headers, body: body.subarray(0, 1000), onOut: () => { throw new Error('too early') } },
    { status: 200, headers: { 'Content-Type': 'application/vnd.apache.parquet' }, body, onOut: () => { throw new Error('too early') } },
  ]) expect(await compressed(answer, 'gzip')).toBe(answer)
})
