// Limits that a query sets itself (max_rows_to_read and its kin): whoever counts asks here whether it may
// go on. Invariant: a limit of 0 is none; what passes one ends with ClickHouse's kind of error, by name.

import type { Block, Vector } from '../../../storage/column/vector.ts'
import { QueryError } from '../../plan/plan.ts'
import type { Value } from '../../functions/values/value.ts'
import { perPlan } from './per-plan.ts'

/** What is counted, the error's code, and the setting that says what happens beyond the limit. */
const QUOTAS = {
  max_rows_to_read: ['rows read', 'TOO_MANY_ROWS', 'read_overflow_mode'],
  max_rows_to_read_leaf: ['rows read', 'TOO_MANY_ROWS', 'read_overflow_mode_leaf'],
  max_bytes_to_read: ['bytes read', 'TOO_MANY_BYTES', 'read_overflow_mode'],
  max_bytes_to_read_leaf: ['bytes read', 'TOO_MANY_BYTES', 'read_overflow_mode_leaf'],
  max_rows_to_group_by: ['groups', 'TOO_MANY_ROWS', 'group_by_overflow_mode'],
  max_rows_to_sort: ['rows to sort', 'TOO_MANY_ROWS_OR_BYTES', 'sort_overflow_mode'],
  max_bytes_to_sort: ['bytes to sort', 'TOO_MANY_ROWS_OR_BYTES', 'sort_overflow_mode'],
  max_rows_in_distinct: ['distinct rows', 'SET_SIZE_LIMIT_EXCEEDED', 'distinct_overflow_mode'],
  max_bytes_in_distinct: ['bytes of distinct rows', 'SET_SIZE_LIMIT_EXCEEDED', 'distinct_overflow_mode'],
  max_rows_in_set: ['rows in a set of IN', 'SET_SIZE_LIMIT_EXCEEDED', 'set_overflow_mode'],
  max_bytes_in_set: ['bytes in a set of IN', 'SET_SIZE_LIMIT_EXCEEDED', 'set_overflow_mode'],
  max_rows_in_join: ['rows in the table of a join', 'SET_SIZE_LIMIT_EXCEEDED', 'join_overflow_mode'],
  max_bytes_in_join: ['bytes in the table of a join', 'SET_SIZE_LIMIT_EXCEEDED', 'join_overflow_mode'],
  max_result_rows: ['rows in the result', 'TOO_MANY_ROWS_OR_BYTES', 'result_overflow_mode'],
} as const

export type QuotaName = keyof typeof QUOTAS

export type Quotas = {
  /** Throws QueryError where the query's limit of that name is below `count`, or what `count` finds. */
  readonly refuseAbove: (name: QuotaName, count: number | (() => number)) => void
  /** Whether the query has a limit of that name. */
  readonly has: (name: QuotaName) => boolean
  /** Rows after which a result may end (result_overflow_mode = 'break'); infinite: it has no such end. */
  readonly resultRows: number
}

export const NO_QUOTAS: Quotas = { refuseAbove: () => {}, has: () => false, resultRows: Number.POSITIVE_INFINITY }

export const quotasOf = perPlan((settings: Readonly<Record<string, Value>>): Quotas => {
  const limits = new Map<QuotaName, number>()
  let resultRows = Number.POSITIVE_INFINITY
  for (const name of Object.keys(QUOTAS) as QuotaName[]) {
    const most = Number(settings[name] ?? 0)
    if (!(most > 0)) continue
    if (!isSoft(name, settings)) limits.set(name, most)
    else if (name === 'max_result_rows') resultRows = most
  }
  if (limits.size === 0) return { ...NO_QUOTAS, resultRows }
  return {
    resultRows,
    has: (name) => limits.has(name),
    refuseAbove: (name, count) => {
      const most = limits.get(name)
      if (most === undefined) return
      const found = typeof count === 'number' ? count : count()
      if (found <= most) return
      const [what, code] = QUOTAS[name]
      throw new QueryError(`There are ${found} ${what}, more than ${most} (setting ${name}); narrow the query, `
        + 'or set a higher limit', null, code)
    },
  }
})

/** …_overflow_mode = 'break' (or 'any', of groups) lets a query end early; here it goes on to its end. */
const isSoft = (name: QuotaName, settings: Readonly<Record<string, Value>>): boolean =>
  /^(break|any)$/i.test(String(settings[QUOTAS[name][2]] ?? ''))

/** Bytes that rows of a block take. */
export const blockBytes = ({ columns }: Block): number => columns.reduce((sum, column) => sum + vectorBytes(column), 0)

function vectorBytes(vector: Vector): number {
  const { length, nulls } = vector
  const own = vector.isConst ? 1 : length
  const marks = nulls === null ? 0 : own
  switch (vector.kind) {
    case 'number': case 'big': return marks + own * vector.values.BYTES_PER_ELEMENT
    case 'codes': return marks + own * 4
    case 'bytes': return marks + own * 4 + vector.offsets[own]
    case 'array': return marks + own * 4 + vectorBytes(vector.values)
    case 'tuple': return vector.fields.reduce((sum, field) => sum + vectorBytes(field), marks)
  }
}
