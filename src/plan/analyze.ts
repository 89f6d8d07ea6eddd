// The door of the analyzer: a syntax tree to a typed plan.
//
//   analyze -> select.ts (from.ts, expressions.ts, grouping.ts) -> passes.ts -> TypedPlan

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Expression, Query } from '../sql/ast.ts'
import { Analysis, settingsIn, type Catalog } from './analysis.ts'
import { compact, isDeterministic } from './compact.ts'
import { expressionOver } from './from.ts'
import { literalValue } from './literals.ts'
import { inputsOf } from './nodes.ts'
import { runPasses } from './passes.ts'
import { QueryError, type PlanNode, type TypedExpr, type TypedPlan } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { Scope, sourceOf } from './scope.ts'
import { planSelect } from './select.ts'
import { planSetOperation } from './set-operations.ts'
import type { SlotInfo } from './slots.ts'

export type { Catalog } from './analysis.ts'
export type { SlotInfo } from './slots.ts'

/** The plan of a query over the tables of `catalog`. `slots` are the call's values, in the order in
 * which the parser was told their places. `isAlone`: nobody will make sets for IN. Throws QueryError. */
export function analyze(
  query: Query, catalog: Catalog, slots: readonly SlotInfo[] = [], isAlone = false,
): TypedPlan {
  const analysis = new Analysis(catalog, slots, planQuery, isAlone)
  const written = analysis.planQuery(query, null)
  const totals = analysis.totalsOf.get(written) ?? null
  const settings = settingsOf(query, analysis)
  const root = runPasses(limitedBySettings(written, settings))
  const plans = compact({
    root, totals: totals === null ? null : runPasses(totals),
    sets: analysis.sets.map((set) =>
      (set.kind === 'plan' ? { ...set, plan: runPasses(set.plan) } : set)),
    scalars: analysis.scalars.map(({ plan, type }) => ({ plan: runPasses(plan), type })),
    recursions: analysis.recursions.map((one) =>
      ({ ...one, base: runPasses(one.base), step: runPasses(one.step) })),
  })
  refuseWide(Number(settings.max_columns_to_read ?? 0), plans)
  return {
    ...plans,
    slotTypes: analysis.slots.types, slotSources: analysis.slots.sources,
    countSlots: analysis.slots.countSlots,
    consumedSlots: analysis.slots.consumedSlots,
    isDeterministic: isDeterministic(plans), settings, format: query.format ?? null, tables: [...analysis.tables],
  }
}

/** max_columns_to_read, of each table. */
function refuseWide(most: number, { root, sets, scalars }: Pick<TypedPlan, 'root' | 'sets' | 'scalars'>): void {
  if (most === 0) return
  const visit = (node: PlanNode): void => {
    if (node.op === 'scan' && node.columnIds.length > most) {
      throw new QueryError(`The query reads ${node.columnIds.length} columns of ${node.table}, more than ${most} `
        + '(setting max_columns_to_read)', null, 'TOO_MANY_COLUMNS')
    }
    inputsOf(node).forEach(visit)
  }
  visit(root)
  for (const set of sets) if (set.kind === 'plan') visit(set.plan)
  for (const { plan } of scalars) visit(plan)
}

/** An expression over the columns of a table (keys, TTL, DEFAULT), numbered as given. `type`: what it
 * is cast to; null: its own. No subqueries. Throws QueryError. */
export function analyzeExpression(
  expr: Expression, columns: readonly { readonly name: string; readonly type: string }[],
  type: string | null = null,
): TypedExpr {
  const noTables: Catalog = { table: () => null, tableNames: () => [] }
  const analysis = new Analysis(noTables, [], (_, query) => {
    throw new QueryError('A subquery cannot stand here', query, 'BAD_ARGUMENTS')
  }, true)
  const scope = new Scope(analysis, null)
  scope.source = sourceOf(
    columns.map((column) => ({ name: column.name, type: parseDataType(column.type) })), [])
  return expressionOver(scope, expr, type === null ? null : parseDataType(type))
}

/** A query as it was written, before the passes. */
export function planQuery(analysis: Analysis, query: Query, parent: Scope | null): PlanNode {
  return query.kind === 'select' ? planSelect(analysis, query, parent)
    : planSetOperation(analysis, query, parent)
}

/** The settings limit and offset cut what the query gives, its own LIMIT included. */
function limitedBySettings(input: PlanNode, settings: Record<string, Value>): PlanNode {
  const [limit, offset] = [settings.limit, settings.offset].map((value) => Number(value ?? 0))
  if (limit === 0 && offset === 0) return input
  return {
    op: 'limit', input, limit: limit === 0 ? null : { value: limit, slot: -1 },
    offset: { value: offset, slot: -1 }, columns: input.columns,
  }
}

/** SETTINGS of the outermost query; values are literals. */
function settingsOf(query: Query, analysis: Analysis): Record<string, Value> {
  const settings: Record<string, Value> = {}
  for (const { name, value } of settingsIn(query)) {
    if (value?.kind !== 'literal') continue
    settings[name] = literalValue(value).value
    analysis.slots.consume(value.slot ?? -1)
  }
  return settings
}
