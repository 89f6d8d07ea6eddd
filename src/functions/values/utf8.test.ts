import { expect, it } from 'vitest'
import { withValidUtf8 } from './utf8.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

it('puts one replacement for each run of bytes that are no characters', () => {
  // What ClickHouse writes of these bytes, byte by byte.
  const cases = [
    ['ff41fffe42e282', 'efbfbd41efbfbd42efbfbd'], ['e2824143c3', 'efbfbd4143efbfbd'], ['c3a9f09f9880', 'c3a9f09f9880'], ['', ''],
    ['c080ed', 'efbfbd'], ['f09f9841', 'efbfbd41'], ['eda08041', 'efbfbd41'], ['f4908080c3a9', 'efbfbdc3a9'], ['e09f80f08f8080', 'efbfbd'],
  ]
  for (const [bytes, wanted] of cases) expect(Buffer.from(withValidUtf8(hex(bytes))).toString('hex')).toBe(wanted)
})

it('takes no more memory than the text that comes of it', () => {
  const valid = Buffer.from('größer')
  expect(withValidUtf8(valid)).toBe(valid)
  const mended = withValidUtf8(Buffer.concat([valid, Buffer.of(255), valid]))
  expect(mended.buffer.byteLength).toBe(2 * valid.length + 3)
})
