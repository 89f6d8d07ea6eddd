// Bytes of a String as JavaScript text and back, without loss: a String holds any bytes, a hash as well as UTF-8.
// A byte of no character stands as the lone surrogate U+DC00 + byte (Python's surrogateescape, PEP 383).
// Invariant: bytesOfText(textOfBytes(b)) is b.

const RAW = /[\udc80-\udcff]/
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

/** The text of bytes, which lie in memory that no other thread shares. */
export function textOfBytes(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  if (!text.includes('\ufffd')) return text
  let out = ''
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]
    const count = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    try {
      out += strict.decode(bytes.subarray(at, at + count))
      at += count
    } catch {
      out += String.fromCharCode(0xdc00 + lead)
      at++
    }
  }
  return out
}

/** The bytes of a text: UTF-8, and those that stand for themselves. */
export function bytesOfText(text: string): Uint8Array {
  if (!RAW.test(text)) return encoder.encode(text)
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00)
    else bytes.push(...encoder.encode(char))
  }
  return Uint8Array.from(bytes)
}

/** Text from elsewhere, of which no lone surrogate means a byte. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
