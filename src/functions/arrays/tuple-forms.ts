// Tuples by name and turned to pairs, Hamming distance, division by parts; maps out of texts and filled up.
// Invariant: a tuple without names answers with the numbers of its places.

import {
  arrayOf, bareType, FLOAT64, internType, isNullable, mapOf, STRING, UINT16, UINT32, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { quoteName } from '../../../storage/column/type-names.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, byValues, keyOf, type List } from '../base/by-values.ts'
import { castVector } from '../values/cast.ts'
import { ANY_COUNT, badArgument, constantInfo, define, elementOf } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { isEnum, isInteger, isNumber, isString, leastSupertype, tupleOf } from '../values/types.ts'
import { constVector, defaultValue, valueAt, vectorOf } from '../values/values.ts'

const namesOf = ({ args, names }: DataType): readonly string[] => names ?? args.map((_, i) => String(i + 1))

const tupleType = (name: string, index: number, type: DataType): DataType => {
  if (type.id === 'Tuple') return type
  throw badArgument(name, index, type)
}

const tupleNames: FunctionDef = define('tupleNames', [1, 1], ([{ type }]) => {
  tupleType('tupleNames', 0, type)
  return arrayOf(STRING)
}, ([tuple], type, rowCount, context) => constVector(namesOf(tuple.type), type, rowCount, context.account), { nulls: 'own' })

const pairs = byOwnValuesOfType('tupleToNameValuePairs', (type) => {
  const [first] = type.args
  if (type.args.some((arg) => arg !== first)) {
    throw new FunctionError('tupleToNameValuePairs takes a tuple whose elements are of one type')
  }
  return arrayOf(tupleOf([STRING, first]))
}, (values, type) => values.map((value, i) => [namesOf(type)[i], value]))

/** A function of a tuple's values and its type. */
function byOwnValuesOfType(name: string, typeOf: (type: DataType) => DataType,
  each: (values: List, type: DataType) => Value): FunctionDef {
  return define(name, [1, 1], ([{ type }]) => typeOf(tupleType(name, 0, type)), ([tuple], type, rowCount, context) =>
    byOwnValues(name, [1, 1], () => type, ([value]) => each(value as List, tuple.type))
      .evaluate([tuple], type, rowCount, context, null), { nulls: 'own' })
}

/** Tuples within a tuple become elements of their own, named by the way to them. */
function flatOf(type: DataType, before: string): { name: string; type: DataType }[] {
  return type.args.flatMap((arg, i) => {
    const name = before + namesOf(type)[i]
    return arg.id === 'Tuple' ? flatOf(arg, `${name}.`) : [{ name, type: arg }]
  })
}

const flatValues = (type: DataType, values: List): Value[] => type.args.flatMap((arg, i) =>
  (arg.id === 'Tuple' ? flatValues(arg, values[i] as List) : [values[i]]))

const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``)

const flattenTuple = byOwnValuesOfType('flattenTuple', (type) => {
  if (type.names === null) throw new FunctionError(`Tuple argument for function 'flattenTuple' must be named. Got '${type.name}'`)
  const parts = flatOf(type, '')
  const args = parts.map((part) => part.type)
  return internType(`Tuple(${parts.map((part) => `${quoted(part.name)} ${part.type.name}`).join(', ')})`, 'Tuple',
    { args, names: parts.map(({ name }) => name) })
}, (values, type) => flatValues(type, values))

const hamming = byOwnValues('tupleHammingDistance', [2, 2], (args) => {
  const [a, b] = args.map((arg, i) => tupleType('tupleHammingDistance', i, arg.type))
  if (a.args.length !== b.args.length) throw new FunctionError('tupleHammingDistance takes tuples of one size')
  return [UINT8, UINT16, UINT32][a.args.length - 1] ?? UINT64
}, ([a, b]) => (a as List).filter((value, i) => keyOf(value) !== keyOf((b as List)[i])).length)

/** Pairs of a text. A key goes up to the colon and begins anew behind what a key has not; a value goes up to a
 * separator, so it may hold colons. A quote begins a key or value anew, and what is quoted is taken as it stands; a
 * quote that is not closed ends the text. */
function pairsOfText(text: string, colon: string, separators: string, quote: string): Map<string, string> {
  const found = new Map<string, string>()
  let at = 0
  const skip = (isPassed: (char: string) => boolean): void => {
    while (at < text.length && isPassed(text[at])) at++
  }
  const quoted = (): string | null => {
    const close = text.indexOf(quote, at + 1)
    const inner = close < 0 ? null : text.slice(at + 1, close)
    at = close < 0 ? text.length : close + 1
    return inner
  }
  const isSeparator = (char: string): boolean => separators.includes(char)
  const isEnd = (char: string): boolean => char === quote || char === colon || isSeparator(char)
  const plain = (ends: (char: string) => boolean): string => {
    const start = at
    skip((char) => !ends(char))
    return text.slice(start, at)
  }
  while (at < text.length) {
    skip((char) => isSeparator(char) || char === colon)
    const key = text[at] === quote ? quoted() : plain(isEnd)
    if (key === null || key === '' || text[at] !== colon) continue
    at++
    const start = at
    skip((char) => !isSeparator(char) && char !== quote)
    const value = text[at] === quote ? quoted() : text.slice(start, at)
    if (value !== null) found.set(key, value)
  }
  return found
}

