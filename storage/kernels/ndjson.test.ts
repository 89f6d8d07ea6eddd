// The NDJSON kernel against its reference, through the ingestion that drives both: same rows, same
// counts, same quarantine, whatever the bytes; and nothing written outside of its buffers.

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benchOf, parseBodies, planOf, type Parsed } from '../../src/ingest/test-rows.ts'
import { keyHash } from './ndjson.ts'
import { decodeString, skipValue } from './ndjson-text.ts'
import { readTime } from './ndjson-values.ts'

const kernel = benchOf(true)
const reference = benchOf(false)

const COLUMNS = [
  's String', 'low LowCardinality(Nullable(String))', 'd String DEFAULT \'none\'', 'i Int32 DEFAULT -1', 'w Nullable(Int64)',
  'u Nullable(UInt64)', 'f Nullable(Float64)', 'g Float32 DEFAULT 0', 'b Nullable(Bool)', 't Nullable(DateTime)',
  't6 Nullable(DateTime64(6))', 'day Nullable(Date)', 'day32 Nullable(Date32)', 'id Nullable(UUID)', 'fx Nullable(FixedString(3))',
  'deep Nullable(String) $.o.p', 'obj Nullable(String) $.o', 'tags Array(Nullable(String)) $.tags[:] DEFAULT []',
]
const KEYS = COLUMNS.map((column) => /^\w+/.exec(column)?.[0] as string)
const strictPlan = () => planOf(...COLUMNS)
const wholePlan = () => planOf('a String', 'all String $', 'n Nullable(Float64)')

/** Runs both over the same bodies; throws where they differ, and answers what they agree on. `anyKinds`: strings may be
 * codes of the one and bytes of the other, as the reference also counts those that no row uses. */
function agree(plan: () => ReturnType<typeof planOf>, bodies: readonly (string | Uint8Array)[], anyKinds = false): Parsed {
  const parsed = parseBodies(kernel, plan(), bodies)
  const theirs = parseBodies(reference, plan(), bodies)
  const ours = anyKinds ? { ...parsed, kinds: theirs.kinds } : parsed
  if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs)
  return ours
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('', 'a', '"\\"', 'é😀\n\0'),
  fc.integer({ min: 0, max: 300 }).map((n) => 'long "text" '.repeat(n)), fc.integer().map(String), fc.double().map(String),
  fc.date({ noInvalidDate: true, min: new Date('1850-01-01'), max: new Date('2310-01-01') }).map((date) => date.toISOString()),
  fc.tuple(fc.nat(9999), fc.nat(14), fc.nat(33), fc.nat(25), fc.nat(61), fc.constantFrom('', 'Z', ' UTC', '+01:30', '.25', '.123456789Z', '-03', ' '))
    .map(([y, m, d, h, s, zone]) => `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${d} ${h}:${String(s).padStart(2, '0')}:00${zone}`),
  fc.uuid(), fc.constantFrom('true', 'False', 'nan', '-inf', '1e5', '.5', '5.', '1e400', '0x10', '+7', '-', '1700000000', '1700000000123.5'),
)
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()).map(String)
const bigs = fc.oneof(fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }), fc.bigInt({ min: 0n, max: 2n * 10n ** 18n })).map(String)
const values = fc.oneof(
  { weight: 6, arbitrary: texts.map((text) => JSON.stringify(text)) }, { weight: 3, arbitrary: numbers }, { weight: 1, arbitrary: bigs },
  { weight: 2, arbitrary: fc.constantFrom('null', 'true', 'false', '{}', '[]', '{"p":"in"}', '{"p":null,"q":[1,{"r":"}"}]}', '["x",null,1]') },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)) },
)
const keys = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...KEYS, 'o', 'tags') }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) })
const space = fc.constantFrom('', '', '', ' ', '\t ', '\r', '  ')

/** Keys as some sender writes them: now and then with an escape. */
const quotedKeys = fc.tuple(keys, fc.nat(9)).map(([key, escape]) => escape > 0 || key === '' ? JSON.stringify(key)
  : `"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(key.slice(1)).slice(1)}`)
