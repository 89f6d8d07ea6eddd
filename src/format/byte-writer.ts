// Bytes of an answer as they are written: one growing buffer, bounded by the limit of a result.
// Invariant: finish() hands the buffer on; nothing is written afterwards.

import { ResultTooLarge } from './result.ts'

const FIRST_BYTES = 8192
const encoder = new TextEncoder()

export class ByteWriter {
  private bytes = new Uint8Array(FIRST_BYTES)
  private length = 0
  private readonly limitBytes: number

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  private reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    if (this.length > this.limitBytes) throw new ResultTooLarge(this.limitBytes)
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = value
  }

  /** Text as UTF-8. */
  text(text: string): void {
    this.reserve(text.length * 3)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) {
        const rest = encoder.encodeInto(text.slice(i), this.bytes.subarray(this.length))
        this.length += rest.written
        return
      }
      this.bytes[this.length++] = code
    }
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    const to = this.bytes
    let at = this.length
    for (let i = 0; i < bytes.length; i++) to[at++] = bytes[i]
    this.length = at
  }

  /** Bytes with those in `escapes` (index: byte) replaced by their text. */
  escaped(bytes: Uint8Array, escapes: readonly (string | undefined)[]): void {
    this.reserve(bytes.length * 6)
    let at = this.length
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]
      const escape = escapes[byte]
      if (escape === undefined) this.bytes[at++] = byte
      else for (let e = 0; e < escape.length; e++) this.bytes[at++] = escape.charCodeAt(e)
    }
    this.length = at
  }

  /** The bytes, in a buffer of their own. Throws ResultTooLarge. */
  finish(): Uint8Array {
    if (this.length > this.limitBytes) throw new ResultTooLarge(this.limitBytes)
    return this.bytes.slice(0, this.length)
  }
}
