// What a finished query hands to a format: its columns and blocks, and the figures that JSON shows.

import type { Block } from '../../storage/column/vector.ts'

export type FormatInput = {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly blocks: readonly Block[]
  /** null: the query has no LIMIT. */
  readonly rowsBeforeLimit: number | null
}

export type FormatStats = {
  readonly rowsRead: number
  readonly bytesRead: number
  readonly elapsedMs: number
}

/** An answer grew beyond what one may hold. */
export class ResultTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`The result is larger than ${limitBytes} bytes: add a LIMIT, or select fewer columns`)
    this.name = 'ResultTooLarge'
  }
}
