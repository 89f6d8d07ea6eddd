// An aggregate's name, combinators, argument types and parameters to its result type and its states:
// the one place where analyzer, executor, merges of segments and finalizeAggregation() get them from.
// Invariant: bindState(bound.stateType) makes states that read what bound's wrote.

import {
  bareType, internType, isNullable, NOTHING, nullableOf, plainType, type DataType,
} from '../../../storage/column/data-type.ts'
import { quoteText } from '../../../storage/column/type-names.ts'
import type { Value } from '../values/value.ts'
import {
  combineOrDefault, combineOrNull, combineSimpleState, combineState, mergeOf, nullWhereEmpty,
} from './combine-results.ts'
import { combineArray, combineDistinct, combineIf, skipNulls } from './combine-rows.ts'
import { combineArg, combineForEach, combineMap, combineResample } from './combine-slots.ts'
import type { BoundAggregate, Combine } from './combinators.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { findAggregate } from './aggregate-registry.ts'
import { areQuantiles, areSameStates } from '../values/same-states.ts'
import { MAPPED } from './sum-map.ts'
import { floatText } from '../values/float-text.ts'
import { nullableIfPossible, withoutDictionaries } from '../values/types.ts'
import { defaultVector } from '../values/values.ts'

const COMBINE: Readonly<Record<string, Combine>> = {
  If: combineIf, Array: combineArray, Distinct: combineDistinct, OrNull: combineOrNull,
  IfOrNull: (inner, types, parameters) => combineIf((own, given) =>
    ({ ...inner(own, given), ...combineOrNull(inner, own, given) }), types, parameters),
  IfOrDefault: combineIfOrDefault, OrDefault: combineOrDefault, State: combineState, SimpleState: combineSimpleState,
  Merge: combineMerge, ForEach: combineForEach, Map: combineMap, Resample: combineResample,
  ArgMin: combineArg(-1), ArgMax: combineArg(1),
}

/** The aggregate over arguments of these types. Throws FunctionError. */
export function bindAggregate(
  name: string, combinators: readonly string[], types: readonly DataType[],
  parameters: readonly Value[],
): BoundAggregate {
  const found = findAggregate(name)
  if (found === null) {
    throw new FunctionError(`Aggregate function ${name} does not exist`, 'UNKNOWN_AGGREGATE_FUNCTION')
  }
  const all = [...found.combinators, ...combinators]
  const twice = all.find((suffix, i) => all.indexOf(suffix) !== i)
  if (twice !== undefined) {
    throw new FunctionError(`Nested identical combinator '${twice}' is not supported`,
      'ILLEGAL_AGGREGATION')
  }
  return bindOuter(found.def, ordered(found.def, all), types, parameters)
}

/** Counts, whose -IfOrNull is NULL only where there is no row at all. */
const COUNTS: ReadonlySet<string> = new Set(['count', 'uniq', 'uniqExact', 'uniqHLL12', 'uniqUpTo'])

/** ClickHouse moves -State past some combinators: it is always outside of -OrNull. -IfOrNull and -IfOrDefault are
 * combinators of their own: the first looks at the rows that pass -If. */
function ordered(def: AggregateDef, combinators: readonly string[]): readonly string[] {
  const list = [...combinators]
  for (let i = 1; i < list.length; i++) {
    const isState = list[i - 1] === 'State' && /^Or|^Distinct$|^Array$/.test(list[i])
    if (isState) [list[i - 1], list[i]] = [list[i], list[i - 1]]
  }
  for (let i = 1; i < list.length; i++) {
    const isOne = list[i - 1] === 'If' && ((list[i] === 'OrDefault' && def.keepsNonNullable !== true)
      || (list[i] === 'OrNull' && !COUNTS.has(def.name)))
    if (isOne) list.splice(i - 1, 2, `If${list[i]}`)
  }
  return list
}

