// What a table that tells its rows apart by a key may take and must not: a row that is stored is not
// stored again, until a truncate; one that never was is not turned away.

type State =
  | 'stored'
  /** Nobody knows, or a truncate was under way. */
  | 'maybe'
  | 'gone'

/** Deletes leave a row's key where it is; so it is not asked whether the row is still there, but by a
 * restart of rows of which nobody knew. */
export class RowKeysModel {
  private states = new Map<number, { state: State }>()
  /** Rows of bulk writes that began since the last restart. */
  private begun = new Map<number, { state: State }>()

  /** Says what is wrong with which rows were marked as duplicates; null: nothing. `isBeside`: a truncate
   * runs, so anything goes. */
  check(rows: readonly number[], marks: Uint8Array | null, isBeside: boolean): string | null {
    const seen = new Set<number>()
    for (const [index, row] of rows.entries()) {
      const isMarked = marks?.[index] === 1
      const state = this.states.get(row)?.state ?? 'gone'
      if (seen.has(row) && !isMarked) return `row ${row} comes twice, and is stored twice`
      if (!isBeside && !seen.has(row) && isMarked && state === 'gone') return `row ${row} is turned away, and was never stored`
      if (!isBeside && !isMarked && state === 'stored') return `the key of row ${row} is forgotten`
      seen.add(row)
    }
    return null
  }

  /** A bulk write has these rows, and nobody knows whether they will be stored. */
  begin(rows: readonly number[]): void {
    for (const row of rows) {
      if ((this.states.get(row)?.state ?? 'gone') !== 'gone') continue
      const entry = { state: 'maybe' as State }
      this.states.set(row, entry)
      this.begun.set(row, entry)
    }
  }

  /** Nothing of a bulk write was stored. */
  refuse(rows: readonly number[]): void {
    for (const row of rows) {
      const entry = this.begun.get(row)
      if (entry !== undefined && this.states.get(row) === entry) entry.state = 'gone'
    }
  }

  /** What a restart shows. A row that is there has a key; `isWhole`: one that is not there was not removed. */
  restarted(rows: ReadonlySet<number>, isWhole: boolean): void {
    for (const [row, entry] of this.begun) {
      if (this.states.get(row) !== entry || entry.state !== 'maybe') continue
      if (rows.has(row)) entry.state = 'stored'
      else if (isWhole) entry.state = 'gone'
    }
    this.begun = new Map()
  }

  /** `happened` null: nobody knows. */
  settle(rows: readonly number[], happened: boolean | null, isBeside: boolean): void {
    for (const row of rows) {
      if (happened === true) this.states.set(row, { state: isBeside ? 'maybe' : 'stored' })
      else if (happened === null) this.states.set(row, { state: 'maybe' })
    }
  }

  /** A truncate begins; what it answers is called with whether it happened. */
  beginTruncate(): (happened: boolean | null) => void {
    const before = [...this.states]
    for (const [, entry] of before) if (entry.state === 'stored') entry.state = 'maybe'
    return (happened) => {
      // What was stored meanwhile has another entry.
      if (happened === true) for (const [row, entry] of before) if (this.states.get(row) === entry) entry.state = 'gone'
    }
  }

  clear(): void { this.states.clear() }
}
