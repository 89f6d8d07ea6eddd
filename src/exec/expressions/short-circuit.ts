// if, multiIf, and, or where a later part may fail: it is evaluated only over the rows that need it,
// as ClickHouse does, so `if(x = 0, 0, intDiv(1, x))` has no division by zero.
// Parts that cannot fail are evaluated over the whole block: that is cheaper than to gather rows.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import { castVector } from '../../functions/values/cast.ts'
import { asBranch } from '../../functions/numbers/conditional.ts'
import { conditionMask } from '../../functions/base/call.ts'
import { isNumber } from '../../functions/values/types.ts'
import { asConst, pick, rowsWhere, take } from '../../functions/values/vectors.ts'
import { defaultVector } from '../../functions/values/values.ts'
import type { TypedExpr } from '../../plan/plan.ts'
import type { Evaluator } from './evaluator.ts'
import type { Runtime } from '../runtime/runtime.ts'

const MAY_FAIL = new RegExp('^(intDiv|modulo|positiveModulo|throwIf|accurateCast|CAST$|_CAST$|parse'
  + '|to(U?Int|Float|Date|Decimal|UUID|IPv|Fixed)|divideDecimal|repeat|range|arrayElement|__refused)')

/** True where evaluating may throw, or cost more than gathering rows. */
export function mayFail(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'call': return MAY_FAIL.test(expr.name) || expr.args.some(mayFail)
    case 'in': return expr.exprs.some(mayFail)
    case 'lambda': return mayFail(expr.body)
    default: return false
  }
}

type Compile = (expr: TypedExpr, runtime: Runtime) => Evaluator
type Call = Extract<TypedExpr, { kind: 'call' }>

/** An evaluator that skips rows; null: the plain way serves. */
export function shortCircuit(expr: Call, runtime: Runtime, compile: Compile): Evaluator | null {
  const isBranch = expr.name === 'if' || expr.name === 'multiIf'
  const isLogic = expr.name === 'and' || expr.name === 'or'
  if ((!isBranch && !isLogic) || !expr.args.slice(1).some(mayFail)) return null
  return isBranch ? branches(expr, runtime, compile) : logic(expr, runtime, compile)
}

/** Rows of a block by number, as a block of their own. Holes in `columns` stay holes. */
export function takeRows(block: Block, rows: Uint32Array, runtime: Runtime): Block {
  const columns: Vector[] = []
  for (let i = 0; i < block.columns.length; i++) {
    const column = block.columns[i]
    if (column === undefined) continue // nobody reads it
    columns[i] = column.isConst ? asConst(column, rows.length)
      : take(column, rows, rows.length, runtime.scratch.account)
  }
  return { rowCount: rows.length, columns }
}

/** if(c, a, b) and multiIf(c1, a1, c2, a2, …, b). */
function branches(expr: Call, runtime: Runtime, compile: Compile): Evaluator {
  const parts = expr.args.map((arg) => compile(arg, runtime))
  const type = parseDataType(expr.type)
  const { account } = runtime.scratch
  return (block) => {
    const { rowCount } = block
    const which = account.u8(rowCount).fill(0)
    const places = account.u32(rowCount).fill(0)
    const sources: Vector[] = []
    let rest = account.u32(rowCount)
    for (let i = 0; i < rowCount; i++) rest[i] = i
    const assign = (part: Evaluator, rows: Uint32Array) => {
      if (rows.length === 0) return
      const source = sources.push(part(takeRows(block, rows, runtime))) - 1
      for (let i = 0; i < rows.length; i++) {
        which[rows[i]] = source
        places[rows[i]] = i
      }
    }
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const condition = parts[at](takeRows(block, rest, runtime))
      const mask = conditionMask(condition, rest.length, runtime.scratch)
      const yes = rowsWhere(mask, rest.length, account)
      for (let i = 0; i < mask.length; i++) mask[i] ^= 1
      const no = rowsWhere(mask, rest.length, account)
      assign(parts[at + 1], yes.map((i) => rest[i]))
      rest = no.map((i) => rest[i])
    }
    assign(parts[parts.length - 1], rest)
    if (sources.length === 0) return defaultVector(type, 0, account) // no row
    return pick(harmonised(sources, type, parts.length === 3, runtime), which, places, rowCount, type, account)
  }
}

/** Branches as values of the result's type; pick() converts numbers while it copies. A branch that is
 * NULL alone has no values of its own. */
const harmonised = (
  sources: readonly Vector[], type: DataType, isOfOneCondition: boolean, runtime: Runtime): Vector[] =>
  sources.map((source) => {
    const [from, to] = [bareType(source.type), bareType(type)]
    if (from.id === 'Nothing') return defaultVector(type, source.length, runtime.scratch.account)
    const isCopied = from === to || (isNumber(from) && isNumber(to) && !isLarge(to))
    if (isCopied) return { ...source, type }
    return isOfOneCondition ? asBranch(source, type, runtime.scratch) : castVector(source, type, runtime.scratch)
  })

/** and, or: the next part only over rows that are not decided. */
function logic(expr: Call, runtime: Runtime, compile: Compile): Evaluator {
  const parts = expr.args.map((arg) => compile(arg, runtime))
  const type = parseDataType(expr.type)
  const decides = expr.name === 'or' ? 1 : 0
  const { account } = runtime.scratch
  return (block) => {
    const { rowCount } = block
    const values = account.u8(rowCount).fill(1 - decides)
    const nulls = account.u8(rowCount).fill(0)
    let anyNull = 0
    let rest = account.u32(rowCount)
    for (let i = 0; i < rowCount; i++) rest[i] = i
    for (const part of parts) {
      if (rest.length === 0) break
      const result = part(takeRows(block, rest, runtime))
      const mask = conditionMask(result, rest.length, runtime.scratch)
      let kept = 0
      const next = account.u32(rest.length)
      for (let i = 0; i < rest.length; i++) {
        const row = rest[i]
        const isNull = result.nulls === null ? 0 : result.nulls[result.isConst ? 0 : i]
        if (isNull === 0 && mask[i] === decides) {
          values[row] = decides
          nulls[row] = 0
          continue
        }
        nulls[row] |= isNull
        next[kept++] = row
      }
      rest = next.subarray(0, kept)
    }
    for (let i = 0; i < rowCount; i++) {
      anyNull |= nulls[i]
      if (nulls[i] === 1) values[i] = 0
    }
    return {
      kind: 'number', type, length: rowCount, isConst: false, nulls: anyNull === 1 ? nulls : null, values,
    }
  }
}