const objects = fc.array(fc.tuple(quotedKeys, space, values, space), { maxLength: 14 })
  .map((fields) => `{${fields.map(([key, a, value, b]) => `${a}${key}${b}:${a}${value}${b}`).join(',')}}`)
const good = objects.map((text) => text.replace(/^\{,?/, text.includes('"s"') ? '{' : text === '{}' ? '{"s":"x"' : '{"s":"x",'))
const broken = fc.tuple(good, fc.nat(), fc.constantFrom('', '"', '\\', '}', '\n', '{', ',', 'x', '\0', '\u00ff')).map(([text, at, insert]) => {
  const cut = at % (text.length + 1)
  return at % 3 === 0 ? text.slice(0, cut) : text.slice(0, cut) + insert + text.slice(cut + (at % 2))
})
const lines = fc.oneof({ weight: 6, arbitrary: good }, { weight: 2, arbitrary: broken }, { weight: 1, arbitrary: texts })
const bodies = fc.tuple(fc.array(lines, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\n\n', '\n', ',')).map(([list, end]) => list.join(end))

describe('kernel and reference', () => {
  it('agree on bodies of good and broken rows', () => {
    fc.assert(fc.property(fc.array(bodies, { minLength: 1, maxLength: 3 }), (list) => { agree(strictPlan, list) }), { numRuns: 600 })
  })

  it('agree on arrays of rows', () => {
    const arrays = fc.tuple(fc.array(lines, { maxLength: 8 }), fc.constantFrom('[', ' [ ', '[['), fc.constantFrom(']', '', '] x', '\n]\n[{"s":"y"}]'))
      .map(([list, open, close]) => open + list.join(',\n') + close)
    fc.assert(fc.property(arrays, (body) => { agree(strictPlan, [body]) }), { numRuns: 300 })
  })

  it('agree on any bytes', () => {
    const structural = fc.constantFrom(...'{}[]:,"\\ \n0-.eEtfnu'.split('').map((letter) => letter.charCodeAt(0)))
    const hostile = fc.array(fc.oneof({ weight: 5, arbitrary: structural }, { weight: 1, arbitrary: fc.nat(255) }), { maxLength: 400 })
      .map((list) => Uint8Array.from(list))
    fc.assert(fc.property(hostile, (body) => { agree(strictPlan, [body]) }), { numRuns: 1500 })
  })

  it('agree where valid rows had some bytes changed', () => {
    const changed = fc.tuple(fc.array(good, { minLength: 1, maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([list, changes]) => {
        const bytes = Buffer.from(list.join('\n'))
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      })
    fc.assert(fc.property(changed, (body) => { agree(strictPlan, [body]); agree(wholePlan, [body]) }), { numRuns: 400 })
  })

  it('agree on a body that ends at any of its bytes, and lose no whole line', () => {
    const line = '{"s":"a\\u00e9\\ud83d\\ude00b","i":-12,"f":1.5e3,"o":{"p":"x"},"tags":["q"],"b":true,"t":"2024-01-02 03:04:05","w":null}'
    const body = Buffer.from(`${line}\n${line.replace('"s"', ' "s" ')}\n`)
    for (let end = 0; end <= body.length; end++) {
      const { rows, quarantine } = agree(strictPlan, [body.subarray(0, end)])
      const whole = end >= body.length - 1 ? 2 : end >= line.length ? 1 : 0
      expect([end, rows.length]).toEqual([end, whole])
      expect(quarantine.length).toBeLessThanOrEqual(1)
    }
  })

  it('agree where strings of many rows wait for their codes together', () => {
    // Distinct ones in numbers that make columns grow, become plain bytes, or neither, beside rows that are refused.
    const row = fc.record({ s: fc.nat(40_000), low: fc.nat(3), d: fc.option(fc.nat(9)), escapes: fc.nat(4), isBad: fc.nat(30) })
    fc.assert(fc.property(fc.array(row, { minLength: 100, maxLength: 120 }), fc.constantFrom(1, 4, 60), (list, times) => {
      const body: string[] = []
      for (let i = 0; i < times; i++) {
        for (const { s, low, d, escapes, isBad } of list) {
          const text = `${'"\\'.repeat(escapes)}${(s * (i + 1)) % 40_009}`
          const rest = `"low":"${low}"${d === null ? '' : `,"d":${JSON.stringify('x'.repeat(d * 3))}`}`
          body.push(isBad === 0 ? `{"s":${JSON.stringify(text)},${rest},"i":"no"}` : `{${rest},"s":"twice","s":${JSON.stringify(text)}}`)
        }
      }
      const plan = () => planOf('s String', 'low LowCardinality(String)', 'd String DEFAULT \'none\'', 'i Int32 DEFAULT 0', 'again String $.s')
      agree(plan, [body.join('\n')], true)
    }), { numRuns: 6 })
  })

  it('agree where decoded texts of one row and of many are longer than what is kept', () => {
    const plan = () => planOf('a String $.o', 'b String $.o.p', 'c String $.o.p.q', 'all String $', 'f Nullable(Float64) $.o.p.q')
    const sizes = fc.array(fc.oneof({ weight: 5, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.nat(12_000) }), { minLength: 1, maxLength: 90 })
    fc.assert(fc.property(sizes, (list) => {
      const body = list.map((size, i) => `{"o" : { "p":{ "q" : ${JSON.stringify(`${i % 7}"`.repeat(size / 4))} } , "z":[ 1 , "\\n" ] } }`)
      agree(plan, [body.join('\n')])
    }), { numRuns: 15 })
  })

  it('agree on times as most senders write them, and on what is nearly one', () => {
    const two = (most: number) => fc.nat(most).map((n) => String(n).padStart(2, '0'))
    const years = fc.oneof(fc.nat(9999), fc.constantFrom(0, 4, 100, 400, 1600, 1900, 1969, 1970, 2000, 2023, 2024, 2100, 2106, 9999)).map((n) => String(n).padStart(4, '0'))
    const times = fc.tuple(years, two(13), two(32), fc.constantFrom(' ', 'T', 't'), two(24), two(60), two(60))
      .map(([year, month, day, between, hour, minute, second]) => `${year}-${month}-${day}${between}${hour}:${minute}:${second}`)
    const changed = fc.tuple(times, fc.nat(60), fc.constantFrom('', ...'0/:;9-. T\u0001\u00ff')).map(([text, at, by]) => text.slice(0, at) + by + text.slice(at + 1))
    const plan = () => planOf('t DateTime', 't6 DateTime64(6) $.t', 'day Date $.t', 'day32 Date32 $.t')
    fc.assert(fc.property(fc.array(fc.oneof(times, changed), { minLength: 60, maxLength: 120 }), (list) => {
      agree(plan, [list.map((text) => JSON.stringify({ t: text })).join('\n')])
    }), { numRuns: 30 })
    agree(plan, ['10:0-01-01 00:00:00', '1970-01-01 0::00:00', '09:9-12-28 23:59:59'].map((t) => JSON.stringify({ t })), false)
    const days = Array.from({ length: 110 * 365 }, (_, day) => new Date(day * 86_400_000).toISOString().slice(0, 19))
    const { rows } = agree(() => planOf('t DateTime'), [days.map((text) => `{"t":"${text.replace('T', ' ')}"}`).join('\n')])
    expect(rows.map(({ t }) => t)).toEqual(days.map((text) => Date.parse(`${text}Z`) / 1000))
  })

  it('agree on numbers of any number of digits, and on what is nearly one', () => {
    const digits = fc.tuple(fc.nat(22), fc.constantFrom('1234567890', '9', '0', '5')).map(([length, unit]) => unit.repeat(3).slice(0, length))
    const written = fc.tuple(fc.constantFrom('', '', '-', '+'), digits, fc.constantFrom('', '', '.', ':', 'x'), digits, fc.constantFrom('', '', '', 'e3', 'E-2', '-', ' '))
      .map((parts) => parts.join(''))
    const edges = [2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 19n, 127n, 255n, 10n ** 8n, 10n ** 16n].flatMap((n) => [n - 1n, n, n + 1n, -n, -n - 1n, 1n - n]).map(String)
    const any = fc.oneof(written, numbers, bigs, fc.constantFrom(...edges, '-0', '-0.0', '00', '0.1', '9007199254740.993', '""', '"12"', '"-1.5"', 'null', 'true', '[1]'))
    const names = ['i8', 'i', 'u8', 'u', 'f', 'g', 'h', 'm']
    const plan = () => planOf('s String', 'i8 Nullable(Int8)', 'i Nullable(Int64)', 'u8 Nullable(UInt8)', 'u Nullable(UInt64)', 'f Nullable(Float64)',
      'g Float32 DEFAULT 0', 'h Int16 DEFAULT 3', 'm Float64 DEFAULT 1', 'same Nullable(Int64) $.u8', 'also Nullable(Float64) $.m')
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...names), any, any, space), { minLength: 20, maxLength: 60 }), (list) => {
      const one = list.map(([name, first, , space]) => `{"s":"x","${name}":${space}${first}}`)
      const all = list.map(([, first, second], i) => `{"s":"${i}",${names.map((name, at) => `"${name}":${at % 2 === 0 ? first : second}`).join(',')}}`)
      agree(plan, [[...one, ...all].join('\n')])
    }), { numRuns: 25 })
  })

  it('agree on objects of many orders of keys', () => {
    const orders = fc.array(fc.shuffledSubarray(['s', 'd', 'i', 'b', 'f', 'fx', 'unknown', 'low', 't', 'day'], { minLength: 1 }), { minLength: 1, maxLength: 12 })
    const of: Record<string, string> = { i: '7', b: 'true', f: '1.5', t: '"2024-01-02 03:04:05"', day: '"2024-01-02"' }
    fc.assert(fc.property(orders, fc.array(fc.nat(11), { maxLength: 80 }), (list, turns) => {
      const body = turns.map((turn) => list[turn % list.length]).map((names, i) => `{${names.map((name) => `"${name}":${of[name] ?? `"${i % 5}"`}`).join(',')}}`)
      agree(() => planOf(...COLUMNS.slice(1)), [body.join('\n')])
    }), { numRuns: 60 })
  })

  it('agree when pieces of a large body cut rows anywhere', () => {
    fc.assert(fc.property(fc.array(good, { minLength: 20, maxLength: 40 }), fc.nat(500), (list, shift) => {
      const pad = `{"s":"${'y'.repeat(shift)}"}\n`
      const some = `${pad}${list.join('\n')}\n`
      const body = some.repeat(Math.ceil(700_000 / some.length))
      const narrow = () => planOf('s String', 'i Nullable(Int32)', 'tags Nullable(String)')
      const { perBody } = agree(narrow, [body])
      expect(perBody[0].successful + perBody[0].quarantined).toBe(body.split('\n').length - 1)
    }), { numRuns: 3 })
  })

  it('count every line that is not empty exactly once, when no row spans lines', () => {
    const flat = fc.array(fc.oneof(good, broken.map((text) => text.replace(/[\n{]/g, '')), fc.constantFrom('', '  ', 'x', '{"s":1}')), { maxLength: 20 })
    fc.assert(fc.property(flat, (list) => {
      const sent = list.flatMap((text) => text.split('\n')).filter((text) => text.trim() !== '').length
      const { perBody } = agree(strictPlan, [list.join('\n')])
      expect(perBody[0].successful + perBody[0].quarantined).toBe(sent)
    }), { numRuns: 300 })
  })

  it('agree on escapes and ends wherever they stand in a string', () => {
    const sent: string[] = []
    for (const escape of ['\\"', '\\\\', '\\/', '\\n', '\\u00e9', '\\ud83d\\ude00', '\\ud83d', '\\"\\"', '\\\\\\"', '\\"\\u0041\\"', '\\t\u0001']) {
      for (let before = 0; before < 36; before++) sent.push(`{"s":"${'x'.repeat(before)}${escape}y${escape}${'z'.repeat(before % 17)}"}`)
    }
    const { rows } = agree(() => planOf('s String'), [sent.join('\n')])
    const wanted: { s: string }[] = sent.map((line) => JSON.parse(line.replaceAll('\u0001', '\\u0001')))
    expect(rows).toEqual(wanted.map(({ s }) => ({ s: Buffer.from(s).toString('latin1') })))
    // Texts of lengths about those that are told apart in registers, and that differ in one byte alone.
    const alike = Array.from({ length: 70 }, (_, length) => ['a', 'b'].flatMap((letter) => [
      `{"s":"${'x'.repeat(length)}${letter}"}`, `{"s":"${letter}${'x'.repeat(length)}"}`])).flat()
    agree(() => planOf('s String'), [[...alike, ...alike.reverse()].join('\n')])
  })

  it('agree on keys of all lengths, in rows that differ from the row before in one byte of a key', () => {
    const names = Array.from({ length: 40 }, (_, i) => `k${'e'.repeat(i)}`)
    const row = (list: readonly string[], value: string) => `{${list.map((name) => `"${name}":${value}`).join(',')}}`
    const sent = names.flatMap((name, i) => [
      row(names, `"${i}"`), row(names.with(i, `${name.slice(0, -1)}x`), '"other"'), row(names, '"a \\"b"'), row(names.with(i, 'k'), '"last"'),
    ])
    sent.push(row(names, '12'), row(names, 'null'), row(names, '"x"').replaceAll(',', ' ,'), row(names, '"y"').replaceAll(':', ': '), row(names, '["z"]'))
    const { rows } = agree(() => planOf(...names.map((name) => `${name} String DEFAULT 'none'`)), [sent.join('\n')])
    expect(rows[1]).toEqual(Object.fromEntries(names.map((name, i) => [name, i === 0 ? 'none' : 'other'])))
  })

  it('tell short texts apart by their zeros and lengths', () => {
    const list = Array.from({ length: 18 }, (_, length) => [`${'\\u0000'.repeat(length)}`, `${'a'.repeat(length)}\\u0000`, 'a'.repeat(length)]).flat()
    const { rows } = agree(() => planOf('s String'), [[...list, ...list].map((text) => `{"s":"${text}"}`).join('\n')])
    expect(rows.map(({ s }) => s)).toEqual([...list, ...list].map((text) => text.replaceAll('\\u0000', '\0')))
  })

  it('read what JSON.parse reads', () => {
    const wanted = fc.record({ a: fc.string({ unit: 'grapheme' }), n: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })) })
    fc.assert(fc.property(fc.array(wanted), fc.boolean(), (list, isPretty) => {
      const { rows } = agree(() => planOf('a String', 'n Nullable(Float64)'),
        [list.map((row) => JSON.stringify(row, null, isPretty ? 1 : 0)).join('\n')])
      // JSON has no -0.
      expect(rows).toEqual(list.map(({ a, n }) => ({ a: Buffer.from(a).toString('latin1'), n: n === null ? null : n + 0 })))
    }))
  })
})

