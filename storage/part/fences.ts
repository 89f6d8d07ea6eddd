// Where a string can lie in a sorted dictionary: of every 16th string the six bytes behind what all of
// them begin with, as one number; and of each string a byte made of its end, which few others share. A
// point query looks a string up in each of many dictionaries; a search over their texts would wait for
// memory at nearly every step.
// Invariant: a string of the dictionary lies in the range that is answered for it.

/** Strings from one fence to the next. */
const STRIDE = 16
/** Smaller dictionaries are searched as they are. */
const SIZE_MIN = 64
const KEY_BYTES = 6
/** Larger dictionaries have no marks: a byte a string is too much there. */
const MARKED_SIZE_MAX = 2 ** 18
/** In longer ranges (many strings alike in what fences see) marks are no shorter way. */
const MARKED_RANGE_MAX = 4 * STRIDE

/** Fences of the sorted strings bytes[offsets[i] .. offsets[i + 1]). */
export class Fences {
  private readonly keys: Float64Array
  private readonly prefix: Uint8Array
  private readonly marks: Uint8Array | null
  /** The range found last: ranks [from, to). */
  from = 0
  to = 0

  private constructor(keys: Float64Array, prefix: Uint8Array, marks: Uint8Array | null) {
    this.keys = keys
    this.prefix = prefix
    this.marks = marks
  }

  /** null: there are too few strings. */
  static of(bytes: Uint8Array, offsets: Uint32Array, size: number): Fences | null {
    if (size < SIZE_MIN) return null
    // Sorted: what the first and the last share, all share.
    const last = offsets[size - 1]
    const shortest = Math.min(offsets[1], offsets[size] - last)
    let shared = 0
    while (shared < shortest && bytes[shared] === bytes[last + shared]) shared++
    const keys = new Float64Array(Math.ceil(size / STRIDE))
    for (let fence = 0; fence < keys.length; fence++) {
      const rank = fence * STRIDE
      keys[fence] = keyOf(bytes, offsets[rank] + shared, offsets[rank + 1])
    }
    return new Fences(keys, bytes.slice(0, shared), size > MARKED_SIZE_MAX ? null : marksOf(bytes, offsets, size))
  }

  /** Whether the ranks of the range found last that can have the string are told by its mark. */
  get isMarked(): boolean { return this.marks !== null && this.to - this.from <= MARKED_RANGE_MAX }

  /** The next rank from `rank` on, in the range found last, whose string has the mark of `wanted`; -1: none. */
  nextMarked(mark: number, rank: number): number {
    const { marks, to } = this
    if (marks !== null) for (let at = rank; at < to; at++) if (marks[at] === mark) return at
    return -1
  }

  /** Sets the range of ranks in which the string must lie; false: it lies nowhere. */
  locate(wanted: Uint8Array, size: number): boolean {
    const { prefix, keys } = this
    if (wanted.length < prefix.length) return false
    for (let i = 0; i < prefix.length; i++) if (wanted[i] !== prefix[i]) return false
    const key = keyOf(wanted, prefix.length, wanted.length)
    let low = 0
    let high = keys.length
    while (low < high) { // the first fence that is not below
      const middle = (low + high) >> 1
      if (keys[middle] < key) low = middle + 1
      else high = middle
    }
    let behind = low
    while (behind < keys.length && keys[behind] === key) behind++
    this.from = Math.max(0, low - 1) * STRIDE
    this.to = Math.min(size, behind * STRIDE)
    return true
  }
}

/** A byte of a string's length and its last two bytes. */
export const markOf = (bytes: Uint8Array, from: number, end: number): number =>
  (end - from + (end > from ? bytes[end - 1] * 5 : 0) + (end > from + 1 ? bytes[end - 2] * 59 : 0)) & 255

function marksOf(bytes: Uint8Array, offsets: Uint32Array, size: number): Uint8Array {
  const marks = new Uint8Array(size)
  for (let rank = 0; rank < size; rank++) marks[rank] = markOf(bytes, offsets[rank], offsets[rank + 1])
  return marks
}

/** Bytes [at, at + 6) as one number, zeros from `end` on. */
function keyOf(bytes: Uint8Array, at: number, end: number): number {
  let key = 0
  for (let i = at; i < at + KEY_BYTES; i++) key = key * 256 + (i < end ? bytes[i] : 0)
  return key
}
