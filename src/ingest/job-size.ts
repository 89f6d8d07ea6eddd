// What a job came to: the next one of its plan makes as much room at once, instead of moving what it has again and
// again into buffers whose pages nobody has touched.

import { C_BYTES, C_COUNT, C_KIND, C_OFFSETS, C_VALUES, KIND_BYTES, KIND_CODES, KIND_JSON, S_ROW } from '../../storage/kernels/ndjson-layout.ts'
import type { Workspace } from './workspace.ts'

/** Rows, and of each column its distinct strings and the bytes of its texts, with some room. */
export type JobSize = {
  readonly rows: number
  readonly columns: readonly { readonly entries: number; readonly textBytes: number }[]
}

/** Room for a little more than the last job had. */
const MARGIN = 1.05

/** Of a job whose rows are all read. */
export function sizeOf(space: Workspace): JobSize {
  const rows = space.get(space.state, S_ROW)
  const columns = space.columns.map((_, index) => {
    const at = space.column(index)
    const kind = space.get(at, C_KIND)
    const entries = kind === KIND_CODES ? space.get(at, C_COUNT) : 0
    const ends = kind === KIND_CODES ? C_OFFSETS : kind === KIND_BYTES || kind === KIND_JSON ? C_VALUES : C_BYTES
    const textBytes = ends === C_BYTES ? 0 : space.get(space.get(at, ends) + (kind === KIND_CODES ? entries : rows) * 4, 0)
    return { entries, textBytes }
  })
  return { rows, columns }
}

/** Of a job of `share` as many bytes. More rows have about the same distinct strings. */
export function scaled({ rows, columns }: JobSize, share: number): JobSize {
  const of = (count: number, by = share): number => Math.ceil(count * by * MARGIN)
  return {
    rows: of(rows) + 64,
    columns: columns.map(({ entries, textBytes }) => (
      { entries: of(entries, Math.min(1, share)), textBytes: of(textBytes, entries > 0 ? Math.min(1, share) : share) })),
  }
}
