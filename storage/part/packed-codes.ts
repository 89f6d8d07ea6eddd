// Codes of single rows, read where they lie: of each block only what a read needs, in one small table, so
// that a row costs a look into the table and one at its bits. A point query reads a few rows of hundreds
// of blocks; what it waits for is memory, and every object on the way is another wait.
//
//   table, a block: | width + 1, 0: not known, -1: of another kind | base | where its bits begin | buffer |
//
// Invariant: what the table knows is true while the column's sections stay leased (clear() otherwise).

import type { Block } from '../codec/block.ts'
import { CONST, PACKED } from '../codec/numbers.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'

const WORDS = 4
const UNKNOWN = 0
const ODD = -1
/** So many bits, from any bit of a byte on, lie in four bytes. */
const WIDTH_MAX = 25
const BASE_MAX = 2 ** 31

/** All bytes of a buffer, made once for each: thousands of blocks lie in a few buffers. */
const wholes = new WeakMap<ArrayBufferLike, Uint8Array>()

function wholeOf(buffer: ArrayBufferLike): Uint8Array {
  let whole = wholes.get(buffer)
  if (whole === undefined) wholes.set(buffer, whole = new Uint8Array(buffer))
  return whole
}

/** One column's blocks. */
export class PackedCodes {
  private readonly blockCount: number
  private made: Int32Array | null = null
  private readonly buffers: Uint8Array[] = []

  constructor(blockCount: number) { this.blockCount = blockCount }

  /** Made when the first row is read: a merge opens ten thousand columns and reads none. */
  private get table(): Int32Array { return this.made ??= new Int32Array(this.blockCount * WORDS) }

  clear(): void {
    this.made = null
    this.buffers.length = 0
  }

  /** The first block of these rows (ascending) that is not known; -1: they all are. */
  unknownBlock(rows: Uint32Array): number {
    const { table } = this
    for (let i = 0; i < rows.length; i++) {
      const block = Math.floor(rows[i] / BLOCK_ROWS_MAX)
      if (table[block * WORDS] === UNKNOWN) return block
    }
    return -1
  }

  /** Enters a block by its head and its leased bytes. */
  learn(number: number, block: Block, bytes: Uint8Array): void {
    const { table, buffers } = this
    const word = number * WORDS
    const numbers = block.kind === 'number' && block.nullsAt < 0 ? block.body.numbers : null
    table[word] = ODD
    if (numbers === null || (numbers.way !== PACKED && numbers.way !== CONST)) return
    if (numbers.width > WIDTH_MAX || !(Number(numbers.base) < BASE_MAX)) return
    // Bytes of their own, beside the arenas, may be many: whole views are for large shared ones.
    if (!(bytes.buffer instanceof SharedArrayBuffer) || bytes.byteOffset + numbers.at >= BASE_MAX) return
    const whole = wholeOf(bytes.buffer)
    let buffer = buffers.indexOf(whole)
    if (buffer < 0) buffer = buffers.push(whole) - 1
    table[word] = numbers.width + 1
    table[word + 1] = Number(numbers.base)
    table[word + 2] = bytes.byteOffset + numbers.at
    table[word + 3] = buffer
  }

  /** Where the codes of rows lie, to `places` from number `at` on. False: a block is not known, or of another
   * kind or buffer, and `places` holds nothing of use. */
  locate(rows: Uint32Array, places: CodePlaces, at: number): boolean {
    const { table, buffers } = this
    const { from, how, base } = places
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]
      const word = Math.floor(row / BLOCK_ROWS_MAX) * WORDS
      const width = table[word] - 1
      if (width < 0 || !places.isIn(buffers[table[word + 3]])) return false
      const bit = row % BLOCK_ROWS_MAX * width
      from[at + i] = table[word + 2] + (bit >>> 3)
      how[at + i] = width << 3 | (bit & 7)
      base[at + i] = table[word + 1]
    }
    return true
  }

  /** Codes of rows, or map[code], to out[at..]. False: a block is not known, or of another kind, and
   * `out` holds nothing of use. */
  pick(rows: Uint32Array, map: Uint32Array | null, out: Uint32Array, at: number): boolean {
    const { table, buffers } = this
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]
      const word = Math.floor(row / BLOCK_ROWS_MAX) * WORDS
      const width = table[word] - 1
      if (width < 0) return false
      const bytes = buffers[table[word + 3]]
      const bit = row % BLOCK_ROWS_MAX * width
      const from = table[word + 2] + (bit >>> 3)
      const bits = bytes[from] | bytes[from + 1] << 8 | bytes[from + 2] << 16 | bytes[from + 3] << 24
      out[at + i] = table[word + 1] + (bits >>> (bit & 7) & (1 << width) - 1)
    }
    if (map !== null) for (let i = at; i < at + rows.length; i++) out[i] = map[out[i]]
    return true
  }
}

/** Where codes lie that are then read together: rows of many row sets lie far from each other, and memory is
 * asked for all of them at once. One for each thread. */
export class CodePlaces {
  /** By row: its first byte, width * 8 + first bit, and what is added. */
  readonly from = new Uint32Array(BLOCK_ROWS_MAX)
  readonly how = new Uint32Array(BLOCK_ROWS_MAX)
  readonly base = new Uint32Array(BLOCK_ROWS_MAX)
  private bytes: Uint8Array | null = null
  /** What the bytes asked for sum up to: read by nobody, but without it nothing would be asked. */
  asked = 0

  /** Other places than before, of at most BLOCK_ROWS_MAX rows. */
  begin(): void { this.bytes = null }

  /** Whether places of a buffer can lie here: all are of one. */
  isIn(bytes: Uint8Array): boolean {
    this.bytes ??= bytes
    return this.bytes === bytes
  }

  /** The codes of the first `count` places to `out`. */
  read(count: number, out: Uint32Array): void {
    const { bytes, from, how, base } = this
    if (bytes === null) return
    // One short step a row: the processor is at many rows while the first is still on its way.
    let asked = 0
    for (let i = 0; i < count; i++) asked += bytes[from[i]]
    this.asked = asked
    for (let i = 0; i < count; i++) {
      const at = from[i]
      const bits = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24
      out[i] = base[i] + (bits >>> (how[i] & 7) & (1 << (how[i] >>> 3)) - 1)
    }
  }
}
