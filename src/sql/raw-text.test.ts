import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOfText, textOfBytes, wellFormed } from './raw-text.ts'

it('gives any bytes back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    expect(Array.from(bytesOfText(textOfBytes(bytes)))).toEqual(Array.from(bytes))
  }))
})

it('takes characters as UTF-8 does, the mark of byte order and those of four bytes too', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const bytes = Buffer.from(text)
    expect([textOfBytes(bytes), Array.from(bytesOfText(text))]).toEqual([text, Array.from(bytes)])
  }))
  expect(textOfBytes(Buffer.from('\ufeffa\ufffd😀'))).toBe('\ufeffa\ufffd😀')
  expect(textOfBytes(Uint8Array.of(0x61, 0xfe, 0xc3, 0xa9, 0xed, 0xb3, 0xbe))).toBe('a\udcfeé\udced\udcb3\udcbe')
})

it('tells text from elsewhere by the replacement character', () => {
  expect(wellFormed('a\udcfe\ud800😀')).toBe('a\ufffd\ufffd😀')
})
