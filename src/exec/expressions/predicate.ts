// Conditions to row numbers. A conjunction is a list of predicates; each sees only rows that those
// before it kept. Over one dictionary column a predicate is a byte by code: unknown, no, yes.
// Invariant: NULL is not true.

import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Block, CodesVector, Vector } from '../../../storage/column/vector.ts'
import { UNANSWERED } from '../../../storage/kernels/select.ts'
import { columnsOf } from '../../plan/lower.ts'
import type { TypedExpr } from '../../plan/plan.ts'
import { compileDirect, compileExpression, constantOf, isConstant, memoColumn } from './expression.ts'
import type { Evaluator } from './evaluator.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { CODES_A_ROW, distinctBlock } from './memo.ts'
import { isStrings, stringAt } from '../dictionaries/query-strings.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Rows of a block (ascending, in scratch) for which a condition holds; null: all. */
export type Predicate = {
  readonly columns: readonly number[]
  readonly select: (block: Block) => Uint32Array | null
}

/** The parts of a conjunction, in order. */
export const conjuncts = (condition: TypedExpr | null): readonly TypedExpr[] =>
  (condition === null ? [] : partsOf(condition))

const partsOf = perPlan((condition: TypedExpr): readonly TypedExpr[] =>
  (condition.kind === 'call' && condition.name === 'and' ? condition.args.flatMap(partsOf) : [condition]))

/** Columns that a condition reads. */
export const columnsReadBy = perPlan((expr: TypedExpr): readonly number[] => [...columnsOf(expr, new Set())])

export function compilePredicate(expr: TypedExpr, runtime: Runtime): Predicate {
  // Compiled when rows first come: zone maps and postings answer most conditions of a point query.
  let select: Select | null = null
  return {
    columns: columnsReadBy(expr),
    select: (block) => {
      select ??= equality(expr, runtime) ?? byCode(expr, runtime) ?? general(expr, runtime)
      return select(block)
    },
  }
}

type Select = Predicate['select']

function general(expr: TypedExpr, runtime: Runtime): Select {
  const evaluate = compileExpression(expr, runtime)
  return (block) => trueRows(evaluate(block), block.rowCount, runtime)
}

function trueRows(vector: Vector, rowCount: number, runtime: Runtime): Uint32Array | null {
  if (vector.kind !== 'number' && vector.kind !== 'big') return new Uint32Array(0)
  const { values, nulls } = vector
  if (vector.isConst) {
    const isTrue = Number(values[0]) !== 0 && (nulls === null || nulls[0] === 0)
    return isTrue ? null : new Uint32Array(0)
  }
  const { account, kernels } = runtime.scratch
  const rows = account.u32(rowCount)
  let count = 0
  if (values instanceof Uint8Array && nulls === null && values.buffer === account.work.buffer) {
    count = kernels.trueRows(values.byteOffset, rowCount, rows.byteOffset)
  } else {
    for (let row = 0; row < rowCount; row++) {
      if (Number(values[row]) !== 0 && (nulls === null || nulls[row] === 0)) rows[count++] = row
    }
  }
  return count === rowCount ? null : rows.subarray(0, count)
}

/** `column = 'text'` over codes is one comparison of numbers a row. */
function equality(expr: TypedExpr, runtime: Runtime): Select | null {
  if (expr.kind !== 'call' || expr.name !== 'equals') return null
  const [column, other] = expr.args[0].kind === 'column' ? expr.args : [...expr.args].reverse()
  if (column.kind !== 'column' || !isConstant(other)) return null
  if (parseDataType(other.type).id !== 'String') return null
  const otherwise = general(expr, runtime)
  let dictionaryId = 0
  let wanted = -1
  return (block) => {
    const vector = block.columns[column.index]
    if (vector.kind !== 'codes' || vector.isConst) return otherwise(block)
    if (vector.dictionary.id !== dictionaryId || wanted < 0) {
      const value = constantOf(other, runtime)
      if (!isStrings(value) || value.nulls !== null) return otherwise(block)
      dictionaryId = vector.dictionary.id
      wanted = vector.dictionary.find(stringAt(value, 0))
    }
    return wanted < 0 ? new Uint32Array(0) : equalRows(vector, wanted, block.rowCount, runtime)
  }
}

