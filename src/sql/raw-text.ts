// Bytes of a String as JavaScript text and back, without loss: a String holds any bytes, a hash as well as UTF-8.
// A byte of no character stands as the lone surrogate U+DC00 + byte (Python's surrogateescape, PEP 383).
// Invariant: bytesOfText(textOfBytes(b)) is b.

const RAW = /[\udc80-\udcff]/
const RAW_BASE = 0xdc00
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes of the character that begins at `at`; 0: none does. The Unicode Standard, table 3-7. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1]
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  const count = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (!(second >= least && second <= most)) return 0
  for (let next = at + 2; next < at + count; next++) if ((bytes[next] & 0xc0) !== 0x80) return 0
  return count
}

/** Hands over each run of whole characters, [from, to), and the bytes behind it that belong to none, [to, next). */
export function overCharacters(bytes: Uint8Array, use: (from: number, to: number, next: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    const from = at
    for (let count = lengthAt(bytes, at); count > 0 && at < bytes.length; count = lengthAt(bytes, at)) at += count
    const to = at
    while (at < bytes.length && lengthAt(bytes, at) === 0) at++
    use(from, to, at)
  }
}

/** The text of bytes, which lie in memory that no other thread shares. */
export function textOfBytes(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  if (!text.includes('\ufffd')) return text
  let out = ''
  overCharacters(bytes, (from, to, next) => {
    out += decoder.decode(bytes.subarray(from, to))
    for (let at = to; at < next; at++) out += String.fromCharCode(RAW_BASE + bytes[at])
  })
  return out
}

/** Texts up to so many characters are looked at here: the encoder's call costs more. */
const SHORT = 48

/** The bytes of a text: UTF-8, and those that stand for themselves. */
export function bytesOfText(text: string): Uint8Array {
  if (text.length <= SHORT) {
    const short = new Uint8Array(text.length)
    let all = 0
    for (let i = 0; i < short.length; i++) all |= short[i] = text.charCodeAt(i)
    if (all < 0x80) return short
  }
  if (!RAW.test(text)) return encoder.encode(text)
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code >= RAW_BASE + 0x80 && code <= RAW_BASE + 0xff) bytes.push(code - RAW_BASE)
    else bytes.push(...encoder.encode(char))
  }
  return Uint8Array.from(bytes)
}

/** Text from elsewhere, of which no lone surrogate means a byte. */
export const wellFormed = (text: string): string =>
  (LONE_SURROGATE.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text)

const LONE_SURROGATE = /\p{Surrogate}/u
