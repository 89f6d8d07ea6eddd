// What a scan knows of its columns: the same in every run of a plan, or for as long as a row set is open.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { RowSet } from '../../../storage/part/row-set.ts'
import type { PlanNode } from '../../plan/plan.ts'
import { perPlan } from '../runtime/per-plan.ts'

type ScanNode = Extract<PlanNode, { op: 'scan' }>

/** Types of the columns of a scan, or of any other node. */
export const typesOf = perPlan((node: PlanNode): readonly DataType[] =>
  node.columns.map((column) => parseDataType(column.type)))

/** null for each column of a scan. */
export const nothingOf = perPlan((node: ScanNode): readonly null[] => node.columns.map(() => null))

/** Strings among columns of a scan. */
export const textsOf = perPlan((node: ScanNode) => perPlan((columns: readonly number[]): readonly number[] =>
  columns.filter((column) => bareType(typesOf(node)[column]).id === 'String')))

/** A row set's readers by column of a scan. */
export const readersIn = perPlan((rowSet: RowSet) => perPlan((columnIds: readonly number[]) =>
  columnIds.map((id) => rowSet.column(id))))