function bindOuter(
  def: AggregateDef, combinators: readonly string[], types: readonly DataType[],
  parameters: readonly Value[],
): BoundAggregate {
  const argTypes = types.map(withoutDictionaries)
  const name = `${def.name}${combinators.join('')}`
  const outer = combinators.at(-1)
  const arrays = mappedOf(def, combinators, types)
  const made = outer === undefined || arrays !== null ? bindPlain(arrays ?? def, types, parameters)
    : COMBINE[outer]((innerTypes, innerParameters) =>
      bindOuter(def, combinators.slice(0, -1), innerTypes, innerParameters), types, parameters)
  const stateType = made.stateType ?? stateTypeOf(name, argTypes, parameters)
  const takesTimes = outer === undefined && 'takesTimes' in made && made.takesTimes === true
  return { name, argTypes, parameters, ...made, stateType, takesTimes }
}

/** sumMap over arrays is an aggregate of its own; over a map it is sum with -Map. */
const mappedOf = (
  def: AggregateDef, combinators: readonly string[], types: readonly DataType[]): AggregateDef | null =>
  (combinators.length === 1 && combinators[0] === 'Map' && types.length > 0
    && bareType(types[0]).id !== 'Map' ? MAPPED[def.name] ?? null : null)

function stateTypeOf(
  name: string, argTypes: readonly DataType[], parameters: readonly Value[]): DataType {
  const func = parameters.length === 0 ? name : `${name}(${parameters.map(parameterText).join(', ')})`
  const list = [func, ...argTypes.map((type) => type.name)].join(', ')
  return internType(`AggregateFunction(${list})`, 'AggregateFunction', { args: argTypes, func })
}

function parameterText(value: Value): string {
  if (typeof value === 'string') return quoteText(value)
  if (typeof value === 'number') return floatText(value)
  return Array.isArray(value) ? `[${value.map(parameterText).join(', ')}]` : String(value)
}

const NULL_TYPE = nullableOf(NOTHING)

/** An aggregate without combinators, and what is done for all of them about NULL. */
function bindPlain(
  def: AggregateDef, types: readonly DataType[], parameters: readonly Value[],
): Pick<BoundAggregate, 'type' | 'create' | 'takesTimes'> & { stateType?: DataType } {
  checkCount(def, types.length)
  const plain = types.map((type) => withoutDictionaries(plainType(type)))
  if (def.nulls === 'own') {
    const type = def.returnType(plain, parameters)
    const takesTimes = def.takesTimes?.(plain) === true
    return { type, takesTimes, create: (context) => def.create(plain, parameters, context) }
  }
  if (plain.includes(NULL_TYPE) && def.keepsNonNullable !== true) {
    return { type: NULL_TYPE, create: nothingStates }
  }
  const bare = plain.map(bareType)
  const result = def.returnType(bare, parameters)
  const create = (context: EvalContext) => def.create(bare, parameters, context)
  const keeps = def.keepsArgumentType === true && types[0].id === 'SimpleAggregateFunction'
  if (!plain.some(isNullable)) {
    return { type: keeps ? types[0] : result, create, takesTimes: def.takesTimes?.(plain) === true }
  }
  const skipping = (context: EvalContext) => skipNulls(create(context), context)
  const type = keeps ? types[0] : def.keepsNonNullable === true ? result : nullableIfPossible(result)
  if (!isNullable(type) || def.keepsNonNullable === true) return { type, create: skipping }
  return {
    type,
    create: (context) => skipNulls(nullWhereEmpty(create(context), type, context), context),
  }
}