describe('reference', () => {
  it('hashes keys by all of their bytes', () => {
    const of = (text: string) => keyHash(Buffer.from(text), 0, text.length)
    expect(new Set(['a', 'b', 'ab', 'ba', 'abcd', 'abcde', 'abcdf'].map(of)).size).toBe(7)
  })

  it('decodes and skips as JSON.parse does', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, value) => {
      const quoted = Buffer.from(`${JSON.stringify(text)}\n`)
      const out = new Uint8Array(quoted.length)
      const target = { bytes: 0 }
      expect(decodeString(quoted, 1, out, 0, target, { error: 0, at: 0 })).toBe(quoted.length - 1)
      expect(Buffer.from(out.buffer, 0, target.bytes).toString()).toBe(Buffer.from(text).toString())
      const json = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
      expect(skipValue(json, 0, json.length - 1, { error: 0, at: 0 })).toBe(json.length - 1)
    }))
  })

  it('reads every second as the runtime does', () => {
    fc.assert(fc.property(fc.integer({ min: -2208988800, max: 10413791999 }), (second) => {
      const text = new Date(second * 1000).toISOString().slice(0, 19)
      expect(readTime(text)?.seconds).toBe(second)
      expect(readTime(text.replace('T', ' '))?.seconds).toBe(second)
    }))
  })
})
