import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { packStrings } from '../../storage/codec/cells.test-kit.ts'
import { STRING } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { EventGenerator } from '../../bench/generator.ts'
import { COMMA } from './csv.ts'
import { IngestJob, type IngestBody } from './ingest.ts'
import { benchOf, parseBodies, parseRow, planOf, valuesOf, type Bench } from './test-rows.ts'

const vectorOfTexts = (texts: readonly string[]): Vector => ({
  kind: 'bytes', type: STRING, length: texts.length, isConst: false, nulls: null, ...packStrings(texts) })

const benches = [['kernel', benchOf(true)], ['reference', benchOf(false)]] as const

describe.each(benches)('%s: values', (_name, bench) => {
  const value = (type: string, json: string): unknown => {
    const { rows, quarantine } = parseBodies(bench, planOf(`x ${type}`), [`{"x":${json}}`])
    expect(rows.length + quarantine.length).toBe(1)
    return rows.length === 1 ? rows[0].x : 'rejected'
  }

  it('keeps strings, and numbers, booleans, objects and arrays in String columns as their text', () => {
    expect(value('String', '"a b"')).toBe('a b')
    expect(value('String', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"'))
      .toBe(Buffer.from('"\\/\b\f\n\r\té😀').toString('latin1'))
    expect(value('String', '"\\ud800x"')).toBe(Buffer.from('\ufffdx').toString('latin1'))
    expect(value('String', '12.50')).toBe('12.50')
    expect(value('String', 'true')).toBe('true')
    expect(value('String', '{"a": [1, "}"]}')).toBe('{"a":[1,"}"]}')
    expect(value('String', '{ "a\\" b" : " : { , c " ,"d" : [ true , -1.50 , { } ] , "\\u00e9\\\\" : null }'))
      .toBe('{"a\\" b":" : { , c ","d":[true,-1.50,{}],"\\u00e9\\\\":null}')
    expect(value('LowCardinality(String)', '[ "x" , "y z" ]')).toBe('["x","y z"]')
    expect(value('Array(String)', '[ { "a" : " 1" } , [ 2 , 3 ] , "{ }" ]')).toEqual(['{"a":" 1"}', '[2,3]', '{ }'])
    expect(value('FixedString(4)', '"ab"')).toBe('ab\0\0')
    expect(value('FixedString(4)', '"abcde"')).toBe('rejected')
  })

  it('reads integers of every width, and refuses what does not fit', () => {
    expect(value('Int8', '-128')).toBe(-128)
    expect(value('Int8', '128')).toBe('rejected')
    expect(value('UInt8', '"255"')).toBe(255)
    expect(value('UInt8', '-1')).toBe('rejected')
    expect(value('Int16', '-32768')).toBe(-32768)
    expect(value('UInt32', '4294967295')).toBe(4294967295)
    expect(value('Int64', '9007199254740991')).toBe(9007199254740991)
    expect(value('Int64', '-9223372036854775808')).toBe(-9223372036854775808n)
    expect(value('Int64', '9223372036854775808')).toBe('rejected')
    expect(value('UInt64', '18446744073709551615')).toBe(18446744073709551615n)
    expect(value('UInt64', '18446744073709551616')).toBe('rejected')
    expect(value('UInt64', '99999999999999999999')).toBe('rejected')
    expect(value('Int32', 'true')).toBe(1)
    for (const wrong of ['1.5', '"1x"', '""', '"-"', '[1]', '"abc"']) expect(value('Int32', wrong)).toBe('rejected')
  })

  it('reads floats to the nearest double', () => {
    const texts = ['0.1', '-12.5e3', '1e22', '1e23', '9007199254740993', '0.30000000000000004', '5e-324',
      '1.7976931348623157e308', '123456789012345678901234567890', '2.2250738585072011e-308', '-0', '0e99']
    for (const text of texts) expect(value('Float64', text)).toBe(Number(text))
    expect(value('Float64', '".5"')).toBe(0.5)
    expect(value('Float64', '"-inf"')).toBe(-Infinity)
    expect(value('Float64', '"NaN"')).toBe(Number.NaN)
    expect(value('Float32', '0.1')).toBe(Math.fround(0.1))
    for (const wrong of ['"nope"', '"1e"', '"."', '{}', '"infinite"']) expect(value('Float64', wrong)).toBe('rejected')
  })

  it('reads booleans, UUIDs and addresses', () => {
    expect(value('Bool', 'true')).toBe(1)
    expect(value('Bool', '"False"')).toBe(0)
    expect(value('Bool', '1')).toBe(1)
    expect(value('Bool', '2')).toBe('rejected')
    const uuid = Buffer.from('89abcdef-0123-4567-89ab-cdef01234567'.replaceAll('-', ''), 'hex')
    const stored = Buffer.concat([uuid.subarray(0, 8).reverse(), uuid.subarray(8).reverse()]).toString('latin1')
    expect(value('UUID', '"89abcdef-0123-4567-89AB-cdef01234567"')).toBe(stored)
    expect(value('UUID', '"89abcdef0123456789abcdef01234567"')).toBe(stored)
    expect(value('UUID', '"89abcdef-0123-4567-89ab-cdef0123456"')).toBe('rejected')
    expect(value('IPv4', '"192.168.0.1"')).toBe(0xc0a80001)
    expect(value('IPv4', '"192.168.0.256"')).toBe('rejected')
    expect(value('IPv6', '"::1"')).toBe('\0'.repeat(15) + '\x01')
    expect(value('IPv6', '"1.2.3.4"')).toBe(`${'\0'.repeat(10)}\xff\xff\x01\x02\x03\x04`)
  })

  it('reads times as text, ISO 8601 and Unix time', () => {
    const second = Date.UTC(2024, 1, 29, 12, 34, 56) / 1000
    const texts = ['2024-02-29 12:34:56', '2024-02-29T12:34:56', '2024-02-29T12:34:56Z', '2024-02-29 12:34:56.789',
      '2024-02-29T12:34:56.789Z', '2024-02-29T14:34:56+02:00', '2024-02-29T07:04:56.1-0530', '2024-02-29 12:34:56 UTC',
      String(second), `${second}.9`, `${second}123`, `${second}123456`, `${second}123456789`]
    for (const text of texts) expect([text, value('DateTime', JSON.stringify(text))]).toEqual([text, second])
    expect(value('DateTime', String(second))).toBe(second)
    expect(value('DateTime', `${second}123`)).toBe(second)
    expect(value('DateTime', '"2024-1-5"')).toBe(Date.UTC(2024, 0, 5) / 1000)
    expect(value('DateTime', '"2024-01-05 07:08"')).toBe(Date.UTC(2024, 0, 5, 7, 8) / 1000)
    expect(value('DateTime64(3)', '"2024-02-29T12:34:56.7894Z"')).toBe(second * 1000 + 789)
    expect(value('DateTime64(9)', '"2024-02-29T12:34:56.123456789Z"')).toBe(BigInt(second) * 1000000000n + 123456789n)
    expect(value('DateTime64(3)', '"1969-12-31 23:59:59.5"')).toBe(-500)
    expect(value('DateTime64(3)', '-1.25')).toBe(-1250)
    expect(value('DateTime64(3)', `${second}123`)).toBe(second * 1000 + 123)
    expect(value('Date', '"2024-02-29"')).toBe(Math.floor(second / 86400))
    expect(value('Date', '19723')).toBe(19723)
    expect(value('Date', String(second))).toBe(Math.floor(second / 86400))
    expect(value('Date32', '"1900-01-01"')).toBe(-25567)
    const wrong = ['"2024-02-30"', '"2023-02-29"', '"2024-13-01"', '"2024-02-29 24:00:00"', '"2024-02-29 12:34:60"',
      '"2024-02-29T12:34:56+15:00"', '"yesterday"', '""', 'true', '"2200-01-01"', '"1969-12-31"', '"2024-02-29 "', '12345678901234']
    for (const text of wrong) expect([text, value('DateTime', text)]).toEqual([text, 'rejected'])
  })

  it('reads times of a clock from texts, numbers of seconds or of units of a fraction', () => {
    expect(['"12:34:56"', '"-1:00:00"', '"12:34"', '"5"', '3600', '-5', '5000000'].map((json) => value('Time', json)))
      .toEqual([45_296, -3600, 754, 5, 3600, -5, 3_599_999])
    expect(['"12:34:56.7891"', '"-00:00:00.5"', '3600', '"5"'].map((json) => value('Time64(3)', json))).toEqual([45_296_789, -500, 3600, 5000])
    expect(value('Nullable(Time)', 'null')).toBe(null)
    expect(value('Array(Time64(1))', '["1", "12:00:00.5"]')).toEqual([10, 432_005])
    for (const wrong of ['"12:34:56.5"', '"3600"', '"x"', '""', 'true', '5.5', '"2024-01-01 12:00:00"', '"1000:00:00"', '[1]']) {
      expect([wrong, value('Time', wrong)]).toEqual([wrong, 'rejected'])
    }
    const plan = planOf("a Time DEFAULT '12'", "b Time64(2) DEFAULT '1:00:00.5'", 'c Time')
    expect(parseBodies(bench, plan, ['{"c":7}']).rows).toEqual([{ a: 12, b: 360_050, c: 7 }])
    const csv = { columns: ['a', 'b', 'c'], dialect: COMMA }
    expect(parseBodies(bench, plan, [{ bytes: Buffer.from('12:34:56,1.5,-1\n,,7\n3600,1,1\n'), format: 'ndjson', gzip: false, csv }]))
      .toMatchObject({ rows: [{ a: 45_296, b: 150, c: -1 }, { a: 12, b: 360_050, c: 7 }], quarantine: [{}] })
  })

  it('reads times in the zone of the column, unless they name their own', () => {
    const second = Date.UTC(2024, 6, 1, 10, 0, 0) / 1000
    expect(value("DateTime('Europe/Madrid')", '"2024-07-01 12:00:00"')).toBe(second)
    expect(value("DateTime('Europe/Madrid')", '"2024-07-01 10:00:00Z"')).toBe(second)
    expect(value("DateTime('Europe/Madrid')", String(second))).toBe(second)
    expect(value("DateTime('UTC')", '"2024-07-01 10:00:00"')).toBe(second)
    for (const [zone, local, utc] of [
      ['Europe/Madrid', '2024-03-31 02:30:00', '2024-03-31T00:30:00Z'], // skipped
      ['Europe/Madrid', '2024-03-31 03:00:00', '2024-03-31T01:00:00Z'],
      ['Europe/Madrid', '2024-10-27 02:30:00', '2024-10-27T00:30:00Z'], // twice
      ['America/New_York', '2024-03-10 02:30:00', '2024-03-10T06:30:00Z'],
      ['America/New_York', '2024-11-03 01:30:00', '2024-11-03T05:30:00Z'],
    ]) expect(value(`DateTime('${zone}')`, `"${local}"`), local).toBe(Date.parse(utc) / 1000)
  })

  it('reads enums, decimals, arrays, maps and tuples', () => {
    expect(value("Enum8('a' = 1, 'b' = 2)", '"b"')).toBe(2)
    expect(value("Enum8('a' = 1, 'b' = 2)", '1')).toBe(1)
    expect(value("Enum8('a' = 1, 'b' = 2)", '"c"')).toBe('rejected')
    expect(value('Decimal(9, 2)', '12.345')).toBe(1234)
    expect(value('Decimal(9, 2)', '"-1e2"')).toBe(-10000)
    expect(value('Decimal(9, 2)', '12345678')).toBe('rejected')
    expect(value('Array(String)', '["a", "b\\n", 3]')).toEqual(['a', 'b\n', '3'])
    expect(value('Array(Int32)', '[1, "2"]')).toEqual([1, 2])
    expect(value('Array(Int32)', '[1, "x"]')).toBe('rejected')
    expect(value('Array(Int32)', '"[1,2]"')).toEqual([1, 2])
    expect(value('Array(Nullable(Int32))', '[1, null]')).toEqual([1, null])
    expect(value('Array(Array(UInt8))', '[[1],[],[2,3]]')).toEqual([[1], [], [2, 3]])
    expect(value('Map(String, Float64)', '{"a": 1.5, "b": 2}')).toEqual([['a', 1.5], ['b', 2]])
    expect(value('Tuple(String, Int8)', '["a", 1]')).toEqual(['a', 1])
    expect(value('Tuple(s String, n Int8)', '{"n": 1, "s": "a", "z": 0}')).toEqual(['a', 1])
  })

  it('gives a missing key or null the DEFAULT, else NULL, else rejects the row', () => {
    const plan = planOf("s String DEFAULT 'it''s'", 'n Nullable(Int32)', 'd Nullable(Int32) DEFAULT 7', 'f Float64 DEFAULT 1.5',
      "t DateTime DEFAULT '2024-01-01 00:00:00'", 'a Array(String) DEFAULT []', 'u UInt64 DEFAULT 18446744073709551615')
    const row = { s: "it's", n: null, d: 7, f: 1.5, t: 1704067200, a: [], u: 18446744073709551615n }
    expect(parseRow(bench, plan, '{}')).toEqual(row)
    expect(parseRow(bench, plan, '{"s":null,"n":null,"d":null,"f":null,"t":null,"a":null,"u":null}')).toEqual(row)
    const { quarantine, perBody } = parseBodies(bench, planOf('a String', 'b String'), ['{"a":"x"}'])
    expect(quarantine).toMatchObject([{ a: 'x', b: null, c__error_column: ['b'] }])
    expect(perBody[0].firstError).toContain("line 1: column 'b' is missing or null")
  })

  it('asks for defaults that are no constants, once for the rows that lack a value', () => {
    const plan = planOf('id String', 'at DateTime DEFAULT now()', 'tag String DEFAULT lower(id)')
    const asked: unknown[][] = []
    const compute = (column: number, rows: Uint32Array, vectors: readonly Vector[]) => {
      asked.push([column, [...rows], vectors[0].length])
      return column === 1
        ? { kind: 'number' as const, type: STRING, length: 1, isConst: true, nulls: null, values: Uint32Array.of(42) }
        : {
          kind: 'bytes' as const, type: STRING, length: 2, isConst: false, nulls: null,
          offsets: Uint32Array.of(0, 1, 3), bytes: Buffer.from('xyy'),
        }
    }
    const { rows } = parseBodies(bench, plan,
      ['{"id":"1"}\n{"id":"2","at":5,"tag":"t"}\n{"id":"3","at":null}'], { defaults: { usesOf: (column) => column === 1 ? [] : [0], compute } })
    expect(rows).toEqual([{ id: '1', at: 42, tag: 'x' }, { id: '2', at: 5, tag: 't' }, { id: '3', at: 42, tag: 'yy' }])
    expect(asked).toEqual([[1, [0, 2], 3], [2, [0, 2], 3]])
  })

  it('computes a default after those that it reads, and sets rows aside that have none', () => {
    const plan = planOf('a String DEFAULT b', 'b String DEFAULT upper(c)', 'c String')
    const order: number[] = []
    const compute = (column: number, rows: Uint32Array, vectors: readonly Vector[]) => {
      order.push(column)
      const from = vectors[column === 0 ? 1 : 2]
      const texts = [...rows].map((row) => valuesOf(from)[row] as string)
      if (texts.includes('bad')) throw new Error('no value')
      return vectorOfTexts(texts.map((text) => column === 1 ? text.toUpperCase() : text))
    }
    const { rows, quarantine, perBody } = parseBodies(bench, plan, ['{"c":"x"}\n{"c":"bad"}\n{"a":"q","b":"r","c":"bad"}\n{"c":"y"}'],
      { defaults: { usesOf: (column) => [column + 1], compute } })
    expect(order[0]).toBe(1)
    expect(rows).toEqual([{ a: 'X', b: 'X', c: 'x' }, { a: 'q', b: 'r', c: 'bad' }, { a: 'Y', b: 'Y', c: 'y' }])
    expect(quarantine.length).toBe(1)
    expect(perBody[0].firstError).toMatch(/DEFAULT of column 'b': no value/)
    expect(() => parseBodies(bench, planOf('a String DEFAULT b', 'b String DEFAULT a'), ['{}'],
      { defaults: { usesOf: (column) => [1 - column], compute } })).toThrow(/read each other/)
  })

  it('follows paths into objects and arrays, and takes the whole row for $', () => {
    const plan = planOf('b String $.a.b DEFAULT none', 'raw String $.a', 'tags Array(String) $.tags[:]',
      'prices Array(Nullable(Float64)) $.items[:].p.v', 'all String $', 'again String $.a.b DEFAULT none')
    const row = '{"x":{"b":1},"a":{"c":[1],"b":"in"},"tags":["u","v"],"items":[{"p":{"v":1}},{},{"p":{"v":"2"}}]}'
    expect(parseRow(bench, planOf('b String $.a.b', 'raw String $.a', 'tags Array(String) $.tags[:]',
      'prices Array(Nullable(Float64)) $.items[:].p.v', 'all String $', 'again String $.a.b'), row)).toEqual({
      b: 'in', again: 'in', raw: '{"c":[1],"b":"in"}', tags: ['u', 'v'], prices: [1, null, 2], all: row,
    })
    expect(plan.columns.length).toBe(6)
  })

  it('takes keys in any order, with spaces, escapes, twice, and skips those that nobody wants', () => {
    const plan = planOf('a String', 'b Int32')
    const bodies = ['{"b":1,"a":"x"}', '{ "a" : "x" , "b" : 1 }', '{"\\u0061":"x","b":1}', '{"a":"y","b":9,"a":"x","b":1}',
      '{"c":{"a":"no","d":[{},[]]},"a":"x","e":null,"b":1,"f":-1.5e-3}', '{\n  "a": "x",\n  "b": 1\n}', '\ufeff{"a":"x","b":1}\r\n']
    const { rows } = parseBodies(bench, plan, bodies)
    expect(rows).toEqual(bodies.map(() => ({ a: 'x', b: 1 })))
  })
})

describe.each(benches)('%s: bodies', (_name, bench) => {
  const plan = planOf('a String', 'n Int32')

  it('counts rows and rejects of every body of a group apart', () => {
    const { rows, perBody, quarantine } = parseBodies(bench, plan, [
      '{"a":"1","n":1}\n{"a":"2","n":"x"}\n\n{"a":"3","n":3}\n', '', 'nonsense\n{"a":"4","n":4}',
      { bytes: Buffer.from('[{"a":"5","n":5}, 7, {"n":6}, {"a":"8","n":8}]'), format: 'json', gzip: false },
    ])
    expect(rows.map(({ a }) => a)).toEqual(['1', '3', '4', '5', '8'])
    expect(perBody.map(({ successful, quarantined }) => [successful, quarantined])).toEqual([[2, 1], [0, 0], [1, 1], [2, 2]])
    expect(perBody[0].firstError).toBe("line 2: value 'x' on column 'n' is not Int32")
    expect(perBody[1].firstError).toBe(null)
    expect(perBody[2].firstError).toBe('line 1: not a JSON object: nonsense')
    expect(quarantine[0]).toEqual({
      a: '2', n: 'x', c__error_column: ['n'], c__error: ["value 'x' on column 'n' is not Int32"],
      c__import_id: 'import-1', insertion_date: 1_700_000_000, c__row: null,
    })
  })

  it('sets aside only the line that is broken', () => {
    const good = '{"a":"ok","n":1}'
    for (const bad of ['{"a":"1","n":1', '{"a":"1,"n":1}', '{"a":"1"', '{', '{"a":"\\x","n":1}', '{"a":"1","n":1,}', '{"a":"1" "n":1}',
      '{"a":"1","n":1}x', '[1]', '"a"', '{"a":"1","n":tru}', '{"a":"\\ud8zz","n":1}', '{"a":01e,"n":1}', '}', '{"a":{"b":1}']) {
      const { rows, quarantine } = parseBodies(bench, plan, [`${good}\n${bad}\n${good}\n${good}`])
      expect([bad, rows.length, quarantine.length]).toEqual([bad, 3, 1])
    }
  })

  it('names every column that is wrong, and keeps the text of the others', () => {
    const { quarantine } = parseBodies(bench, planOf('a String', 'n Int32', 't DateTime', 'j String'),
      ['{"a":"é","n":1.5,"t":"soon","j":{"k":1}}'])
    expect(quarantine).toMatchObject([{
      a: Buffer.from('é').toString('latin1'), n: '1.5', t: 'soon', j: '{"k":1}', c__error_column: ['n', 't'],
      c__error: ["value '1.5' on column 'n' is not Int32",
        "value 'soon' on column 't' is not DateTime: expected YYYY-MM-DD hh:mm:ss, ISO 8601 or Unix seconds"],
    }])
  })

  it('takes out rows that fail behind the kernel, in every kind of column', () => {
    const wide = planOf('s String', 'e Nullable(Enum8(\'a\' = 1))', 'f Float64', 'l Array(Int8)', 'u UUID', 'b Int64')
    const line = (i: number, e: string, f: string, l: string) =>
      `{"s":"s${i}","e":${e},"f":${f},"l":${l},"u":"00000000-0000-0000-0000-00000000000${i}","b":${i}00000000000000000}`
    const { rows, perBody, quarantine } = parseBodies(bench, wide, [
      [line(1, '"a"', '1', '[1]'), line(2, '"z"', '2', '[2]'), line(3, 'null', '"nay"', '[3]')].join('\n'),
      [line(4, '"a"', '4', '[400]'), line(5, 'null', '0.12345678901234567', '[]')].join('\n'),
    ])
    expect(rows.map(({ s, e, f, l, b }) => [s, e, f, l, b])).toEqual([
      ['s1', 1, 1, [1], 100000000000000000n], ['s5', null, Number('0.12345678901234567'), [], 500000000000000000n]])
    expect(perBody.map(({ successful, quarantined }) => [successful, quarantined])).toEqual([[1, 2], [1, 1]])
    expect(quarantine.map(({ s, c__error_column: names }) => [s, names]).sort()).toEqual([['s2', ['e']], ['s3', ['f']], ['s4', ['l']]])
  })

  it('unpacks gzip, at once or beside the thread, and says when a body is none', async () => {
    const rows = Array.from({ length: 30000 }, (_, i) => `{"a":"${Math.random()}","n":${i}}`).join('\n')
    const packed = gzipSync(rows)
    expect(packed.length).toBeGreaterThan(64 * 1024)
    const job = new IngestJob(planOf('a String', 'n Int32'), bench.work, bench.kernels,
      [{ bytes: packed, format: 'ndjson', gzip: true }, { bytes: gzipSync('{"a":"last","n":1}'), format: 'ndjson', gzip: true }])
    while (!job.step(2)) await job.waiting
    expect(job.result().perBody.map(({ successful }) => successful)).toEqual([30000, 1])
    job.release()
    const wrong = parseBodies(bench, plan, [{ bytes: Buffer.from('{"a":"x","n":1}'), format: 'ndjson', gzip: true }, '{"a":"x","n":1}'])
    expect(wrong.perBody.map(({ successful, quarantined }) => [successful, quarantined])).toEqual([[0, 0], [1, 0]])
    expect(wrong.perBody[0].firstError).toContain('not valid gzip')
    expect(wrong.perBody[0].isTooLarge).toBe(false)
    const bomb = { bytes: gzipSync('0'.repeat(100000)), format: 'ndjson' as const, gzip: true }
    expect(parseBodies(bench, plan, [bomb], { unpackedBytesMax: 1000 }).perBody[0].firstError).toContain('more than 1000 bytes')
  })

  it('reads rows that are larger than its window, and large bodies in pieces', () => {
    const lines = Array.from({ length: 400 }, (_, i) => ({ a: `${i}-${'ä\n"'.repeat(i * (i % 50 === 0 ? 300 : 3))}`, n: i }))
    const { rows } = parseBodies(bench, plan, [lines.map((line) => JSON.stringify(line)).join('\n'),
      JSON.stringify(lines, null, 2)])
    const expected = lines.map(({ a, n }) => ({ a: Buffer.from(a).toString('latin1'), n }))
    expect(rows).toEqual([...expected, ...expected])
  })

  it('gives an array that breaks one reject, and keeps the rows before', () => {
    const { rows, quarantine } = parseBodies(bench, plan, ['[{"a":"1","n":1},\n{"a":"2","n":2}\n{"a":"3","n":3}]', '[{"a":"1","n":1}'])
    expect(rows.length).toBe(2)
    expect(quarantine.length).toBe(1)
  })

  it('refuses what is nested too deeply, wanted or not', () => {
    const deep = (levels: number) => `{"a":"x","n":1,"z":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect(parseBodies(bench, plan, [deep(100)]).rows.length).toBe(1)
    const { quarantine } = parseBodies(bench, plan, [`${deep(200)}\n${deep(5000)}`])
    expect(quarantine.length).toBe(2)
  })
})

describe.each(benches)('%s: dictionaries', (_name, bench) => {
  it('gives up codes where values differ, keeps them where they repeat, always keeps LowCardinality', () => {
    const plan = planOf('id String', 'city String', 'low LowCardinality(String)')
    const body = Array.from({ length: 20000 }, (_, i) => `{"id":"id-${i}","city":"c${i % 100}","low":"l${i}"}`).join('\n')
    const first = parseBodies(bench, plan, [body])
    expect(first.kinds).toEqual(['bytes', 'codes', 'codes'])
    expect(first.rows[19999]).toEqual({ id: 'id-19999', city: 'c99', low: 'l19999' })
    expect(first.rows.every(({ id }, i) => id === `id-${i}`)).toBe(true)
    const small = parseBodies(bench, plan, ['{"id":"a","city":"b","low":"c"}'])
    expect(small.kinds).toEqual(['bytes', 'codes', 'codes'])
    expect(small.rows).toEqual([{ id: 'a', city: 'b', low: 'c' }])
  })

  it('begins a job with room for what the last one of its plan came to, and reads what is unlike it', () => {
    const plan = planOf('id String', 'city String', 'n Int64')
    const bodyOf = (rows: number, cities: number, length: number): string => Array.from({ length: rows }, (_, i) => (
      JSON.stringify({ id: `${'x'.repeat(length)}${i}`, city: `${'c'.repeat(length)}${i % cities}`, n: i }))).join('\n')
    let moved = 0
    const { ndjsonRehash } = bench.kernels
    const watched: Bench = { ...bench, kernels: { ...bench.kernels, ndjsonRehash(...given) { moved++; ndjsonRehash(...given) } } }
    const movesOf = (rows: number, cities: number, length: number): number => {
      const before = moved
      const parsed = parseBodies(watched, plan, [bodyOf(rows, cities, length)])
      expect(parsed.rows).toEqual(Array.from({ length: rows }, (_, i) => (
        { id: `${'x'.repeat(length)}${i}`, city: `${'c'.repeat(length)}${i % cities}`, n: i })))
      return moved - before
    }
    expect(movesOf(4000, 1500, 10)).toBeGreaterThan(2)
    expect(movesOf(4000, 1500, 10)).toBe(1)
    // Longer rows, fewer of them; many strings where few are expected; short rows behind long ones.
    for (const [rows, cities, length] of [[800, 400, 900], [6000, 3000, 1], [900, 2, 1], [5000, 2000, 30], [1, 1, 1], [2000, 900, 200]]) movesOf(rows, cities, length)
  })

  it('makes no more room behind a packed job than behind one of the same rows as they are', () => {
    const body = Buffer.from(Array.from({ length: 1500 }, (_, i) => JSON.stringify({ id: 'x'.repeat(500) + i, n: i })).join('\n'))
    const peakBehind = (first: IngestBody): number => {
      const plan = planOf('id String', 'n Int64')
      parseBodies(bench, plan, [first])
      const job = new IngestJob(plan, bench.work, bench.kernels, [{ bytes: body, format: 'ndjson', gzip: false }])
      let peak = 0
      while (!job.step(0)) peak = Math.max(peak, bench.work.usedBytes)
      job.release()
      return peak
    }
    const plain = peakBehind({ bytes: body, format: 'ndjson', gzip: false })
    expect(peakBehind({ bytes: gzipSync(body), format: 'ndjson', gzip: true })).toBeLessThanOrEqual(plain * 1.1)
  })

  it('makes no more room for a job than its own input asks for, whatever the last one came to', () => {
    const bodyOf = (rows: number, row: (i: number) => object): string => Array.from({ length: rows }, (_, i) => JSON.stringify(row(i))).join('\n')
    // Defaults are no part of the input.
    const filled = planOf(`text String DEFAULT '${'d'.repeat(1000)}'`, 'n Int8 DEFAULT 0')
    parseBodies(bench, filled, [bodyOf(1100, (n) => ({ n: n % 100 }))])
    const given = bodyOf(5000, (n) => ({ text: `${n}` }))
    const allocate = vi.spyOn(bench.work, 'allocate')
    parseBodies(bench, filled, [given])
    expect(Math.max(...allocate.mock.calls.map(([bytes]) => bytes))).toBeLessThan(5 * given.length)
    allocate.mockRestore()
  })

  it('reads events of both benchmark sets as JSON.parse does', () => {
    const names = ['event_id', 'user_id', 'session_id', 'event_type', 'feature', 'device_type', 'browser', 'os', 'location', 'metadata']
    const plan = planOf('timestamp DateTime', ...names.map((name) => `${name} String DEFAULT ''`))
    for (const set of ['app_events', 'hard_events'] as const) {
      const body = new EventGenerator(set, 3000, 5).next(3000)
      const { rows } = parseBodies(bench, plan, [body])
      const expected = body.trim().split('\n').map((line) => {
        const event = JSON.parse(line) as Record<string, unknown>
        const textOf = (value: unknown) => Buffer.from(typeof value === 'object' ? '' : String(value ?? '')).toString('latin1')
        const texts = names.map((name) => [name, typeof event[name] === 'object' ? rows.length && undefined : textOf(event[name])])
        return { ...Object.fromEntries(texts), timestamp: Date.parse(`${String(event.timestamp).replace(' ', 'T')}Z`) / 1000 }
      })
      expect(rows.length).toBe(3000)
      for (const [i, row] of rows.entries()) {
        for (const [name, wanted] of Object.entries(expected[i])) if (wanted !== undefined) expect(row[name]).toEqual(wanted)
      }
    }
  })
})
