// Memory for large answers that serves again: the worker writes one, the main thread sends it from where it lies and
// says when it is out. An answer of 32 MB in memory of its own touches 8,000 new pages, makes V8 collect for it, and
// is handed over, after which V8 checks each access to an array of the worker.
//
//   | word: 1 while an answer is out there | to 64 bytes | the answer |
//
// Invariant: lent once at a time; nobody reads an answer that was given back.

import type { AnswerBytes } from '../format/result.ts'

const HEAD_BYTES = 64
const [FREE, LENT] = [0, 1]
/** Room beyond an answer: the next may have a few rows more. */
const ROOM_SHARE = 1 / 8
const STEP_BYTES = 1 << 20
/** Memory that is so many times as large as an answer is not for it. */
const WASTED_MAX = 8

export class AnswerMemory implements AnswerBytes {
  private readonly bytesMin: number
  private readonly bytesMax: number
  private held: SharedArrayBuffer | null = null

  /** For answers of [bytesMin, bytesMax]; others get memory of their own. */
  constructor(bytesMin: number, bytesMax: number) {
    this.bytesMin = bytesMin
    this.bytesMax = bytesMax
  }

  take(count: number): Uint8Array {
    if (count < this.bytesMin || count > this.bytesMax) return new Uint8Array(count)
    let { held } = this
    if (held !== null && Atomics.load(stateOf(held), 0) === LENT) return new Uint8Array(count)
    if (held === null || held.byteLength < HEAD_BYTES + count || held.byteLength > count * WASTED_MAX) {
      const room = Math.ceil(count * (1 + ROOM_SHARE) / STEP_BYTES) * STEP_BYTES
      held = this.held = new SharedArrayBuffer(HEAD_BYTES + room)
    }
    Atomics.store(stateOf(held), 0, LENT)
    return new Uint8Array(held, HEAD_BYTES, count)
  }

  giveBack(bytes: Uint8Array): void { giveBackAnswer(bytes) }

  /** Lets go of it: whoever still sends from it keeps it for so long. */
  forget(): void { this.held = null }
}

const stateOf = (buffer: SharedArrayBuffer): Int32Array => new Int32Array(buffer, 0, 1)

/** Nobody reads the answer any more: its memory may serve the next. Of an answer in memory of its own, nothing. */
export function giveBackAnswer({ buffer }: Uint8Array): void {
  if (buffer instanceof SharedArrayBuffer) Atomics.store(stateOf(buffer), 0, FREE)
}
