// What SETTINGS ask of the output: moments in another form, numbers in quotes, named tuples as arrays.
// Columns are rewritten as texts before a format sees them. Invariant: their announced types stay.

import {
  arrayOf, bareType, dateTime64Of, dateTimeOf, internType, isNullable, nullableOf, STRING, type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { ByteBuilder } from '../functions/byte-builder.ts'
import { sparseTuple } from '../functions/json-value.ts'
import { paddedDecimal, writeValue } from '../functions/text.ts'
import { namedTupleOf } from '../functions/types.ts'
import { retype } from '../functions/vectors.ts'
import { isOn, isSwitchedOn } from '../plan/settings.ts'
import type { QueryResult } from './result.ts'

/** What a value of a type is written as; null: as it is. */
type Style = (type: DataType) => ((text: string) => string) | null

const same = (text: string): string => text
const iso = (text: string): string => `${text.replace(' ', 'T')}Z`

/** Seconds since 1970, with the fraction as it stands. */
function unixTime(text: string): string {
  const seconds = Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`) / 1000
  const fraction = text.slice(19)
  return seconds < 0 && Number(fraction) > 0
    ? (seconds + Number(fraction)).toFixed(fraction.length - 1) : `${seconds}${fraction}`
}

function styleOf(settings: NonNullable<QueryResult['settings']>, isJson: boolean): Style | null {
  const moments = settings.date_time_output_format === 'iso' ? iso
    : settings.date_time_output_format === 'unix_timestamp' ? unixTime : null
  const isQuoted = (name: string) => isJson && isOn(settings[`output_format_json_quote_${name}`] ?? 0)
  const quoted = [
    [isQuoted('64bit_integers'), /^U?Int(64|128|256)$/], [isQuoted('decimals'), /^Decimal$/],
    [isQuoted('64bit_floats'), /^Float64$/],
  ] as const
  const wanted = quoted.flatMap(([isWanted, types]) => (isWanted ? [types] : []))
  if (moments === null && wanted.length === 0) return null
  return ({ id }) => {
    if (moments !== null && (id === 'DateTime' || id === 'DateTime64')) return moments
    return wanted.some((types) => types.test(id)) ? same : null
  }
}

/** The result as its query's SETTINGS want it written. */
export function styled(result: QueryResult, isJson: boolean, account: MemoryAccount): QueryResult {
  const { settings } = result
  if (settings === undefined || Object.keys(settings).length === 0) return result
  const style = styleOf(settings, isJson)
  const has = (name: string): boolean => isSwitchedOn(settings, `output_format_${name}`)
  const isPlain = isJson && !has('json_named_tuples_as_objects')
  const isListed = isJson && has('json_map_as_array_of_tuples')
  const isSparse = isJson && !isPlain && has('json_skip_null_value_in_named_tuples')
  const hasDenormals = isJson && has('json_quote_denormals')
  const hasZeros = has('decimal_trailing_zeros')
  if (style === null && !isPlain && !hasDenormals && !isListed && !isSparse && !hasZeros) return result
  /** A map as the list of its pairs. */
  const listed = (before: Vector, vector: Vector): Vector => {
    const bare = bareType(before.type)
    if (!isListed || bare.id !== 'Map' || vector.kind !== 'array') return vector
    const pair = namedTupleOf(isPlain ? null : ['keys', 'values'], bare.args)
    return { ...vector, type: arrayOf(pair), values: { ...vector.values, type: pair } }
  }
  const rewrite = (given: Vector): Vector => {
    const isPadded = hasZeros && bareType(given.type).id === 'Decimal'
    const vector = isPadded ? { ...given, type: paddedOf(given.type) } : given
    const bare = bareType(vector.type)
    if (vector.kind === 'array') return listed(vector, { ...vector, values: rewrite(vector.values) })
    if (vector.kind === 'tuple') {
      const type = isPlain && bare.names !== null
        ? internType(`Tuple(${bare.args.map(({ name }) => name).join(', ')})`, 'Tuple', { args: bare.args })
        : isSparse && bare.names !== null && bare.id === 'Tuple' ? sparseTuple(bare) : vector.type
      return { ...vector, type, fields: vector.fields.map(rewrite) }
    }
    const write = style?.(bare) ?? null
    if (write !== null) return texts(write === same ? vector : inUtc(vector), write, account)
    const isFloat = bare.id === 'Float64' || bare.id === 'Float32'
    return hasDenormals && isFloat && vector.kind === 'number' && vector.values.some(isDenormal)
      ? jsonNumbers(vector, account) : vector
  }
  const block = (one: Block): Block => ({ ...one, columns: one.columns.map(rewrite) })
  const { totals } = result
  return {
    ...result, blocks: result.blocks.map(block),
    totals: totals === null || totals === undefined ? null : block(totals),
  }
}

const paddedOf = (type: DataType): DataType =>
  (isNullable(type) ? nullableOf(paddedDecimal(bareType(type))) : paddedDecimal(bareType(type)))

/** The moments of a column by the clock of UTC. */
const inUtc = (vector: Vector): Vector => {
  const bare = bareType(vector.type)
  const type = bare.id === 'DateTime' ? dateTimeOf(null) : dateTime64Of(bare.precision, null)
  return retype(vector, vector.nulls === null ? type : nullableOf(type))
}

const isDenormal = (value: number): boolean => !Number.isFinite(value)

const decoder = new TextDecoder()

function written(vector: Vector, type: DataType, account: MemoryAccount, text: (text: string) => string): Vector {
  const out = new ByteBuilder(vector.length, account, vector.length * 24)
  const { nulls } = vector
  for (let row = 0; row < vector.length; row++) {
    if (nulls === null || nulls[vector.isConst ? 0 : row] === 0) {
      const start = out.length
      writeValue(out, vector, row, false)
      const own = text(decoder.decode(out.bytes.subarray(start, out.length)))
      out.length = start
      out.text(own)
    }
    out.endRow()
  }
  const full = out.finish(type, null)
  return { ...full, nulls: nulls === null || !vector.isConst ? nulls : new Uint8Array(vector.length).fill(nulls[0]) }
}

const texts = (vector: Vector, write: (text: string) => string, account: MemoryAccount): Vector =>
  written(vector, vector.nulls === null ? STRING : nullableOf(STRING), account, write)

/** NaN and infinities are texts, the others numbers: what a value of JSON may be. */
const jsonNumbers = (vector: Vector, account: MemoryAccount): Vector =>
  written(vector, parseDataType('Dynamic'), account, (text) => (/nan|inf/.test(text) ? `"${text}"` : text))
