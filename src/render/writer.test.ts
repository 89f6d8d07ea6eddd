import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanSql } from '../project/scan.ts'
import { wellFormed } from '../sql/raw-text.ts'
import type { NodeText } from './slots.ts'
import { compileTemplate } from './template.ts'
import { TemplateFault } from './values.ts'
import { stringLiteral } from './writer.ts'

function write(sql: string, params: Record<string, unknown> = {}): NodeText {
  return compileTemplate(sql).run({
    params, fixedParams: {}, secrets: {}, claims: {}, forcedBranch: null,
    hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
  })
}
const text = (sql: string, params: Record<string, unknown> = {}): string => write(sql, params).sql
const fault = (sql: string, params: Record<string, unknown> = {}): string => {
  try {
    return `no fault: ${text(sql, params)}`
  } catch (error) {
    if (error instanceof TemplateFault) return `${error.offset} ${error.message}`
    throw error
  }
}

/** The text that ClickHouse reads from a string literal; null where it is no single literal. */
function decode(literal: string): string | null {
  if (!/^'(?:[^'\\]|\\[\s\S]|'')*'$/.test(literal)) return null
  const escapes: Record<string, string> = {
    n: '\n', r: '\r', t: '\t', '0': '\0', b: '\b', f: '\f', v: '\v', a: '\x07', e: '\x1b',
  }
  return literal.slice(1, -1).replace(/\\([\s\S])|''/g, (match, escaped: string | undefined) =>
    escaped === undefined ? "'" : escaped in escapes ? escapes[escaped]
      : /[\\'"`/=]/.test(escaped) ? escaped : match)
}

// Texts that try to leave the literal, and any others.
const hostile = fc.oneof(
  fc.string(), fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom("'", '"', '`', '\\', '\n', '\0', '--', '/*', '*/', '#', '$$', ';', '{{',
    '}}',
    '%}', ' OR 1=1 ', 'a', '\r', '%', '\u2019', '\ud800')).map(pieces => pieces.join('')))

