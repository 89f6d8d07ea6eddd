// Free stretches of a worker's memory, by address. Cells that came back, of whatever size, become one
// stretch with their neighbours here, so that memory which a query took in small cells serves the next
// one's large ones.
// Invariant: stretches ascend and do not touch each other.

/** Classes of cells are powers of two (the class is the logarithm) up to 4 MiB, and from there on quarters
 * of one: half of a gigabyte must not be lost to what an array takes beyond a power. */
const POWERS_MAX = 22
const QUARTERS = 4
const QUARTER_BITS = 2
/** Below the steps of pointers, so that a cell is one number. */
const POINTER_STEP = 64
/** The last class, which no memory holds. */
export const CLASS_MAX = POINTER_STEP - 1

/** The least class whose cells hold so many bytes. */
export function classOf(bytes: number): number {
  if (bytes > 2 ** 32) return CLASS_MAX
  const power = 32 - Math.clz32(bytes - 1)
  if (power <= POWERS_MAX) return power
  const below = power - 1
  const quarter = Math.ceil(bytes / (1 << below - QUARTER_BITS)) - QUARTERS
  return POWERS_MAX + (below - POWERS_MAX) * QUARTERS + quarter
}

/** Bytes of a cell of a class. By shifts: a power is a double to V8, and the first cell that is one makes doubles of all
 * counts of bytes, upon which V8 discards whatever it has compiled for objects that count them. */
export function classBytes(number: number): number {
  if (number <= POWERS_MAX) return 1 << number
  const beyond = number - POWERS_MAX
  return (1 << POWERS_MAX - QUARTER_BITS + (beyond >>> QUARTER_BITS)) * (QUARTERS + beyond % QUARTERS)
}

/** A cell as one number: its pointer, a multiple of 64, and its class. */
export const namedCell = (pointer: number, number: number): number => pointer + number


export class FreeRanges {
  private starts: number[] = []
  private ends: number[] = []

  /** The lowest stretch of so many bytes, taken; 0: there is none. Low ones first keep the memory that is
   * touched together. */
  take(bytes: number): number {
    const { starts, ends } = this
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i]
      if (ends[i] - start < bytes) continue
      starts[i] = start + bytes
      if (starts[i] === ends[i]) {
        starts.splice(i, 1)
        ends.splice(i, 1)
      }
      return start
    }
    return 0
  }

  /** Takes in cells (namedCell), which it sorts. */
  add(cells: Uint32Array): void {
    cells.sort()
    const { starts: oldStarts, ends: oldEnds } = this
    const starts: number[] = []
    const ends: number[] = []
    const append = (start: number, end: number) => {
      if (ends.length > 0 && ends[ends.length - 1] === start) ends[ends.length - 1] = end
      else {
        starts.push(start)
        ends.push(end)
      }
    }
    let old = 0
    for (const cell of cells) {
      const number = cell % POINTER_STEP
      const start = cell - number
      for (; old < oldStarts.length && oldStarts[old] < start; old++) append(oldStarts[old], oldEnds[old])
      append(start, start + classBytes(number))
    }
    for (; old < oldStarts.length; old++) append(oldStarts[old], oldEnds[old])
    this.starts = starts
    this.ends = ends
  }

  /** Where a stretch that ends at `top` begins, taken; `top`: there is none. */
  takeEnd(top: number): number {
    if (this.ends.length === 0 || this.ends[this.ends.length - 1] !== top) return top
    this.ends.pop()
    return this.starts.pop() as number
  }
}
