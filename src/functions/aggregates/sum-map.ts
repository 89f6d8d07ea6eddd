// sumMap, minMap, maxMap over parallel arrays (or a tuple of them): values folded by key, as a tuple of
// arrays sorted by key. Over maps they are the combinator -Map.
// Invariant: every (group, key) has one slot; a sum of zeros is left out.

import {
  arrayOf, bareType, FLOAT64, INT64, UINT64, type DataType,
} from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { columnLog } from './column-log.ts'
import { compareAt } from '../base/comparison.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { keyWriter, type KeyWriter } from './key-of-value.ts'
import { KeyMap } from './key-map.ts'
import { readNumberState, serializeGroups, eachState, writeNumberState, writeStateValue } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { numberInfo, tupleOf } from '../values/types.ts'
import { arrayVector, bigVector, newBigs, newNumbers, numberVector, slotOf, take } from '../values/vectors.ts'

type Fold = 'sum' | 'min' | 'max'

/** Types of the arrays: of the keys, then of the values. */
function elementTypes(name: string, args: readonly DataType[]): readonly DataType[] {
  const [first] = args
  const arrays = args.length === 1 && bareType(first).id === 'Tuple' ? bareType(first).args : args
  if (arrays.length < 2 || arrays.some((arg) => bareType(arg).id !== 'Array')) {
    throw new FunctionError(`Aggregate function ${name} requires at least two arguments of Array type, or one `
      + `of Tuple or Map type, not ${args.map((arg) => arg.name).join(', ')}`)
  }
  return arrays.map((arg) => bareType(arg).args[0])
}

function valueType(fold: Fold, keepsWidth: boolean, name: string, element: DataType): DataType {
  const bare = bareType(element)
  const number = numberInfo(bare)
  if ((number === null && bare.id !== 'Decimal') || (isLarge(bare) && fold === 'sum')) {
    throw new FunctionError(`Values for ${name} cannot be ${element.name}`)
  }
  if (fold !== 'sum' || keepsWidth || number === null) return bare
  return number.isFloat ? FLOAT64 : number.isSigned ? INT64 : UINT64
}

const arraysOf = (args: readonly Vector[]): readonly ArrayVector[] => {
  const [first] = args
  const list = args.length === 1 && first.kind === 'tuple'
    ? first.fields.map((field) => (first.isConst ? { ...field, isConst: true } : field)) : args
  return list.map((arg) => {
    if (arg.kind !== 'array') throw new Error(`${arg.type.name} is no array`)
    return arg
  })
}

/** One column of values by slot: doubles, and 64-bit integers once they are beyond. */
class SlotValues {
  private values: Float64Array
  private bigs: BigInt64Array | null = null
  private readonly fold: Fold
  readonly type: DataType
  private readonly context: EvalContext

  constructor(fold: Fold, type: DataType, context: EvalContext) {
    this.fold = fold
    this.type = type
    this.context = context
    this.values = grown(Float64Array, null, 1, context.account)
  }

  add(slot: number, value: number | bigint, isNew: boolean): void {
    const { account } = this.context
    this.values = grown(Float64Array, this.values, slot + 1, account)
    const old = this.bigs === null ? this.values[slot] : this.bigs[slot] ?? 0n
    const next = isNew ? value : this.folded(old, value)
    if (typeof next === 'number' && (this.bigs === null || !Number.isInteger(next))) {
      this.values[slot] = next
      return
    }
    if (this.bigs === null) {
      this.bigs = grown(BigInt64Array, null, this.values.length, account)
      for (let i = 0; i < this.values.length; i++) this.bigs[i] = BigInt(Math.trunc(this.values[i]))
    }
    this.bigs = grown(BigInt64Array, this.bigs, slot + 1, account)
    this.bigs[slot] = BigInt(next)
  }

