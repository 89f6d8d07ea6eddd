// Limits that a query sets itself (max_rows_to_read and its kin): whoever counts asks here whether it may
// go on. Invariant: a limit of 0 is none; what passes one ends with ClickHouse's kind of error, by name.

import { QueryError, type Value } from '../plan/plan.ts'

const QUOTAS = {
  max_rows_to_read: ['rows read', 'TOO_MANY_ROWS'],
  max_rows_to_read_leaf: ['rows read', 'TOO_MANY_ROWS'],
  max_bytes_to_read: ['bytes read', 'TOO_MANY_BYTES'],
  max_bytes_to_read_leaf: ['bytes read', 'TOO_MANY_BYTES'],
  max_rows_to_group_by: ['groups', 'TOO_MANY_ROWS'],
  max_rows_to_sort: ['rows to sort', 'TOO_MANY_ROWS_OR_BYTES'],
  max_rows_in_distinct: ['distinct rows', 'SET_SIZE_LIMIT_EXCEEDED'],
  max_rows_in_set: ['rows in a set of IN', 'SET_SIZE_LIMIT_EXCEEDED'],
  max_rows_in_join: ['rows in the table of a join', 'SET_SIZE_LIMIT_EXCEEDED'],
  max_result_rows: ['rows in the result', 'TOO_MANY_ROWS_OR_BYTES'],
} as const

export type QuotaName = keyof typeof QUOTAS

/** `refuseAbove(name, count)` throws QueryError where the query's limit of that name is below `count`. */
export type Quotas = { readonly refuseAbove: (name: QuotaName, count: number) => void }

export const NO_QUOTAS: Quotas = { refuseAbove: () => {} }

export function quotasOf(settings: Readonly<Record<string, Value>>): Quotas {
  const limits = new Map<QuotaName, number>()
  for (const name of Object.keys(QUOTAS) as QuotaName[]) {
    const most = Number(settings[name] ?? 0)
    if (most > 0 && !isSoft(name, settings)) limits.set(name, most)
  }
  if (limits.size === 0) return NO_QUOTAS
  return {
    refuseAbove: (name, count) => {
      const most = limits.get(name)
      if (most === undefined || count <= most) return
      const [what, code] = QUOTAS[name]
      throw new QueryError(`There are ${count} ${what}, more than ${most} (setting ${name}); narrow the query, `
        + 'or set a higher limit', null, code)
    },
  }
}

/** …_overflow_mode = 'break' lets a query end early; here it goes on to its end. */
const isSoft = (name: QuotaName, settings: Readonly<Record<string, Value>>): boolean =>
  settings[name.startsWith('max_result') ? 'result_overflow_mode' : name.includes('_read') ? 'read_overflow_mode'
    : ''] === 'break'
