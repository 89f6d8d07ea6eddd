// Functions of vectors of numbers by index (indexed-vectors.ts): made of maps, asked, and combined index by index.
// Invariant: what is made of vectors of one type is of that type.

import { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import { FLOAT64, internType, mapOf, UINT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { parseFunc } from '../aggregates/bind-aggregate.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castVector } from '../values/cast.ts'
import { badArgument, define } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import {
  addTo, checkPair, layoutOf, NAME, readEntries, sumOf, toFixed, toValue, wrapped, writeEntries, type Entries, type Layout,
} from '../aggregates/indexed-vectors.ts'
import { isNumber } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { asBytes } from '../values/vectors.ts'

type Kind = { readonly index: DataType; readonly value: DataType; readonly layout: Layout }

function kindOf(name: string, index: number, type: DataType): Kind {
  const func = type.id === 'AggregateFunction' ? parseFunc(type.func ?? '') : null
  if (func?.name !== NAME) throw badArgument(name, index, type)
  return { index: type.args[0], value: type.args[1], layout: layoutOf(type.args[1], func.parameters) }
}

function entriesReader(vector: Vector, context: EvalContext): (row: number) => Entries {
  const states = asBytes(vector, context.account)
  const reader = new ByteReader(states.bytes)
  return (row) => {
    const slot = states.isConst ? 0 : row
    const entries: Entries = new Map()
    reader.at = states.offsets[slot]
    if (reader.at < states.offsets[slot + 1]) readEntries(reader, (index, value) => { entries.set(index, value) })
    return entries
  }
}

function vectorsBy(type: DataType, rowCount: number, context: EvalContext, each: (row: number) => Entries): Vector {
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    context.checkAlive()
    writeEntries(out, each(row))
    out.endRow()
  }
  return out.finish(type)
}

const build = define('numericIndexedVectorBuild', [1, 1], ([{ type }]) => {
  if (type.id !== 'Map') throw badArgument('numericIndexedVectorBuild', 0, type)
  checkPair(type.args[0], type.args[1])
  return internType(`AggregateFunction(${NAME}, ${type.args[0].name}, ${type.args[1].name})`, 'AggregateFunction', { args: type.args, func: NAME })
}, ([map], type, rowCount, context) => {
  const { layout } = kindOf('numericIndexedVectorBuild', 0, type)
  return vectorsBy(type, rowCount, context, (row) => {
    const entries: Entries = new Map()
    for (const [index, value] of valueAt(map, row) as readonly (readonly Value[])[]) {
      addTo(entries, layout, BigInt(index as number), toFixed(layout, value))
    }
    return entries
  })
})

/** A function of one vector. */
const ofOne = (name: string, typeOf: (kind: Kind) => DataType, each: (entries: Entries, kind: Kind) => Value): FunctionDef =>
  define(name, [1, 1], ([{ type }]) => typeOf(kindOf(name, 0, type)), ([vector], type, rowCount, context) => {
    const kind = kindOf(name, 0, vector.type)
    const read = entriesReader(vector, context)
    return vectorOf(Array.from({ length: rowCount }, (_, row) => each(read(row), kind)), type, context.account)
  })

const getValue = define('numericIndexedVectorGetValue', [2, 2], ([vector, index]) => {
  if (!isNumber(index.type)) throw badArgument('numericIndexedVectorGetValue', 1, index.type)
  return kindOf('numericIndexedVectorGetValue', 0, vector.type).value
}, ([vector, index], type, rowCount, context) => {
  const { layout } = kindOf('numericIndexedVectorGetValue', 0, vector.type)
  const read = entriesReader(vector, context)
  return vectorOf(Array.from({ length: rowCount }, (_, row) =>
    toValue(layout, read(row).get(BigInt(valueAt(index, row) as number | bigint)) ?? 0n)), type, context.account)
})

/** What becomes of two values; null: the index is left out. `isVector`: the second is of a vector, not a number for all. */
type Operation = (a: bigint, b: bigint, layout: Layout, isVector: boolean) => bigint | null

const flag = (holds: (a: bigint, b: bigint) => boolean): Operation => (a, b, { fraction }) => (holds(a, b) ? 1n << fraction : null)

/** Division by a number leaves out what is less than one's last bit, but for what was 0. */
const divided: Operation = (a, b, { fraction }, isVector) => {
  if (b === 0n) return 0n
  const quotient = (a << fraction) / b
  return quotient === 0n && a !== 0n && !isVector ? null : quotient
}

/** By a number that is no whole one values change as doubles do, before they are cut off. */
type ByNumber = (fixed: number, number: number) => number

function pointwise(name: string, operation: Operation, byNumber?: ByNumber): FunctionDef {
  const typeOf = ([vector, other]: readonly ArgInfo[]): DataType => {
    kindOf(name, 0, vector.type)
    if (other.type.id !== 'AggregateFunction') {
      if (!isNumber(other.type)) throw badArgument(name, 1, other.type)
    } else if (other.type !== vector.type) {
      throw new FunctionError(`Function ${name} takes vectors of one type, not ${vector.type.name} and ${other.type.name}`)
    }
    return vector.type
  }
  return define(name, [2, 2], typeOf, ([vector, other], type, rowCount, context) => {
    const { layout, value } = kindOf(name, 0, type)
    const read = entriesReader(vector, context)
    const isVector = other.type.id === 'AggregateFunction'
    const others = isVector ? entriesReader(other, context) : null
    const numbers = isVector ? null : castVector(other, value, context)
    return vectorsBy(type, rowCount, context, (row) => {
      const mine = read(row)
      const theirs = others?.(row)
      const constant = numbers === null ? 0n : toFixed(layout, valueAt(numbers, row))
      const number = layout.isFloat && numbers !== null && byNumber !== undefined ? Number(valueAt(numbers, row)) : 0
      const result: Entries = new Map()
      for (const index of new Set([...mine.keys(), ...theirs?.keys() ?? []])) {
        if (number !== 0 && byNumber !== undefined) {
          const fixed = mine.get(index) ?? 0n
          const changed = BigInt(Math.trunc(byNumber(Number(fixed), number)))
          if (changed !== 0n || fixed === 0n) result.set(index, wrapped(layout, changed))
          continue
        }
        const made = operation(mine.get(index) ?? 0n, theirs === undefined ? constant : theirs.get(index) ?? 0n, layout, isVector)
        if (made !== null) result.set(index, wrapped(layout, made))
      }
      return result
    })
  })
}

const inOrder = (entries: Entries): [bigint, bigint][] => [...entries].sort(([a], [b]) => (a < b ? -1 : 1))

export const INDEXED_VECTOR_FUNCTIONS: readonly FunctionDef[] = [
  build, getValue,
  ofOne('numericIndexedVectorToMap', ({ index, value }) => mapOf(index, value), (entries, { layout }) =>
    inOrder(entries).map(([index, value]): Value => [Number(index), toValue(layout, value)])),
  ofOne('numericIndexedVectorCardinality', () => UINT64, (entries) => entries.size),
  ofOne('numericIndexedVectorAllValueSum', () => FLOAT64, (entries, { layout }) => sumOf(layout, entries)),
  pointwise('numericIndexedVectorPointwiseAdd', (a, b) => a + b), pointwise('numericIndexedVectorPointwiseSubtract', (a, b) => a - b),
  pointwise('numericIndexedVectorPointwiseMultiply', (a, b, { fraction }) => a * b / (1n << fraction), (fixed, number) => fixed * number),
  pointwise('numericIndexedVectorPointwiseDivide', divided, (fixed, number) => fixed / number),
  pointwise('numericIndexedVectorPointwiseEqual', flag((a, b) => a === b)), pointwise('numericIndexedVectorPointwiseNotEqual', flag((a, b) => a !== b)),
  pointwise('numericIndexedVectorPointwiseLess', flag((a, b) => a < b)), pointwise('numericIndexedVectorPointwiseLessEqual', flag((a, b) => a <= b)),
  pointwise('numericIndexedVectorPointwiseGreater', flag((a, b) => a > b)),
  pointwise('numericIndexedVectorPointwiseGreaterEqual', flag((a, b) => a >= b)),
]
