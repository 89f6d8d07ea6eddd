// Leaves that need no table: SELECT without FROM, and table functions (numbers, zeros, …).

import { parseDataType } from '../../../storage/column/parse-type.ts'
import { BLOCK_ROWS_MAX, type Block } from '../../../storage/column/vector.ts'
import { valueAt } from '../../functions/values/values.ts'
import { newNumbers, numberVector, zeroBytes } from '../../functions/values/vectors.ts'
import { QueryError, type PlanNode, type TypedExpr } from '../../plan/plan.ts'
import { boundOf } from '../expressions/bounds.ts'
import { constantOf, isConstant } from '../expressions/expression.ts'
import { randomOf, randomVector } from './generate-random.ts'
import type { Runtime } from '../runtime/runtime.ts'

type GenerateNode = Extract<PlanNode, { op: 'generate' }>

/** Rows that a table function makes: how many, and each block of them. */
export type Generator = {
  readonly rowCount: number
  /** Rows [from, to), at most BLOCK_ROWS_MAX. */
  readonly block: (from: number, to: number) => Block
  /** Of a rising series: how many of its rows are at most `value`. */
  readonly rowsUpTo?: (value: number) => number
}

/** SELECT 1: one row without columns. */
export const oneRow: Generator = { rowCount: 1, block: (from, to) => ({ rowCount: to - from, columns: [] }) }

/** numbers(count), numbers(offset, count[, step]), zeros(count), and their _mt names. */
export function generatorOf(node: GenerateNode, runtime: Runtime): Generator {
  if (node.name === 'generateRandom') return randomGenerator(node, runtime)
  const args = node.args.map((arg) => Number(valueAt(constantOf(arg, runtime), 0)))
  const { account } = runtime.scratch
  const type = parseDataType(node.columns[0]?.type ?? 'UInt64')
  switch (node.name.replace(/_mt$/, '')) {
    case 'one': return { rowCount: 1, block: () => ({ rowCount: 1, columns: [numberVector(type, zeroBytes(1, account))] }) }
    case 'zeros': return {
      rowCount: countOf(args[0]),
      block: (from, to) => ({ rowCount: to - from, columns: [numberVector(type, zeroBytes(to - from, account))] }),
    }
    case 'numbers': case 'generate_series': case 'generateSeries': {
      const { start, count, step } = seriesOf(node.name, args)
      return {
        rowCount: count,
        rowsUpTo: (value) => Math.floor((value - start) / step) + 1,
        block: (from, to) => {
          const values = newNumbers(type, to - from, account)
          for (let i = 0; i < to - from; i++) values[i] = start + (from + i) * step
          return { rowCount: to - from, columns: [numberVector(type, values)] }
        },
      }
    }
    default:
      throw new QueryError(`not supported yet: table function ${node.name}`, null, 'NOT_IMPLEMENTED')
  }
}

/** The same without rows at its end that cannot fulfil the conditions, which are asked of the others:
 * `FROM system.numbers WHERE number < 10` ends, as it does in ClickHouse. */
export function boundedBy(generator: Generator, conditions: readonly TypedExpr[], runtime: Runtime): Generator {
  const { rowsUpTo } = generator
  if (rowsUpTo === undefined) return generator
  const most = Math.min(...conditions.map((condition) => mostOf(condition, runtime)))
  return most === Infinity ? generator
    : { ...generator, rowCount: Math.min(generator.rowCount, Math.max(0, rowsUpTo(most))) }
}

/** No number above it fulfils the condition. */
function mostOf(condition: TypedExpr, runtime: Runtime): number {
  if (isConstant(condition)) {
    const value = valueAt(constantOf(condition, runtime), 0)
    return value === null || value === 0 || value === false ? -Infinity : Infinity
  }
  if (condition.kind === 'call' && (condition.name === 'and' || condition.name === 'or')) {
    const each = condition.args.map((arg) => mostOf(arg, runtime))
    return condition.name === 'and' ? Math.min(...each) : Math.max(...each)
  }
  const bound = boundOf(condition, runtime)
  return bound?.kind === 'range' && bound.within === null ? Number(bound.max) : Infinity
}

/** Blocks of random values: those of a block follow from the seed and its first row. */
function randomGenerator({ args, columns }: GenerateNode, runtime: Runtime): Generator {
  const [seed, textMax, arrayMax] = args.map((arg) => Number(valueAt(constantOf(arg, runtime), 0)))
  const types = columns.map(({ type }) => parseDataType(type))
  return {
    rowCount: Number.MAX_SAFE_INTEGER,
    block: (from, to) => {
      const random = randomOf(seed ^ Math.imul(from, 0x9e3779b1))
      return {
        rowCount: to - from,
        columns: types.map((type) =>
          randomVector(type, to - from, random, { textMax, arrayMax }, runtime.scratch.account)),
      }
    },
  }
}

const countOf = (count: number | undefined): number =>
  (count === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, count))

function seriesOf(name: string, args: readonly number[]): { start: number; count: number; step: number } {
  if (/^generate/.test(name)) {
    const [start, stop, step = 1] = args
    if (step <= 0) throw new QueryError(`${name}: the step must be positive`, null, 'BAD_ARGUMENTS')
    return { start, step, count: stop < start ? 0 : Math.floor((stop - start) / step) + 1 }
  }
  if (args.length < 2) return { start: 0, count: countOf(args[0]), step: 1 }
  const [start, length, step = 1] = args
  if (step <= 0) throw new QueryError('numbers: the step must be positive', null, 'BAD_ARGUMENTS')
  return { start, step, count: Math.ceil(countOf(length) / step) }
}

/** Blocks of rows [from, to) of a generator, while `goesOn`: it may have no end. */
export function eachBlock(
  generator: Generator, from: number, to: number, goesOn: () => boolean, push: (block: Block) => void,
): void {
  for (let at = from; at < to && goesOn(); at += BLOCK_ROWS_MAX) {
    push(generator.block(at, Math.min(to, at + BLOCK_ROWS_MAX)))
  }
}
