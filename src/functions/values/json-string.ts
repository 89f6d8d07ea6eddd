// Texts as strings of JSON.

import type { ByteBuilder } from './byte-builder.ts'

const QUOTE = 34
const BACKSLASH = 92
const HEX = '0123456789abcdef'
const SHORT: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r' }

/** A string in quotes; `/` is escaped as ClickHouse does it. */
export function writeJsonString(out: ByteBuilder, bytes: Uint8Array, from: number, to: number): void {
  out.reserve((to - from) * 6 + 2)
  out.byte(QUOTE)
  writeEscaped(out, bytes, from, to)
  out.byte(QUOTE)
}

/** A piece of a string. */
export function writeEscaped(out: ByteBuilder, bytes: Uint8Array, from: number, to: number): void {
  let start = from
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte >= 32 && byte !== QUOTE && byte !== BACKSLASH && byte !== 47) continue
    out.slice(bytes, start, at)
    start = at + 1
    if (byte === QUOTE || byte === BACKSLASH || byte === 47) {
      out.byte(BACKSLASH)
      out.byte(byte)
    } else out.text(SHORT[byte] ?? `\\u00${HEX[byte >> 4]}${HEX[byte & 15]}`)
  }
  out.slice(bytes, start, to)
}

const encoder = new TextEncoder()

/** A JavaScript string in quotes. */
export function writeJsonText(out: ByteBuilder, text: string): void {
  const bytes = encoder.encode(text)
  writeJsonString(out, bytes, 0, bytes.length)
}
