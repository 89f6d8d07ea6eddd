// Aggregates answer as ClickHouse does, and any split of the rows over workers merges to the answer
// of one worker.

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../../../test/oracle/oracle.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Dictionary, Vector } from '../../../storage/column/vector.ts'
import { MemoryLimitExceeded } from '../../../storage/kernels/work-memory.ts'
import type { Value } from '../values/value.ts'
import { bindAggregate, bindState } from './bind-aggregate.ts'
import { castToString } from '../values/cast.ts'
import { testContext } from '../differential.harness.ts'
import type { AggregateStates, EvalContext } from '../values/function.ts'
import { valueAt, vectorOf } from '../values/values.ts'

const BLOCK = 4096

function statesOf(name: string, types: readonly string[], parameters: readonly Value[],
  context: EvalContext): AggregateStates {
  return bindAggregate(name, [], types.map(parseDataType), parameters).create(context)
}

/** One group over `count` rows that count up from 0. */
function overNumbers(name: string, type: string, parameters: readonly Value[], count: number): string {
  const context = testContext()
  const states = statesOf(name, [type], parameters, context)
  states.resize(1)
  const groups = new Uint32Array(BLOCK)
  for (let from = 0; from < count; from += BLOCK) {
    const size = Math.min(BLOCK, count - from)
    const rows = Array.from({ length: size }, (_, i) => (type === 'String' ? String(from + i) : from + i))
    states.update(groups, size, [vectorOf(rows, parseDataType(type), context.account)])
  }
  return String(valueAt(castToString(states.finish(1), context), 0))
}

describe('a row that stands for several', () => {
  const context = testContext()
  const values: Readonly<Record<string, fc.Arbitrary<Value>>> = {
    Int32: fc.integer({ min: -2147483648, max: 2147483647 }), Float64: fc.integer({ min: -9000, max: 9000 }).map((n) => n / 8),
    Int64: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), String: fc.constantFrom('', 'a', 'bc', 'é'),
    UInt64: fc.maxSafeNat(), UInt8: fc.nat(255),
  }
  const cases = [
    ...['sum', 'avg', 'min', 'max', 'uniq', 'uniqExact', 'count'].flatMap((name) =>
      Object.keys(values).filter((type) => type !== 'String' || !/sum|avg/.test(name)).map((type) => [name, type] as const)),
    ['count', 'Nullable(Int32)'] as const,
  ]
  it.each(cases)('%s(%s) sees it as so many rows', (name, type) => {
    const bare = /^Nullable/.test(type) ? fc.option(values.Int32) : values[type]
    const rows = fc.array(fc.tuple(fc.nat(2), bare, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 })
    expect(bindAggregate(name, [], [parseDataType(type)], []).takesTimes).toBe(true)
    fc.assert(fc.property(rows, (list) => {
      const each = list.flatMap((row) => Array.from({ length: row[2] }, () => row))
      const answers = ([[list, true], [each, false]] as const).map(([some, isOften]) => {
        const states = statesOf(name, [type], [], context)
        states.resize(3)
        const groups = context.account.u32(some.length)
        groups.set(some.map(([group]) => group))
        const times = context.account.f64(some.length)
        times.set(some.map(([, , often]) => often))
        states.update(groups, some.length, [vectorOf(some.map(([, value]) => value), parseDataType(type), context.account)],
          isOften ? times : undefined)
        const out = states.finish(3)
        return [0, 1, 2].map((group) => String(valueAt(castToString(out, context), group)))
      })
      expect(answers[0]).toEqual(answers[1])
      context.account.releaseAll()
    }), { numRuns: 25 })
  })
})

