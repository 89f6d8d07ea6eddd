// Short ways to write the records of functions: type rules that recur, checks of arguments.
// Invariant: a type rule refuses with a sentence that names the function, the argument and its type.

import { bareType, lowCardinalityOf, STRING, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { NumberVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { checkZone } from '../values/calendar.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { isLarge, largeReader } from '../../../storage/column/large.ts'
import { fitsLowCardinality, isString, NULL_ONLY } from '../values/types.ts'
import { defaultValue, defaultVector, valueAt, vectorOf } from '../values/values.ts'
import { asConst, newNumbers, numberVector, pick, retype } from '../values/vectors.ts'

type Extra = Partial<Pick<FunctionDef,
  'aliases' | 'hashesVariants' | 'isVolatile' | 'isPerQuery' | 'lambdaParameters' | 'nulls'>>

export type Evaluate = FunctionDef['evaluate']

/** A function for which the caller deals with NULLs, unless `extra` says otherwise. */
export function define(
  name: string, arity: readonly [number, number], returnType: (args: readonly ArgInfo[]) => DataType,
  evaluate: Evaluate, extra: Extra = {},
): FunctionDef {
  return { name, arity, returnType, evaluate, nulls: 'propagate', ...extra }
}

/** The record of a name in a family. Throws where there is none. */
export function ofFamily(family: readonly FunctionDef[], name: string): FunctionDef {
  const def = family.find((one) => one.name === name)
  if (def === undefined) throw new Error(`no function ${name}`)
  return def
}

/** A type rule that takes anything. */
export const always = (type: DataType) => (): DataType => type

export const ANY_COUNT = 1_000_000

/** The error for an argument of a type that a function does not take. */
export function badArgument(name: string, index: number, type: DataType): FunctionError {
  return new FunctionError(
    `Function ${name} does not take ${type.name} as its ${ordinal(index)} argument`)
}

function ordinal(index: number): string {
  return ['first', 'second', 'third'][index] ?? `${index + 1}th`
}

/** The element type of an array argument. */
export function elementOf(name: string, index: number, type: DataType): DataType {
  const bare = bareType(type)
  if (bare.id !== 'Array') throw badArgument(name, index, type)
  return bare.args[0]
}

/** Checks each argument in turn; `tests` shorter than the arguments repeats its last. */
export function expectTypes(
  name: string, args: readonly ArgInfo[], ...tests: ((type: DataType) => boolean)[]): void {
  args.forEach((arg, i) => {
    const test = tests[Math.min(i, tests.length - 1)]
    if (!test(arg.type)) throw badArgument(name, i, arg.type)
  })
}

export const anyType = (): boolean => true

/** A type rule: all arguments strings. */
export const ofStrings = (name: string, type: DataType) => (args: readonly ArgInfo[]): DataType => {
  expectTypes(name, args, isString)
  return type
}

export const stringsToString = (name: string) => ofStrings(name, STRING)
export const stringsToUInt8 = (name: string) => ofStrings(name, UINT8)

/** The value of an argument that must be the same in all rows. */
export function constantOf(name: string, args: readonly Vector[], index: number): Value {
  const vector = args[index]
  if (vector.isConst || vector.length === 1) return valueAt(vector, 0)
  throw new FunctionError(`Argument ${index + 1} of function ${name} must be constant`, 'ILLEGAL_COLUMN')
}

/** The value of a constant argument at analysis. */
export function constantInfo(name: string, args: readonly ArgInfo[], index: number): Value {
  const value = args[index].value
  if (value !== undefined) return value
  throw new FunctionError(`Argument ${index + 1} of function ${name} must be constant`, 'ILLEGAL_COLUMN')
}

/** A vector of numbers made by `each(row)`. */
export function numbersBy(
  type: DataType, rowCount: number, context: EvalContext, each: (row: number) => number): NumberVector {
  const out = newNumbers(type, rowCount, context.account)
  for (let row = 0; row < rowCount; row++) out[row] = each(row)
  return numberVector(type, out)
}

/** How many, or from where: whole numbers by their low 64 bits, as ClickHouse takes them; fractions are dropped. */
export function countReader(vector: Vector): (row: number) => number {
  const isBig = vector.kind === 'big' || isLarge(bareType(vector.type))
  const read = isBig ? bigReader(vector) : numberReader(vector)
  return (row) => {
    const value = read(row)
    return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : Math.trunc(value)
  }
}

/** Reads a number of a row from a number or big vector. */
export function numberReader(vector: Vector): (row: number) => number {
  if (vector.kind === 'number') {
    const { values } = vector
    const first = values[0]
    return vector.isConst ? () => first : (row) => values[row]
  }
  if (vector.kind === 'big') {
    const { values, isConst } = vector
    return (row) => Number(values[isConst ? 0 : row])
  }
  if (isLarge(bareType(vector.type))) {
    const read = largeReader(vector)
    return (row) => Number(read(row))
  }
  throw new FunctionError(`${vector.type.name} is no number here`, 'NOT_IMPLEMENTED')
}

/** Reads an integer (or a decimal's ticks) of a row exactly. */
export function bigReader(vector: Vector): (row: number) => bigint {
  if (isLarge(bareType(vector.type))) return largeReader(vector)
  if (vector.kind !== 'number' && vector.kind !== 'big') {
    throw new FunctionError(`${vector.type.name} is no number here`, 'NOT_IMPLEMENTED')
  }
  const { values, isConst } = vector
  return (row) => {
    const value = values[isConst ? 0 : row]
    return typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
  }
}

/** The zone, when there is one of that name; else throws, naming the function. */
export function knownZone(name: string, zone: string): string {
  try {
    checkZone(zone)
  } catch {
    throw new FunctionError(`Function ${name}: unknown time zone '${zone}'`, 'BAD_ARGUMENTS')
  }
  return zone
}

/** One LowCardinality argument and else constants: the result is LowCardinality, too. For functions that
 * see NULLs as they are. */
export const likeSource = (args: readonly ArgInfo[], type: DataType): DataType =>
  (args[0].type.id === 'LowCardinality' && args.slice(1).every(({ value }) => value !== undefined) && fitsLowCardinality(type)
    ? lowCardinalityOf(type) : type)

/** One LowCardinality column and else constants, or constants of which one is LowCardinality: a result that sees
 * NULLs as they are is LowCardinality, too. Asks for values only where there is such a type. */
export function overDictionary(args: readonly ArgInfo[]): boolean {
  const isCoded = ({ type }: ArgInfo): boolean => type.id === 'LowCardinality'
  if (!args.some(isCoded)) return false
  const columns = args.filter(({ value, isFull }) => value === undefined || isFull === true)
  return columns.length === 0 || (columns.length === 1 && isCoded(columns[0]))
}

/** A function to which a NULL of a column is its type's default, as no text: its result is none that can be NULL. */
export function overDefaults(def: FunctionDef): FunctionDef {
  return {
    ...def, nulls: 'own',
    returnType: (args) => (args.some(({ type }) => type === NULL_ONLY) ? NULL_ONLY
      : def.returnType(args.map((arg) => ({ ...arg, type: bareType(arg.type) })))),
    evaluate: (args, type, rowCount, context, lambda) => {
      if (type === NULL_ONLY) return defaultVector(type, rowCount, context.account)
      const present = args.map((arg) => {
        const bare = bareType(arg.type)
        const plain = retype(arg, bare, null)
        if (arg.nulls === null) return plain
        const rest = asConst(vectorOf([defaultValue(bare)], bare, context.account), rowCount)
        if (arg.isConst) return arg.nulls[0] === 1 ? rest : plain
        return pick([plain, rest], arg.nulls, null, rowCount, bare, context.account)
      })
      return def.evaluate(present, type, rowCount, context, lambda)
    },
  }
}
