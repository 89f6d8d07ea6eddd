// Answers in JSON are valid UTF-8, whatever bytes texts hold: clients refuse others.

import { isUtf8 } from 'node:buffer'
import { overCharacters } from '../../sql/raw-text.ts'

const REPLACEMENT = Uint8Array.of(0xef, 0xbf, 0xbd)

/** The text with U+FFFD for each run of bytes that are no characters, as ClickHouse's WriteBufferValidUTF8 writes it.
 * A text that is valid is the array given. */
export function withValidUtf8(bytes: Uint8Array): Uint8Array {
  if (isUtf8(bytes)) return bytes
  let length = 0
  overCharacters(bytes, (from, to, next) => { length += to - from + (next > to ? REPLACEMENT.length : 0) })
  const out = new Uint8Array(length)
  let end = 0
  overCharacters(bytes, (from, to, next) => {
    out.set(bytes.subarray(from, to), end)
    end += to - from
    if (next === to) return
    out.set(REPLACEMENT, end)
    end += REPLACEMENT.length
  })
  return out
}
