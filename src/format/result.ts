// What a format is given: the finished rows of a query, and a byte sink over the query's memory.

import type { Block } from '../../storage/column/vector.ts'
import type { WrittenRows } from '../exec/order/written-rows.ts'
import { ByteBuilder } from '../functions/values/byte-builder.ts'
import type { OutputColumn, TypedPlan } from '../plan/plan.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'

export type QueryResult = {
  readonly columns: readonly OutputColumn[]
  readonly blocks: readonly Block[]
  /** Rows that a LIMIT cut from; null: there was none. */
  readonly rowsBeforeLimit: number | null
  /** The row of WITH TOTALS; null or absent: none. */
  readonly totals?: Block | null
  /** SETTINGS of the query: some say how values are written. */
  readonly settings?: TypedPlan['settings']
  /** The rows as the format writes them, in place of blocks' columns; null or absent: they are columns. */
  readonly written?: WrittenRows | null
}

export type ResultStats = { readonly elapsedMs: number; readonly rowsRead: number; readonly bytesRead: number }

/** The result is larger than a client may ask for: 400. */
export class ResultTooLarge extends Error {
  constructor(bytesMax: number) {
    super(`The result is larger than ${bytesMax} bytes (setting max_result_bytes); `
      + 'ask for fewer rows or columns, or add a LIMIT')
    this.name = 'ResultTooLarge'
  }
}

/** A sink whose bytes count on the account. */
export const newSink = (account: MemoryAccount): ByteBuilder => new ByteBuilder(0, account, 4096)

/** Where finished answers are made: memory that leaves the worker. */
export interface AnswerBytes {
  take(count: number): Uint8Array
  /** What was taken is not sent after all. */
  giveBack(bytes: Uint8Array): void
}

/** New memory for each answer. */
export const NEW_BYTES: AnswerBytes = { take: (count) => new Uint8Array(count), giveBack: () => {} }

export const rowCountOf = (result: QueryResult): number =>
  result.blocks.reduce((sum, block) => sum + block.rowCount, 0)
