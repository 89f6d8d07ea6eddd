// Chosen numbers of a stream, read where they lie: a point query takes a few rows of each block, so the
// way is chosen once for all of them, and a number behind one that was read begins from there.
// Invariant: what this fills equals differenceAt() (numbers.ts) of each row.

import { bitsFor, bitsFrom } from '../kernels/bits.ts'
import { CHECK_ROWS, CONST, differenceAt, PACKED, RUNS, STEPS, type Numbers } from './numbers.ts'

/** Wider steps are read one by one: from any bit of a byte on, four bytes do not hold them. */
const SUMMED_WIDTH_MAX = 24

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
  } else if (way === STEPS && numbers.stepWidth > 0 && numbers.stepWidth <= SUMMED_WIDTH_MAX) {
    pickSteps(numbers, bytes, rows, from, to, first, out, at)
  } else if (way === RUNS) {
    pickRuns(numbers, bytes, rows, from, to, first, out, at)
  } else {
    for (let i = from; i < to; i++) out[at++] = differenceAt(numbers, bytes, rows[i] - first)
  }
}

/** Sums up steps from the check before or after, or from the number before, whichever is nearest. */
function pickSteps(
  numbers: Numbers, bytes: Uint8Array, rows: Uint32Array, from: number, to: number, first: number,
  out: Uint32Array | Float64Array, at: number,
): void {
  const { count, width, sideAt, stepMin, stepWidth } = numbers
  const firstBit = numbers.at * 8
  let known = -1
  let value = 0
  for (let i = from; i < to; i++) {
    const index = rows[i] - first
    const check = Math.floor((index + (CHECK_ROWS >> 1)) / CHECK_ROWS)
    const checked = check * CHECK_ROWS
    const way = Math.abs(index - checked)
    if (checked < count && (known < 0 || way < index - known)) {
      known = checked
      value = width === 0 ? 0 : bitsFrom(bytes, sideAt * 8 + check * width, width)
    } else if (known < checked - CHECK_ROWS) {
      // The check behind lies beyond the end.
      known = checked - CHECK_ROWS
      value = width === 0 ? 0 : bitsFrom(bytes, sideAt * 8 + (check - 1) * width, width)
    }
    // Step j leads from number j - 1 to number j.
    if (known <= index) value += (index - known) * stepMin + sumOfBits(bytes, firstBit + (known + 1) * stepWidth, stepWidth, index - known)
    else value -= (known - index) * stepMin + sumOfBits(bytes, firstBit + (index + 1) * stepWidth, stepWidth, known - index)
    known = index
    out[at++] = value
  }
}

/** The sum of `count` numbers of `width` bits (1..24) from bit `bit` on: as many of each four bytes as lie in
 * them, whatever bit they begin with, so that none waits for the one before. */
function sumOfBits(bytes: Uint8Array, bit: number, width: number, count: number): number {
  const mask = (1 << width) - 1
  let sum = 0
  let left = count
  if (width <= 8) {
    for (; left >= 3; left -= 3, bit += 3 * width) {
      const word = wordAt(bytes, bit >>> 3) >>> (bit & 7)
      sum += (word & mask) + (word >>> width & mask) + (word >>> 2 * width & mask)
    }
  } else if (width <= 12) {
    for (; left >= 2; left -= 2, bit += 2 * width) {
      const word = wordAt(bytes, bit >>> 3) >>> (bit & 7)
      sum += (word & mask) + (word >>> width & mask)
    }
  }
  for (; left > 0; left--, bit += width) sum += wordAt(bytes, bit >>> 3) >>> (bit & 7) & mask
  return sum
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24

/** The run of each number from that of the number before on: in steps that double, then by binary search among the
 * runs of the last step. Chosen rows mostly lie in the same run or in one of the next. */
function pickRuns(
  numbers: Numbers, bytes: Uint8Array, rows: Uint32Array, from: number, to: number, first: number,
  out: Uint32Array | Float64Array, at: number,
): void {
  if (from === to) return
  const { count, runs, sideAt, width } = numbers
  const endWidth = bitsFor(count)
  const sideBit = sideAt * 8
  const valueBit = numbers.at * 8
  let run = 0
  let end = bitsFrom(bytes, sideBit, endWidth)
  let value = bitsFrom(bytes, valueBit, width)
  for (let i = from; i < to; i++) {
    const index = rows[i] - first
    if (index >= end) {
      let low = run + 1
      let high = low
      for (let step = 1; high < runs - 1 && bitsFrom(bytes, sideBit + high * endWidth, endWidth) <= index; step *= 2) {
        low = high + 1
        high = Math.min(runs - 1, high + step)
      }
      while (low < high) {
        const middle = (low + high) >> 1
        if (bitsFrom(bytes, sideBit + middle * endWidth, endWidth) > index) high = middle
        else low = middle + 1
      }
      run = low
      end = bitsFrom(bytes, sideBit + run * endWidth, endWidth)
      value = bitsFrom(bytes, valueBit + run * width, width)
    }
    out[at++] = value
  }
}
