// Chosen numbers of a stream, read where they lie: a point query takes a few rows of each block, so the
// way is chosen once for all of them, and a number behind one that was read begins from there.
// Invariant: what this fills equals differenceAt() (numbers.ts) of each row.

import { bitsFor, bitsFrom } from '../kernels/bits.ts'
import { CHECK_ROWS, CONST, differenceAt, PACKED, RUNS, STEPS, type Numbers } from './numbers.ts'

/** Wider steps are read one by one: their bits do not fit the 32 that wait. */
const WAITING_WIDTH_MAX = 24

/** Differences from the base of numbers rows[from..to) - first (ascending) to out[at..). Not for WIDE. */
export function pickDifferences(
  numbers: Numbers, bytes: Uint8Array, rows: Uint32Array, from: number, to: number, first: number,
  out: Uint32Array | Float64Array, at: number,
): void {
  const { way, width } = numbers
  if (way === PACKED) {
    const start = numbers.at * 8
    for (let i = from; i < to; i++) out[at++] = bitsFrom(bytes, start + (rows[i] - first) * width, width)
  } else if (way === CONST) {
    out.fill(0, at, at + to - from)
  } else if (way === STEPS && numbers.stepWidth > 0 && numbers.stepWidth <= WAITING_WIDTH_MAX) {
    pickSteps(numbers, bytes, rows, from, to, first, out, at)
  } else if (way === RUNS) {
    pickRuns(numbers, bytes, rows, from, to, first, out, at)
  } else {
    for (let i = from; i < to; i++) out[at++] = differenceAt(numbers, bytes, rows[i] - first)
  }
}

/** Sums up steps from the last check, or from the number before where that lies behind it. */
function pickSteps(
  numbers: Numbers, bytes: Uint8Array, rows: Uint32Array, from: number, to: number, first: number,
  out: Uint32Array | Float64Array, at: number,
): void {
  const { width, sideAt, stepMin, stepWidth } = numbers
  const mask = (1 << stepWidth) - 1
  let known = -1
  let value = 0
  let byte = 0
  let waiting = 0
  let have = 0
  for (let i = from; i < to; i++) {
    const index = rows[i] - first
    const check = index - index % CHECK_ROWS
    if (known < check) {
      known = check
      value = width === 0 ? 0 : bitsFrom(bytes, sideAt * 8 + check / CHECK_ROWS * width, width)
      const bit = numbers.at * 8 + (check + 1) * stepWidth
      byte = Math.floor(bit / 8)
      waiting = bytes[byte++] >>> bit % 8
      have = 8 - bit % 8
    }
    for (; known < index; known++) {
      for (; have < stepWidth; have += 8) waiting |= bytes[byte++] << have
      value += stepMin + (waiting & mask)
      waiting >>>= stepWidth
      have -= stepWidth
    }
    out[at++] = value
  }
}

/** The run of the first number by binary search, those of the others from there on. */
function pickRuns(
  numbers: Numbers, bytes: Uint8Array, rows: Uint32Array, from: number, to: number, first: number,
  out: Uint32Array | Float64Array, at: number,
): void {
  const { count, runs, sideAt, width } = numbers
  const endWidth = bitsFor(count)
  const sideBit = sideAt * 8
  const valueBit = numbers.at * 8
  let run = 0
  for (let i = from; i < to; i++) {
    const index = rows[i] - first
    let low = run
    let high = runs - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (bitsFrom(bytes, sideBit + middle * endWidth, endWidth) > index) high = middle
      else low = middle + 1
    }
    run = low
    out[at++] = bitsFrom(bytes, valueBit + run * width, width)
  }
}