function equalRows(
  vector: CodesVector, wanted: number, rowCount: number, runtime: Runtime): Uint32Array | null {
  const { codes, nulls } = vector
  const { account, kernels } = runtime.scratch
  const rows = account.u32(rowCount)
  let count = 0
  if (nulls === null && codes.buffer === account.work.buffer) {
    count = kernels.equalRows(codes.byteOffset, rowCount, wanted, rows.byteOffset)
  } else if (nulls === null) {
    for (let row = 0; row < rowCount; row++) if (codes[row] === wanted) rows[count++] = row
  } else {
    for (let row = 0; row < rowCount; row++) {
      if (codes[row] === wanted && nulls[row] === 0) rows[count++] = row
    }
  }
  return count === rowCount ? null : rows.subarray(0, count)
}

const NO = 1
const YES = 2

/** One answer a code, asked when the code is first met. */
function byCode(expr: TypedExpr, runtime: Runtime): Select | null {
  const column = memoColumn(expr)
  if (column < 0) return null
  const direct = compileDirect(expr, runtime)
  let answers: Uint8Array | null = null
  let dictionaryId = 0
  let rowsSeen = 0
  return (block) => {
    const vector = block.columns[column]
    if (vector.kind !== 'codes' || vector.isConst || block.rowCount === 0) {
      return trueRows(direct(block), block.rowCount, runtime)
    }
    const { size, id } = vector.dictionary
    if (answers === null || dictionaryId !== id || answers.length <= size) {
      rowsSeen += block.rowCount
      // One byte a code: four times as many codes a row as where a place of four bytes is kept.
      if (size > rowsSeen * CODES_A_ROW * 4) return trueRows(direct(block), block.rowCount, runtime)
      answers = runtime.durable.account.u8(size + (size >>> 2) + 64).fill(0)
      dictionaryId = id
    }
    return answered(vector, answers, block.rowCount, column, direct, runtime)
  }
}

function answered(
  vector: CodesVector, answers: Uint8Array, rowCount: number, column: number, direct: Evaluator,
  runtime: Runtime,
): Uint32Array | null {
  const { account, kernels } = runtime.scratch
  const { codes, nulls } = vector
  if (nulls === null && codes.buffer === account.work.buffer) {
    // The answer of code c lies at c + 1.
    const at = answers.byteOffset + 1
    const rows = account.u32(rowCount)
    let count = kernels.answeredRows(codes.byteOffset, rowCount, at, rows.byteOffset)
    if (count === UNANSWERED) {
      // Unknown answers become NO here.
      const missing = kernels.unknownCodes(codes.byteOffset, rowCount, at, rows.byteOffset)
      const asked = rows.subarray(0, missing)
      for (let i = 0; i < missing; i++) asked[i]++
      ask(asked, vector, answers, column, direct, runtime)
      count = kernels.answeredRows(codes.byteOffset, rowCount, at, rows.byteOffset)
    }
    return count === rowCount ? null : rows.subarray(0, count)
  }
  const keys = account.u32(rowCount)
  let missing = 0
  for (let row = 0; row < rowCount; row++) {
    const key = nulls !== null && nulls[row] === 1 ? 0 : codes[row] + 1
    if (answers[key] === 0) {
      answers[key] = NO
      keys[missing++] = key
    }
  }
  if (missing > 0) ask(keys.subarray(0, missing), vector, answers, column, direct, runtime)
  const rows = account.u32(rowCount)
  let count = 0
  if (nulls === null) {
    for (let row = 0; row < rowCount; row++) {
      rows[count] = row
      count += answers[codes[row] + 1] - NO
    }
  } else {
    for (let row = 0; row < rowCount; row++) {
      rows[count] = row
      count += answers[nulls[row] === 1 ? 0 : codes[row] + 1] - NO
    }
  }
  return count === rowCount ? null : rows.subarray(0, count)
}

/** Enters the answers for keys (code + 1; 0: NULL) that are YES. */
function ask(
  keys: Uint32Array, vector: CodesVector, answers: Uint8Array, column: number, direct: Evaluator,
  runtime: Runtime,
): void {
  const rows = trueRows(direct(distinctBlock(column, keys, vector, runtime)), keys.length, runtime)
  if (rows === null) for (const key of keys) answers[key] = YES
  else for (const row of rows) answers[keys[row]] = YES
}