  private folded(old: number | bigint, value: number | bigint): number | bigint {
    if (this.fold !== 'sum') return (this.fold === 'min' ? value < old : value > old) ? value : old
    if (typeof old === 'number' && typeof value === 'number') {
      const sum = old + value
      if (this.type.id.startsWith('Float') || Number.isSafeInteger(sum)) return sum
    }
    return BigInt(old) + BigInt(value)
  }

  at(slot: number): number | bigint { return this.bigs === null ? this.values[slot] : this.bigs[slot] }

  vector(count: number): Vector {
    const { account } = this.context
    if (this.bigs !== null) {
      const out = newBigs(this.type, count, account)
      for (let i = 0; i < count; i++) out[i] = this.bigs[i]
      return bigVector(this.type, out)
    }
    const out = newNumbers(this.type, count, account)
    for (let i = 0; i < count; i++) out[i] = this.values[i]
    return numberVector(this.type, out)
  }
}

function mapStates(
  fold: Fold, types: readonly DataType[], kept: readonly Value[] | null, context: EvalContext,
): AggregateStates {
  const { account } = context
  const [keyType, ...valueTypes] = types
  const map = new KeyMap(account)
  const keys = columnLog(keyType, account)
  const values = valueTypes.map((type) => new SlotValues(fold, type, context))
  const slotFor = (group: number, words: Uint32Array, column: Vector, row: number): [number, boolean] => {
    const before = map.size
    const slot = map.numberOf(group, words[0], words[1], words[2], words[3])
    if (map.size > before) keys.append(column, row)
    return [slot, map.size > before]
  }
  const isKept = keptTest(kept)
  return {
    resize: () => {},
    update: (groups, rowCount, args) => {
      const [keyArrays, ...valueArrays] = arraysOf(args)
      const key = keyWriter([keyArrays.values], context)
      for (let row = 0; row < rowCount; row++) {
        const start = keyArrays.offsets[slotOf(keyArrays, row)]
        const end = keyArrays.offsets[slotOf(keyArrays, row) + 1]
        for (let at = start; at < end; at++) {
          if (!isKept(keyArrays.values, at)) continue
          key.write(at)
          const [slot, isNew] = slotFor(groups[row], wordsOf(key, keyArrays.values, at), keyArrays.values, at)
          valueArrays.forEach((array, i) => {
            const from = array.offsets[slotOf(array, row)] + at - start
            if (from >= array.offsets[slotOf(array, row) + 1]) {
              throw new FunctionError('All arrays given to sumMap must have the same length',
                'SIZES_OF_ARRAYS_DONT_MATCH')
            }
            values[i].add(slot, numberAt(array.values, from), isNew)
          })
        }
      }
      key.free()
    },
    serialize: (groupCount) => {
      const { offsets, rows } = map.byGroup(groupCount)
      const column = keys.view()
      return serializeGroups(groupCount, account, (out, group) => {
        out.varint(offsets[group + 1] - offsets[group])
        for (let at = offsets[group]; at < offsets[group + 1]; at++) {
          writeStateValue(out, column, rows[at])
          for (const value of values) writeNumberState(out, value.type, value.at(rows[at]))
        }
      })
    },
    mergeRows: (groups, rowCount, rows) => {
      const read = columnLog(keyType, account)
      eachState(rows, rowCount, (reader, row) => {
        for (let count = reader.varint(); count > 0; count--) {
          read.read(reader)
          const column = read.view()
          const key = keyWriter([column], context)
          key.write(column.length - 1)
          const [slot, isNew] = slotFor(groups[row], wordsOf(key, column, column.length - 1), column, column.length - 1)
          key.free()
          for (const value of values) value.add(slot, readNumberState(reader, value.type), isNew)
        }
      })
      read.free()
    },
    finish: (groupCount) => sortedArrays(fold, map, keys.view(), values, groupCount, context),
  }
}

/** The key of NULL: no number has its last word. */
const NULL_WORDS = Uint32Array.of(0, 0, 0, 0xffff_ffff)

/** What stands for a key that was just written. */
const wordsOf = (key: KeyWriter, keys: Vector, at: number): Uint32Array => (isNull(keys, at) === 1 ? NULL_WORDS : key.words)

