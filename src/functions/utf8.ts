// The bytes of JSON: valid UTF-8 where that is wanted, whatever bytes texts hold (clients refuse others), and slashes.

import { isUtf8 } from 'node:buffer'

const REPLACEMENT = Uint8Array.of(0xef, 0xbf, 0xbd)

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

/** Hands over each run of whole characters, and whether bytes that are none stand behind it. */
function overRuns(bytes: Uint8Array, use: (from: number, to: number, isBroken: boolean) => void): void {
  for (let at = 0; at < bytes.length;) {
    const from = at
    for (let count = lengthAt(bytes, at); count > 0 && at < bytes.length; count = lengthAt(bytes, at)) at += count
    const to = at
    while (at < bytes.length && lengthAt(bytes, at) === 0) at++
    use(from, to, at > to)
  }
}

/** The text with U+FFFD for each run of bytes that are no characters, as ClickHouse's WriteBufferValidUTF8 writes it.
 * A text that is valid is the array given. */
export function withValidUtf8(bytes: Uint8Array): Uint8Array {
  if (isUtf8(bytes)) return bytes
  let length = 0
  overRuns(bytes, (from, to, isBroken) => { length += to - from + (isBroken ? REPLACEMENT.length : 0) })
  const out = new Uint8Array(length)
  let end = 0
  overRuns(bytes, (from, to, isBroken) => {
    out.set(bytes.subarray(from, to), end)
    end += to - from
    if (isBroken) out.set(REPLACEMENT, end)
    if (isBroken) end += REPLACEMENT.length
  })
  return out
}

const BACKSLASH = 92
const SLASH = 47

/** JSON without an escape before slashes. In place: the text becomes no longer. */
export function withPlainSlashes(bytes: Uint8Array): Uint8Array {
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const isEscape = bytes[at] === BACKSLASH
    if (!isEscape || bytes[at + 1] !== SLASH) bytes[length++] = bytes[at]
    // What is escaped is no escape itself.
    if (isEscape && bytes[at + 1] !== SLASH) bytes[length++] = bytes[++at]
  }
  return bytes.subarray(0, length)
}
