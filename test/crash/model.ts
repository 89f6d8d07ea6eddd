// What the store must hold, as a list of what was done to each table. A step whose outcome nobody can
// know (the process stopped in its midst, the disk failed twice) is a question: it happened or not, as
// a whole. A read answers the questions: some choice of answers must give exactly the rows seen.

/** Rows are numbers, unique over a run. */
export type Happening =
  | { readonly kind: 'insert'; readonly rows: readonly number[] }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'delete'; readonly divisor: number; readonly rest: number }
  /** Rows of before that are `rest` when divided go (divisor 0: none), and these come. */
  | { readonly kind: 'bulk'; readonly divisor: number; readonly rest: number; readonly rows: readonly number[] }
  /** These rows, and all in [from, to), go, and others come. */
  | {
    readonly kind: 'swap'; readonly from: number; readonly to: number; readonly gone: readonly number[]
    readonly rows: readonly number[]
  }

type Entry = {
  readonly what: Happening
  /** null: a question. */
  happened: boolean | null
  /** Entries (by index) that were under way at the same time: either may have come first. */
  readonly beside: readonly number[]
}

/** Questions that one read can answer: 2 to this many choices are tried. */
export const QUESTIONS_MAX = 12

export class TableModel {
  private entries: Entry[] = []

  /** Notes a step; answers its number, for settle(). */
  note(what: Happening, happened: boolean | null, beside: readonly number[] = []): number {
    return this.entries.push({ what, happened, beside }) - 1
  }

  settle(index: number, happened: boolean | null): void {
    const entry = this.entries[index]
    if (happened === false && entry.happened === true) {
      throw new Error(`${JSON.stringify(entry.what)} was seen, and then refused`)
    }
    if (entry.happened !== true) entry.happened = happened
  }

  /** Nothing was removed, or may have been, since the last restart. */
  get hasNoRemovals(): boolean { return this.entries.every(({ what }) => !removes(what)) }

  /** Numbers of the removals whose outcome is open. */
  removals(): number[] {
    return this.entries.flatMap(({ what, happened }, index) =>
      removes(what) && happened === null ? [index] : [])
  }

  /** A read in the midst of a step: what it shows is durable, for good. */
  see(rows: readonly number[]): void {
    const holding = (row: number, happened: boolean | null) => this.entries.filter((entry) =>
      entry.happened === happened && rowsOf(entry.what).includes(row))
    for (const row of rows) {
      if (holding(row, true).length > 0) continue
      // Rows may have been sent in several batches: where one alone can explain it, it was that one.
      const open = holding(row, null)
      if (open.length === 1) open[0].happened = true
      else if (open.length === 0 && holding(row, false).length > 0) throw new Error(`row ${row} was refused, and shows`)
    }
  }

  get questions(): number {
    return this.entries.filter(({ happened }) => happened === null).length
      + this.entries.reduce((sum, { beside }) => sum + beside.length, 0)
  }

  /** Compares what a read saw; null: it is right. `isRestarted`: what was in doubt is answered by it for
   * good; before a restart nothing in doubt may show. */
  check(
    seen: readonly number[], isRestarted: boolean, visible: (rows: readonly number[]) => readonly number[],
  ): string | null {
    const sorted = [...seen].sort((a, b) => a - b)
    const twice = sorted.find((row, index) => row === sorted[index + 1])
    if (twice !== undefined) return `row ${twice} is there twice`
    const wanted = sorted.join()
    const open = this.entries.flatMap(({ happened }, index) => happened === null ? [index] : [])
    const pairs = this.entries.flatMap(({ beside }, index) => beside.map((other) => [index, other] as const))
    const choices = isRestarted ? 2 ** open.length : 1
    for (let choice = 0; choice < choices; choice++) {
      const isDone = (index: number) => this.entries[index].happened
        ?? (choice >> open.indexOf(index) & 1) === 1
      for (let order = 0; order < 2 ** pairs.length; order++) {
        const rows = this.rowsWhen(isDone, (later, earlier) =>
          (order >> pairs.findIndex(([a, b]) => a === later && b === earlier) & 1) === 1)
        if (visible(rows).join() !== wanted) continue
        if (isRestarted) this.entries = [{ what: { kind: 'insert', rows }, happened: true, beside: [] }]
        return null
      }
    }
    return this.difference(sorted, visible)
  }

  /** `isSwapped(later, earlier)`: two steps that were under way together came the other way round. */
  private rowsWhen(
    isDone: (index: number) => boolean, isSwapped: (later: number, earlier: number) => boolean,
  ): number[] {
    const rows = new Set<number>()
    this.entries.forEach(({ what, beside }, index) => {
      if (!isDone(index)) return
      if (removes(what)) for (const row of rows) if (isRemoved(what, row)) rows.delete(row)
      // An insert that began beside a truncate may have come before it. Rows that went with it so may be there all the
      // same, by another that came behind it.
      const before = beside.filter((other) => isDone(other) && isSwapped(index, other)).map((other) => this.entries[other].what)
      for (const row of rowsOf(what)) {
        if (!before.some((removal) => isRemoved(removal, row) && !rowsOf(removal).includes(row))) rows.add(row)
      }
    })
    return [...rows].sort((a, b) => a - b)
  }

  private difference(seen: readonly number[], visible: (rows: readonly number[]) => readonly number[]): string {
    const sure = visible(this.rowsWhen((index) => this.entries[index].happened === true, () => false))
    const known = new Set(this.entries.flatMap(({ what }) => rowsOf(what)))
    const missing = sure.filter((row) => !seen.includes(row))
    const extra = seen.filter((row) => !sure.includes(row))
    const strange = seen.filter((row) => !known.has(row))
    return `no outcome explains what is read: missing ${list(missing)}; not acknowledged, or removed, `
      + `but there ${list(extra)}; never sent ${list(strange)}; steps ${JSON.stringify(this.entries.slice(-8))}`
  }
}

const rowsOf = (what: Happening): readonly number[] => 'rows' in what ? what.rows : []

const removes = (what: Happening): boolean => what.kind !== 'insert' && !(what.kind === 'bulk' && what.divisor === 0)

function isRemoved(what: Happening, row: number): boolean {
  if (what.kind === 'delete' || (what.kind === 'bulk' && what.divisor > 0)) return row % what.divisor === what.rest
  if (what.kind === 'swap') return (row >= what.from && row < what.to) || what.gone.includes(row)
  return what.kind === 'truncate'
}

const list = (rows: readonly number[]): string =>
  rows.length > 12 ? `${rows.slice(0, 12).join(' ')} … (${rows.length})` : `[${rows.join(' ')}]`
