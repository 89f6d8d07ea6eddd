// The last rows of a plan as bytes of the answer's format (format/row-texts.ts), made where they are read:
//
//   scan ... -> rows -> [keys of ORDER BY, bytes of the row] -> sort -> bytes in order
//
// Invariant: only where nothing between here and the answer drops rows or looks at other columns.

import type { Block, BytesVector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { inputsOf } from '../../plan/nodes.ts'
import type { PlanNode, SortKey } from '../../plan/plan.ts'
import type { Operator } from '../runtime/operator.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Writes rows as bytes. */
export interface RowTexts {
  /** A text a row, in memory of `account`. */
  textsOf(block: Block, account: MemoryAccount): BytesVector
}

/** Rows of `input`: the columns that make the answer's, in its order, and what they are sorted by. */
export type TextShape = {
  readonly input: PlanNode; readonly columns: readonly number[]; readonly keys: readonly SortKey[]
}

/** Nodes that hand on rows as they come. */
const STREAMING: ReadonlySet<PlanNode['op']> = new Set(['filter', 'project', 'array-join', 'union', 'scan', 'generate'])

/** How rows of a plan can be written before they are sorted; null: they can't, or all come from one thread. */
export const textShape = perPlan((root: PlanNode): TextShape | null => {
  let node = root
  let columns = root.columns.map((_, index) => index)
  // Above a sort columns are but left out.
  while (node.op === 'project' && node.exprs.every((expr) => expr.kind === 'column') && !isStreaming(node.input)) {
    const { exprs } = node
    columns = columns.map((index) => (exprs[index] as { readonly index: number }).index)
    node = node.input
  }
  if (node.op !== 'sort') return isStreaming(root) ? { input: root, columns: root.columns.map((_, index) => index), keys: [] } : null
  return node.limit === null && isStreaming(node.input) ? { input: node.input, columns, keys: node.keys } : null
})

const isStreaming = (node: PlanNode): boolean =>
  STREAMING.has(node.op) && inputsOf(node).every(isStreaming)

export class TextOperator implements Operator {
  private readonly shape: TextShape
  private readonly texts: RowTexts
  private readonly next: Operator
  private readonly runtime: Runtime

  constructor(shape: TextShape, texts: RowTexts, next: Operator, runtime: Runtime) {
    this.shape = shape
    this.texts = texts
    this.next = next
    this.runtime = runtime
  }

  get isFull(): boolean { return this.next.isFull }

  push({ rowCount, columns }: Block): void {
    const { shape, texts, runtime } = this
    const row = { rowCount, columns: shape.columns.map((index) => columns[index]) }
    this.next.push({
      rowCount,
      columns: [...shape.keys.map(({ index }) => columns[index]), texts.textsOf(row, runtime.scratch.account)],
    })
  }

  finish(): void { this.next.finish() }
}