function checkCount(def: AggregateDef, count: number): void {
  const [least, most] = def.arity
  if (count >= least && count <= most) return
  const wanted = least === most ? `${least}` : most > 1000 ? `at least ${least}` : `${least} to ${most}`
  throw new FunctionError(`Aggregate function ${def.name} takes ${wanted} argument`
    + `${wanted === '1' ? '' : 's'}, not ${count}`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
}

/** Over nothing but NULL. */
function nothingStates({ account }: EvalContext): AggregateStates {
  const nulls = (groupCount: number) => defaultVector(NULL_TYPE, groupCount, account)
  return {
    resize: () => {}, update: () => {}, mergeRows: () => {},
    serialize: (groupCount) => ({
      kind: 'bytes', type: NULL_TYPE, length: groupCount, isConst: false, nulls: null,
      offsets: account.u32(groupCount + 1).fill(0), bytes: account.u8(0),
    }),
    finish: (groupCount) => nulls(groupCount),
  }
}

/** Rows with a NULL are seen by none of it: the default is that of groups without a row that passes -If, NULL that of
 * groups without a row that has no NULL. */
function combineIfOrDefault(
  inner: Parameters<Combine>[0], types: readonly DataType[], parameters: readonly Value[],
): ReturnType<Combine> {
  const combined = (own: readonly DataType[]) => combineOrDefault((all, given) =>
    ({ ...inner(all.slice(0, -1), given), ...combineIf(inner, all, given) }), own, parameters)
  if (!types.some(isNullable)) return combined(types)
  const bound = combined(types.map(bareType))
  const type = nullableIfPossible(bound.type)
  return {
    type,
    create: (context) => {
      const states = bound.create(context)
      return skipNulls(isNullable(type) ? nullWhereEmpty(states, type, context) : states, context)
    },
  }
}

/** States of AggregateFunction(...) columns in place of rows. */
function combineMerge(
  inner: Parameters<Combine>[0], types: readonly DataType[], parameters: readonly Value[],
): ReturnType<Combine> {
  const [type] = types
  if (types.length !== 1 || type.id !== 'AggregateFunction') {
    throw new FunctionError(`Illegal type ${type?.name ?? 'nothing'} of argument for aggregate function `
      + 'with Merge suffix. It must be AggregateFunction(...)')
  }
  const stored = bindState(type)
  const own = parameters.length > 0 || areQuantiles(stored.name) ? parameters : stored.parameters
  const wanted = isCount(stored) && stored.name.length > 5 ? inner([UINT8_LIKE], own) : inner(type.args, own)
  if (!areSameStates(wanted.stateType, type) && !(isCount(wanted) && isCount(stored))) {
    throw new FunctionError(`Illegal type ${type.name} of argument for aggregate function with Merge `
      + `suffix because it corresponds to different aggregate function: ${stored.name} instead of `
      + wanted.name)
  }
  return { type: wanted.type, stateType: wanted.stateType, ...mergeOf(wanted, type) }
}

/** Any argument type that count takes. */
const UINT8_LIKE = internType('UInt8', 'UInt8')

const isCount = ({ name }: BoundAggregate): boolean => name === 'count' || name === 'countIf'

/** The aggregate whose states a column of type AggregateFunction(...) holds. Throws where their version
 * is none that is known: their bytes would be taken for something else (FORMAT.md 4). */
export function bindState(type: DataType): BoundAggregate {
  const version = Number(/^AggregateFunction\((\d+),/.exec(type.name)?.[1] ?? 0)
  if (version !== 0) {
    throw new FunctionError(`${type.name} holds states of version ${version} of ${type.func}, which are not known; `
      + 'known are those without a version', 'NOT_IMPLEMENTED')
  }
  const { name, parameters } = parseFunc(type.func ?? '')
  return bindAggregate(name, [], type.args, parameters)
}

/** The aggregate of SimpleAggregateFunction(f, T) over values of T. */
export function bindSimple(type: DataType): BoundAggregate {
  const { name, parameters } = parseFunc(type.func ?? '')
  return bindAggregate(name, [], type.args, parameters)
}

const FUNC = /^(\w+)(?:\((.*)\))?$/s
const PARAMETER = /\s*(?:'((?:[^'\\]|\\.)*)'|([[\]])|([^,[\]]+))\s*,?/gsy

/** `quantile(0.5)` apart. */
export function parseFunc(func: string): { name: string; parameters: readonly Value[] } {
  const match = FUNC.exec(func)
  if (match === null) {
    throw new FunctionError(`'${func}' names no aggregate function`, 'UNKNOWN_AGGREGATE_FUNCTION')
  }
  const lists: Value[][] = [[]]
  for (const [, text, bracket, number] of (match[2] ?? '').matchAll(PARAMETER)) {
    if (bracket === '[') lists.push([])
    else if (bracket === ']') {
      const list = lists.pop() ?? []
      lists.at(-1)?.push(list)
    } else lists.at(-1)?.push(text === undefined ? Number(number) : unquoted(text))
  }
  return { name: match[1], parameters: lists[0] }
}

const UNQUOTED: Readonly<Record<string, string>> =
  { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', 0: '\0' }

const unquoted = (text: string): string =>
  text.replace(/\\(.)/gs, (_, char: string) => UNQUOTED[char] ?? char)