describe('values become literals, never text', () => {
  it('writes any text as one literal that decodes back to it', () => {
    fc.assert(fc.property(hostile, value => {
      const { sql, slots } =
        write('%\nSELECT 1 WHERE a = {{String(x)}} AND b = {{ x }}', { x: value })
      expect(slots).toHaveLength(2)
      const [typed, bare] = slots.map(slot => sql.slice(slot.start, slot.end))
      expect(decode(typed)).toBe(wellFormed(value))
      expect(decode(bare)).toBe(value)
      // The statement around them is what the template says, token by token.
      expect(scanSql(sql).map(token => token.kind === 'string' ? '?' : token.text))
        .toEqual(['SELECT', '1', 'WHERE', 'a', '=', '?', 'AND', 'b', '=', '?'])
    }), { numRuns: 1_000 })
  })

  it('writes any list as a list of such literals', () => {
    fc.assert(fc.property(fc.array(hostile, { maxLength: 5 }), values => {
      const { sql, slots } = write("%\nSELECT a IN {{Array(x, 'String')}}", { x: values })
      expect(slots.map(slot =>
        decode(sql.slice(slot.start, slot.end)))).toEqual(values.map(wellFormed))
      expect(scanSql(sql).map(token => token.kind === 'string' ? '?' : token.text).join(''))
        .toBe(`SELECTaIN[${values.map(() => '?').join(',')}]`)
    }))
  })

  it('writes any name in backticks that hold all of it', () => {
    fc.assert(fc.property(hostile.filter(name => name !== ''), name => {
      const tokens = scanSql(text('%\nSELECT {{column(x)}}, 1', { x: name.replaceAll('.', '_') }))
      expect(tokens.map(token => token.kind)).toEqual(['word', 'quoted', 'punct', 'number'])
      expect(tokens[1].name).toBe(name.replaceAll('.', '_'))
    }))
  })

  it('keeps values within the quotes and comments that the template wrote', () => {
    const frames: [string, string][] = [
      ["%\nSELECT '{{String(x)}}' AS a, 1", 'SELECT ? AS a , 1'],
      ["%\nSELECT '%{{ x }}%', '{{column(x)}}'", 'SELECT ? , ?'],
      ['%\nSELECT 1 -- {{String(x)}}\n, 2', 'SELECT 1 , 2'],
      ['%\nSELECT 1 /* {{ x }} */ , 2', 'SELECT 1 , 2'],
      ["%\nSELECT b{{String(x)}}'c', 2", 'SELECT b ? ? , 2'],
      ["%\nSELECT 'a'{{String(x)}}, 2", 'SELECT ? ? , 2'],
      ["%\nSELECT 1 -{% if 1 %}- {{ x }}{% end %}\n, 2", 'SELECT 1 , 2'],
    ]
    fc.assert(fc.property(hostile.filter(x => x !== ''), fc.constantFrom(...frames),
      (x, [sql, expected]) => {
      const found =
        scanSql(text(sql, { x })).map(token => token.kind === 'string' ? '?' : token.text)
      expect(found.join(' ')).toBe(expected)
    }), { numRuns: 500 })
  })

  it('refuses values where nothing can make them safe', () => {
    expect(fault('%\nSELECT `{{String(x)}}`',
      { x: 'a' })).toMatch(/^10 a value stands within a quoted name/)
    expect(fault("%\nSELECT 'a\\{{String(x)}}'", { x: 'a' })).toMatch(/after a backslash/)
    expect(fault('%\nSELECT $$ {{String(x)}} $$', { x: 'a' })).toMatch(/a heredoc/)
    expect(fault('%\nSELECT \u201c{{String(x)}}\u201d', { x: 'a' })).toMatch(/typographic quote/)
    expect(fault("%\nSELECT {{symbol(x, quote='')}}",
      { x: 'a b' })).toMatch(/expected letters, digits, _ and dots/)
    expect(fault('%\nSELECT * FROM {{table(x)}}', { x: '(SELECT 1)' })).toMatch(/expected letters/)
    expect(fault("%\nSELECT {{columns(x, fn='f(g')}}",
      { x: 'a' })).toMatch(/fn is the name of a function/)
  })

  it('keeps numbers apart from the text beside them', () => {
    expect(text('%\nSELECT 1 -{{Int32(x)}}', { x: '-1' })).toBe("SELECT 1 -toInt32('-1')")
    expect(text('%\nSELECT 1 -{{Int(x)}}', { x: '-1' })).toBe('SELECT 1 - -1')
    expect(text('%\nSELECT a_{{Int32(x)}}, {{Int32(x)}}d', { x: '5' })).toBe("SELECT a_5, toInt32('5')d")
    expect(text('%\nSELECT a_{{Int(x)}}, {{Int(x)}}d', { x: '5' })).toBe('SELECT a_5, 5d')
    expect(write('%\nSELECT a_{{Int(x)}}, {{Int(x)}}d, {{Int(x)}}', { x: '5' }).slots).toHaveLength(1)
    expect(text('%\nSELECT {{Float32(x)}}, {{Float32(y)}}',
      { x: '1', y: '-1e30' })).toBe("SELECT toFloat32('1.0'), toFloat32('-1e+30')")
  })

  it('decodes what it encodes', () => {
    fc.assert(fc.property(hostile, value => {
      expect(decode(stringLiteral(value))).toBe(value)
    }))
  })
})

describe('slots', () => {
  it('span each value with its type', () => {
    const { sql, slots } = write(
      "%\nSELECT {{Int8(a)}}, {{DateTime(b)}}, {{Boolean(c)}}, {{Array(d, 'Int32')}}, {{ (1, " +
        "'x') }}, {{ a }}",
      { a: '-3', b: '2024-01-01', c: 'true', d: '1,2' })
    expect(sql).toBe("SELECT toInt8('-3'), '2024-01-01 00:00:00', 1, [1,2], (1,'x'), '-3'")
    expect(slots.map(slot =>
      `${slot.type} ${sql.slice(slot.start, slot.end)} ${slot.value}`)).toEqual([
      "Int8 toInt8('-3') -3", "DateTime '2024-01-01 00:00:00' 2024-01-01 00:00:00", 'Bool 1 true',
        'Int 1 1',
      'Int 2 2', 'Int 1 1', "String 'x' x", "String '-3' -3",
    ])
  })

  it('are none for true, false, NULL and names', () => {
    const { sql, slots } =
      write('%\nSELECT {{defined(x)}}, {{ None }}, {{column(c, "a.b")}}', { x: 1 })
    expect(sql).toBe('SELECT true, NULL, `a`.`b`')
    expect(slots).toEqual([])
  })
})

it('ends without the spaces and semicolons of its last pieces, and knows its length before they are joined', () => {
  const ends = '{% if true %} ; {% end %}{% if true %}\n;{% end %}  '
  for (const [sql, wanted] of [[`SELECT a ;${ends}`, 'SELECT a'], [`SELECT {{Int(n)}}${ends}`, 'SELECT 5'], [`SELECT {{String(s)}}${ends}`, "SELECT ' ; '"]]) {
    const text = write(`%  ${sql}`, { n: '5', s: ' ; ' })
    expect([text.length, text.sql]).toEqual([wanted.length, wanted])
  }
})