describe('aggregates answer as ClickHouse does', () => {
  let oracle: Oracle
  beforeAll(async () => { oracle = await startOracle() })
  afterAll(() => oracle.close())

  const calls: readonly (readonly [string, string, readonly Value[], number])[] = [
    ...['UInt64', 'Float64', 'Int32', 'Float32', 'String'].flatMap((type) =>
      [10, 30000, 100000].map((count) => ['uniq', type, [], count] as const)),
    ...['sum', 'avg', 'min', 'max', 'uniqExact', 'count', 'quantileExact'].map(
      (name) => [name, 'UInt32', [], 20000] as const),
    ['quantile', 'UInt32', [0.9], 1000], ['quantile', 'UInt32', [], 10], ['median', 'Float64', [], 7],
    ['min', 'String', [], 500], ['max', 'String', [], 500], ['groupArray', 'UInt8', [3], 10],
    ['any', 'String', [], 5], ['sum', 'Float64', [], 1000],
    ['sum', 'UInt64', [], 0], ['avg', 'UInt64', [], 0], ['min', 'UInt64', [], 0], ['any', 'String', [], 0],
  ]
  for (const [name, type, parameters, count] of calls) {
    it(`${name}(${parameters.join()}) over ${count} ${type}`, async () => {
      const list = parameters.length === 0 ? '' : `(${parameters.join()})`
      const sql = `SELECT toString(${name}${list}(CAST(number, '${type}'))) FROM numbers(${count})`
      const answer = await oracle.query(`${sql} SETTINGS max_threads = 1`, 'TSVRaw')
      expect(overNumbers(name, type, parameters, count))
        .toBe(answer.ok ? answer.text.replace(/\n$/, '') : answer.error)
    })
  }
})

/** A dictionary over fixed texts. */
function dictionaryOf(texts: readonly string[]): Dictionary {
  const all = texts.map((text) => new TextEncoder().encode(text))
  return {
    id: 7, size: all.length, bytesOf: (code) => all[code], lengthOf: (code) => all[code].length,
    find: (bytes) => texts.indexOf(new TextDecoder().decode(bytes)),
  }
}

const TEXTS = Array.from({ length: 90 }, (_, i) => `text ${i % 45}-${i}`)
const DICTIONARY = dictionaryOf(TEXTS)

type Row = { readonly group: number; readonly value: number; readonly keep: number }

function columnsOf(kind: string, rows: readonly Row[], context: EvalContext): Vector {
  const { account } = context
  if (kind === 'codes') {
    return {
      kind: 'codes', type: parseDataType('String'), length: rows.length, isConst: false, nulls: null,
      codes: Uint32Array.from(rows, (row) => row.value), dictionary: DICTIONARY,
    }
  }
  if (kind === 'String') return vectorOf(rows.map((r) => TEXTS[r.value]), parseDataType(kind), account)
  if (kind === 'big') {
    return vectorOf(rows.map((r) => 2n ** 62n + BigInt(r.value)), parseDataType('Int64'), account)
  }
  return vectorOf(rows.map((r) => r.value), parseDataType(kind), account)
}

const typeOf = (kind: string): string => (kind === 'codes' ? 'String' : kind === 'big' ? 'Int64' : kind)

function feed(states: AggregateStates, name: string, kind: string, rows: readonly Row[],
  context: EvalContext): void {
  const groups = Uint32Array.from(rows, (row) => row.group)
  const args = [columnsOf(kind, rows, context)]
  if (name.startsWith('arg')) args.push(vectorOf(rows.map((r) => r.value), parseDataType('UInt32'), context.account))
  if (name.endsWith('If')) args.push(vectorOf(rows.map((r) => r.keep), parseDataType('UInt8'), context.account))
  states.update(groups, rows.length, args)
}

const GROUPS = 5

function finished(states: AggregateStates): string[] {
  const vector = states.finish(GROUPS)
  return Array.from({ length: GROUPS }, (_, g) => {
    const value = valueAt(vector, g)
    // Arrays of merged workers hold the same values in an order of their own.
    return Array.isArray(value) ? value.map(String).sort().join() : String(value)
  })
}

