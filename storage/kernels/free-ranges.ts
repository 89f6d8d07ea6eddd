// Free stretches of a worker's memory, by address. Cells that came back, of whatever size, become one
// stretch with their neighbours here, so that memory which a query took in small cells serves the next
// one's large ones.
// Invariant: stretches ascend and do not touch each other.

/** A cell as one number: its pointer, a multiple of 64, and the logarithm of its bytes. */
export const namedCell = (pointer: number, shift: number): number => pointer + shift

const POINTER_STEP = 64

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
      const shift = cell % POINTER_STEP
      const start = cell - shift
      for (; old < oldStarts.length && oldStarts[old] < start; old++) append(oldStarts[old], oldEnds[old])
      append(start, start + 2 ** shift)
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