/** 1 where a key is NULL. */
const isNull = (keys: Vector, at: number): number => keys.nulls?.[slotOf(keys, at)] ?? 0

const numberAt = (vector: Vector, at: number): number | bigint =>
  (vector.kind === 'number' || vector.kind === 'big' ? vector.values[slotOf(vector, at)] : 0)

/** sumMapFiltered's keys, as numbers or texts. */
function keptTest(kept: readonly Value[] | null): (vector: Vector, at: number) => boolean {
  if (kept === null) return () => true
  const texts = new Set(kept.map(String))
  return (vector, at) => {
    if (isNull(vector, at) === 1) return false
    if (vector.kind === 'number' || vector.kind === 'big') return texts.has(String(vector.values[slotOf(vector, at)]))
    if (vector.kind === 'bytes') {
      return texts.has(Buffer.from(vector.bytes.subarray(vector.offsets[at], vector.offsets[at + 1])).toString())
    }
    return vector.kind === 'codes'
      && texts.has(Buffer.from(vector.dictionary.bytesOf(vector.codes[at])).toString())
  }
}

function sortedArrays(
  fold: Fold, map: KeyMap, keys: Vector, values: readonly SlotValues[], groupCount: number,
  { account }: EvalContext,
): Vector {
  const { offsets, rows } = map.byGroup(groupCount)
  const chosen = account.u32(map.size)
  const ends = account.u32(groupCount + 1)
  ends[0] = 0
  let to = 0
  for (let group = 0; group < groupCount; group++) {
    const own = rows.subarray(offsets[group], offsets[group + 1])
      .sort((a, b) => isNull(keys, b) - isNull(keys, a) || compareAt(keys, a, keys, b))
    for (const slot of own) {
      if (fold !== 'sum' || values.some((value) => Number(value.at(slot)) !== 0)) chosen[to++] = slot
    }
    ends[group + 1] = to
  }
  const columns = [keys, ...values.map((value) => value.vector(map.size))]
  const fields = columns.map((column) =>
    arrayVector(arrayOf(column.type), ends, take(column, chosen, to, account)))
  return {
    kind: 'tuple', type: tupleOf(fields.map((field) => field.type)), length: groupCount, isConst: false,
    nulls: null, fields,
  }
}

const mapped = (
  name: string, fold: Fold, isFiltered: boolean, keepsWidth = false, aliases: readonly string[] = [],
): AggregateDef => {
  const typesOf = (args: readonly DataType[]): readonly DataType[] => {
    const [key, ...values] = elementTypes(name, args)
    return [key.id === 'LowCardinality' ? key.args[0] : key, ...values.map((value) => valueType(fold, keepsWidth, name, value))]
  }
  return {
    name, aliases, arity: [1, Infinity], nulls: 'skip', keepsNonNullable: true,
    returnType: (args, parameters) => {
      if (isFiltered && !Array.isArray(parameters[0])) {
        throw new FunctionError(`Aggregate function ${name} requires exactly one parameter of Array type`,
          'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
      }
      return tupleOf(typesOf(args).map(arrayOf))
    },
    create: (args, parameters, context) =>
      mapStates(fold, typesOf(args), isFiltered ? parameters[0] as readonly Value[] : null, context),
  }
}

/** sumMap and its kin over arrays: what the combinator -Map becomes where the argument is no map. */
export const MAPPED: Readonly<Record<string, AggregateDef>> = {
  sum: mapped('sumMap', 'sum', false), min: mapped('minMap', 'min', false),
  max: mapped('maxMap', 'max', false), sumWithOverflow: mapped('sumMapWithOverflow', 'sum', false, true),
}

export const SUM_MAP: readonly AggregateDef[] = [
  mapped('sumMappedArrays', 'sum', false), mapped('minMappedArrays', 'min', false),
  mapped('maxMappedArrays', 'max', false), mapped('sumMapFiltered', 'sum', true),
  mapped('sumMapFilteredWithOverflow', 'sum', true, true),
]