describe('merging', () => {
  const names = ['count', 'sum', 'avg', 'min', 'max', 'uniq', 'uniqExact', 'groupArray', 'argMin', 'argMax',
    'groupUniqArray', 'quantile', 'quantileExact', 'sumIf', 'countIf', 'uniqExactIf']
  const cases = names.flatMap((name) => ['UInt32', 'Float64', 'big', 'String', 'codes']
    .filter((kind) => (kind !== 'String' && kind !== 'codes') || !/^(sum|avg|quantile)/.test(name))
    .map((kind) => [name, kind] as const))

  it.each(cases)('%s over %s: k workers merge to the answer of one', (name, kind) => {
    const context = { ...testContext(), dictionaryById: () => DICTIONARY }
    fc.assert(fc.property(
      fc.array(fc.record({
        group: fc.nat(GROUPS - 1), value: fc.nat(TEXTS.length - 1), keep: fc.nat(1), worker: fc.nat(2),
      }), { maxLength: 60 }),
      (rows) => {
        const types = [typeOf(kind), ...(name.startsWith('arg') ? ['UInt32'] : []),
          ...(name.endsWith('If') ? ['UInt8'] : [])]
        const make = (): AggregateStates => {
          const states = statesOf(name, types, [], context)
          states.resize(GROUPS)
          return states
        }
        const one = make()
        if (rows.length > 0) feed(one, name, kind, rows, context)
        const merged = make()
        for (let worker = 0; worker < 3; worker++) {
          const part = make()
          const own = rows.filter((row) => row.worker === worker)
          if (own.length > 0) feed(part, name, kind, own, context)
          const toGroup = Uint32Array.from({ length: GROUPS }, (_, g) => g)
          const short = worker === 0 ? undefined : part.exportStates?.(GROUPS)
          if (short === undefined) {
            const states = part.serialize(GROUPS)
            merged.mergeRows(toGroup, GROUPS,
              { ...states, offsets: states.offsets.slice(), bytes: states.bytes.slice() })
          } else merged.mergeStates?.({ ...short, arrays: short.arrays.map((array) => array.slice()) }, toGroup)
        }
        expect(finished(merged)).toEqual(finished(one))
      }), { numRuns: 12 })
  })

  it('uniqExact counts one text once, whether it came as a code or as bytes', () => {
    const context = { ...testContext(), dictionaryById: () => DICTIONARY }
    const rows: Row[] = [3, 4, 5, 3].map((value) => ({ group: 0, value, keep: 1 }))
    const coded = statesOf('uniqExact', ['String'], [], context)
    coded.resize(GROUPS)
    feed(coded, 'uniqExact', 'codes', rows, context)
    const plain = statesOf('uniqExact', ['String'], [], context)
    plain.resize(GROUPS)
    feed(plain, 'uniqExact', 'String', rows.slice(1, 3), context)
    const payload = coded.exportStates?.(GROUPS)
    if (payload !== undefined) plain.mergeStates?.(payload, Uint32Array.of(0, 1, 2, 3, 4))
    expect(finished(plain)[0]).toBe('3')
  })

  it('sums past 2^53 stay exact and wrap at 64 bits', () => {
    const context = testContext()
    const states = statesOf('sum', ['UInt64'], [], context)
    states.resize(1)
    const type = parseDataType('UInt64')
    for (let i = 0; i < 3; i++) {
      states.update(new Uint32Array(2), 2,
        [vectorOf([Number.MAX_SAFE_INTEGER, 1], type, context.account)])
    }
    states.update(new Uint32Array(1), 1, [vectorOf([2n ** 64n - 1n], type, context.account)])
    expect(valueAt(states.finish(1), 0)).toBe(3n * 2n ** 53n - 1n)
  })

  it('groupArray of everything meets the memory limit instead of the end of the process', () => {
    const context = testContext(8 * 2 ** 20)
    const states = statesOf('groupArray', ['UInt64'], [], context)
    states.resize(1)
    const vector = vectorOf(Array.from({ length: BLOCK }, (_, i) => i), parseDataType('UInt64'),
      context.account)
    expect(() => {
      for (let i = 0; i < 1000; i++) states.update(new Uint32Array(BLOCK), BLOCK, [vector])
    }).toThrow(MemoryLimitExceeded)
  })

  it('reads states of topK from builds that kept no weights of what they dropped', () => {
    const context = testContext()
    const states = statesOf('topK', ['UInt8'], [2], context)
    states.resize(1)
    const bytes = context.account.u8(35)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    bytes[0] = 2
    for (const [at, value, count] of [[1, 7, 5], [18, 9, 6]] as const) {
      bytes[at] = value
      view.setFloat64(at + 1, count, true)
      view.setFloat64(at + 9, 0, true)
    }
    states.mergeRows(new Uint32Array(1), 1, {
      kind: 'bytes', type: parseDataType('String'), length: 1, isConst: false, nulls: null, offsets: Uint32Array.of(0, 35), bytes,
    })
    expect(valueAt(states.finish(1), 0)).toEqual([9, 7])
  })

  it('refuses states of a version that is not known, by its number', () => {
    expect(() => bindState(parseDataType('AggregateFunction(9, uniq, String)'))).toThrow(/version 9 of uniq/)
    expect(bindState(parseDataType('AggregateFunction(0, uniq, String)')).name).toBe('uniq')
  })
})