const keyValuePairs = byValues('extractKeyValuePairs', [1, 4], (args) => {
  args.forEach((arg, i) => { if (!isString(arg.type)) throw badArgument('extractKeyValuePairs', i, arg.type) })
  return mapOf(STRING, STRING)
}, ([text, colon = ':', separators = ' ,;', quote = '"']) =>
  [...pairsOfText(String(text), String(colon), String(separators), String(quote))], ['str_to_map', 'mapFromString'])

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0', a: '\u0007', v: '\v' }

/** Behind a backslash: a letter for a sign, or two hexadecimal digits. */
const unescaped = (text: string): string => text.replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (_, sign: string) =>
  (sign.length === 3 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : ESCAPED[sign] ?? sign))

const escapedPairs = byValues('extractKeyValuePairsWithEscaping', [1, 4], (args) => {
  args.forEach((arg, i) => { if (!isString(arg.type)) throw badArgument('extractKeyValuePairsWithEscaping', i, arg.type) })
  return mapOf(STRING, STRING)
}, ([text, colon = ':', separators = ' ,;', quote = '"']) =>
  [...pairsOfText(String(text), String(colon), String(separators), String(quote))].map(([key, value]) => [unescaped(key), unescaped(value)]))

/** nested(['a', 'b'], x, y): arrays of one size as an array of named tuples. */
const nested = byOwnValues('nested', [2, ANY_COUNT], (args) => {
  const names = constantInfo('nested', args, 0) as readonly string[]
  const types = args.slice(1).map((arg, i) => elementOf('nested', i + 1, arg.type))
  if (!Array.isArray(names) || names.length !== types.length) throw new FunctionError('nested takes a name for each array')
  return arrayOf(internType(`Tuple(${types.map((type, i) => `${quoteName(names[i])} ${type.name}`).join(', ')})`, 'Tuple',
    { args: types, names }))
}, ([, ...lists]) => {
  const [first, ...others] = lists as unknown as readonly List[] // the type rule took arrays only
  if (others.some((list) => list.length !== first.length)) {
    throw new FunctionError('The arrays of nested must have equal sizes', 'SIZES_OF_ARRAYS_DONT_MATCH')
  }
  return first.map((value, i) => [value, ...others.map((list) => list[i])])
})

/** Whole keys from the first to the last, or to a given one; what is missing is 0. */
function filledUp(keys: readonly number[], values: List, last: number | null, zero: Value): [number[], Value[]] {
  const known = new Map(keys.map((key, i) => [key, values[i]]))
  if (keys.length === 0 && last === null) return [[], []]
  const first = keys.length === 0 ? last as number : Math.min(...keys)
  const end = last ?? Math.max(...keys)
  const out = Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => first + i)
  return [out, out.map((key) => known.get(key) ?? zero)]
}

const populate = byValues('mapPopulateSeries', [1, 3], (args) => {
  const [first, second] = args
  if (first.type.id === 'Map') {
    if (!isInteger(first.type.args[0]) || !isNumber(bareType(first.type.args[1]))) throw badArgument('mapPopulateSeries', 0, first.type)
    return first.type
  }
  if (first.type.id !== 'Array' || second?.type.id !== 'Array' || !isInteger(first.type.args[0])) throw badArgument('mapPopulateSeries', 0, first.type)
  return tupleOf([first.type, second.type])
}, (values, type): Value => {
  if (type.id === 'Map') {
    const entries = values[0] as readonly (readonly [Value, Value])[]
    const [keys, filled] = filledUp(entries.map(([key]) => Number(key)), entries.map(([, value]) => value),
      values[1] === undefined ? null : Number(values[1]), defaultValue(type.args[1]))
    return keys.map((key, i) => [key, filled[i]])
  }
  const keys = (values[0] as List).map(Number)
  if (keys.length !== (values[1] as List).length) {
    throw new FunctionError('mapPopulateSeries takes arrays of equal size', 'SIZES_OF_ARRAYS_DONT_MATCH')
  }
  return filledUp(keys, values[1] as List, values[2] === undefined ? null : Number(values[2]), 0)
})

const flip = byValues('flipCoordinates', [1, 1], ([{ type }]) => {
  const isPoint = type.id === 'Tuple' && type.args.length === 2 && type.args.every((arg) => arg === FLOAT64)
  if (!isPoint) throw badArgument('flipCoordinates', 0, type)
  return type
}, ([point]) => [...(point as List)].reverse())

/** The first value that is not its type's default, which is NULL where the type has it; else the last. */
const firstNonDefault = define('firstNonDefault', [1, 1000], (args) => leastSupertype(args.map((arg) => arg.type)),
  (args, type, rowCount, context) => {
    const defaults = args.map(({ type: own }) => keyOf(isNullable(own) ? null : isEnum(own) ? 0
      : own.id === 'FixedString' ? '\0'.repeat(own.length) : defaultValue(bareType(own))))
    const shown = args.map((arg) => castVector(arg, type, context))
    return vectorOf(Array.from({ length: rowCount }, (_, row): Value => {
      const found = args.findIndex((arg, i) => keyOf(valueAt(arg, row)) !== defaults[i])
      return valueAt(shown[found < 0 ? shown.length - 1 : found], row)
    }), type, context.account)
  }, { nulls: 'own' })

export const TUPLE_FORMS: readonly FunctionDef[] = [
  tupleNames, pairs, flattenTuple, hamming, keyValuePairs, escapedPairs, nested, populate, flip, firstNonDefault,
]
