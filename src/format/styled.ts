// A result as its query's SETTINGS want its values written.

import type { Block } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { stylist } from '../functions/strings/styled-values.ts'
import type { QueryResult } from './result.ts'

/** The result as its query's SETTINGS want it written: columns as texts of announced types that stay. */
export function styled(result: QueryResult, isJson: boolean, account: MemoryAccount): QueryResult {
  const rewrite = result.settings === undefined ? null : stylist(result.settings, isJson, account)
  if (rewrite === null) return result
  const block = (one: Block): Block => ({ ...one, columns: one.columns.map(rewrite) })
  const { totals } = result
  return {
    ...result, blocks: result.blocks.map(block),
    totals: totals === null || totals === undefined ? null : block(totals),
  }
}
