// A body of CSV records for the kernel: which field goes to which column, and what becomes of records
// that do not fit.
// Invariant: the form lies on the account of the job, and fields of unknown names go nowhere.

import {
  CELL_BYTES, CELL_EMPTY_IS_MISSING, CELL_NULL, FORM_BYTES, F_CELLS, F_CELL_COUNT, F_DELIMITER, F_ESCAPE, F_QUOTE,
  L_COLUMN, L_FLAGS,
} from '../../storage/kernels/csv-layout.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { CsvForm } from './body-reader.ts'
import { csvColumnOf, csvToJson, recordEnd, type CsvColumn } from './csv.ts'
import type { Workspace } from './workspace.ts'

/** What the kernel takes for a byte that never comes. */
const NONE = 256

export class CsvBody {
  /** Pointer of the form. */
  readonly form: number
  private readonly csv: CsvForm
  private readonly columns: readonly CsvColumn[]

  constructor(csv: CsvForm, space: Workspace, account: MemoryAccount) {
    this.csv = csv
    const plans = new Map(space.columns.map((plan, index) => [plan.column.name, { plan, index }]))
    this.columns = csv.columns.map((name) => {
      const found = plans.get(name)
      return found === undefined ? null : csvColumnOf(name, found.plan.valueType.name)
    })
    this.form = account.allocate(FORM_BYTES)
    const cells = account.allocate(csv.columns.length * CELL_BYTES)
    const { delimiter, quote, escape } = csv.dialect
    space.set(this.form, F_CELLS, cells)
    space.set(this.form, F_CELL_COUNT, csv.columns.length)
    space.set(this.form, F_DELIMITER, delimiter)
    space.set(this.form, F_QUOTE, quote < 0 ? NONE : quote)
    space.set(this.form, F_ESCAPE, escape < 0 ? NONE : escape)
    for (const [at, column] of this.columns.entries()) {
      const cell = cells + at * CELL_BYTES
      const index = column === null ? -1 : plans.get(column.name)?.index ?? -1
      space.set(cell, L_COLUMN, index < 0 ? 0 : space.column(index))
      space.set(cell, L_FLAGS, (column?.keepsEmpty === false ? CELL_EMPTY_IS_MISSING : 0)
        | (column?.isNullable === true ? CELL_NULL : 0))
    }
  }

  /** The record at [start, end) as a JSON line. */
  jsonOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const lines = csvToJson(bytes.subarray(start, end), this.columns, this.csv.dialect)
    return lines.subarray(0, lines.length - 1)
  }

  /** Where the record at `start` ends. */
  endOf(bytes: Uint8Array, start: number): number { return recordEnd(bytes, start, this.csv.dialect) }
}
