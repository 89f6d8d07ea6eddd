// Answers in JSON are valid UTF-8, whatever bytes texts hold: clients refuse others.

import { isUtf8 } from 'node:buffer'

const REPLACEMENT = [0xef, 0xbf, 0xbd] as const

/** Bytes of the character that begins with `lead`; 0: none does. */
const lengthOf = (lead: number): number =>
  (lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0)

/** The text with U+FFFD for each run of bytes that are no characters, as ClickHouse's WriteBufferValidUTF8 writes it. */
export function withValidUtf8(bytes: Uint8Array): Uint8Array {
  if (isUtf8(bytes)) return bytes
  const out = new Uint8Array(bytes.length * 3) // a byte may become three
  let [length, isReplaced] = [0, false]
  for (let at = 0; at < bytes.length;) {
    const count = lengthOf(bytes[at])
    const character = bytes.subarray(at, at + count)
    if (count > 0 && character.length === count && (count === 1 || isUtf8(character))) {
      for (const byte of character) out[length++] = byte
      isReplaced = false
      at += count
      continue
    }
    if (!isReplaced) for (const byte of REPLACEMENT) out[length++] = byte
    isReplaced = true
    at++
  }
  return out.subarray(0, length)
}
