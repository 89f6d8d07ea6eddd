import { describe, expect, it } from 'vitest'
import { dateTimeText, parseByFormat, parseMoment } from './dates.ts'
import { parseExpression } from './expression-parse.ts'
import { compileExpression } from './expression.ts'
import { Scope } from './scope.ts'
import { Missing, TemplateFault, Typed, type Value } from './values.ts'

function evaluate(text: string, params: Record<string, unknown>): Value {
  return compileExpression(parseExpression(text, 0))(new Scope({
    params, fixedParams: {}, secrets: {}, claims: {}, forcedBranch: null,
    hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
  }))
}
/** `type:value` of a parameter, or the fault's text. */
function typed(text: string, params: Record<string, unknown> = {}): string {
  const show = (value: Value): string => value instanceof Typed ? `${value.type}:${value.value}`
    : Array.isArray(value) ? `[${value.map(show).join(' ')}]`
    : value instanceof Missing ? `missing ${value.name} ${value.type}` : String(value)
  try {
    return show(evaluate(text, params))
  } catch (error) {
    if (error instanceof TemplateFault) return error.message
    throw error
  }
}

describe('parameter types', () => {
  it.each([
    ['Int8', '-128', '127', '-129', '128'], ['UInt8', '0', '255', '-1', '256'],
    ['Int32', '-2147483648', '2147483647', '-2147483649', '2147483648'],
    ['UInt64', '0', '18446744073709551615', '-1', '18446744073709551616'],
    ['Int64', '-9223372036854775808', '9223372036854775807', '-9223372036854775809',
      '9223372036854775808'],
  ])('%s takes its range exactly and nothing beyond', (type, low, high, below, above) => {
    expect(typed(`${type}(x)`, { x: low })).toBe(`${type}:${low}`)
    expect(typed(`${type}(x)`, { x: high })).toBe(`${type}:${high}`)
    for (const x of [below, above]) {
      expect(typed(`${type}(x)`, { x })).toBe(
        `The parameter x is '${x}', which is no ${type}; ` +
        `expected a whole number from ${low} to ${high}`)
    }
  })

  it('takes numbers as text and as JSON, and nothing that only looks like one', () => {
    expect(typed('Int32(x)', { x: ' +5 ' })).toBe('Int32:5')
    expect(typed('Int32(x)', { x: 5 })).toBe('Int32:5')
    expect(typed('Int(x)', { x: 5n })).toBe('Int:5')
    expect(typed('Float64(x)', { x: '1.5e3' })).toBe('Float64:1500')
    for (const x of ['', '1; DROP', '1.5', '0x10', '1e3', 'NaN', '١', 1.5, '9'.repeat(200)]) {
      expect(typed('Int32(x)', { x })).toMatch(/which is no Int32/)
    }
    for (const x of ['', 'nan', 'inf', '1e999', '1,5', '--1']) {
      expect(typed('Float32(x)', { x })).toMatch(/which is no Float32/)
    }
  })

  it('takes dates of the calendar and writes them as ClickHouse reads them', () => {
    expect(typed('Date(x)', { x: '2024-02-29' })).toBe('Date:2024-02-29')
    expect(typed('Date(x)', { x: '20240229' })).toBe('Date:2024-02-29')
    expect(typed('DateTime(x)', { x: '2024-02-29' })).toBe('DateTime:2024-02-29 00:00:00')
    expect(typed('DateTime(x)',
      { x: '2024-02-29T10:00:00.5+02:00' })).toBe('DateTime:2024-02-29 08:00:00')
    expect(typed('DateTime(x)', { x: '1709200000' })).toBe('DateTime:2024-02-29 09:46:40')
    expect(typed('DateTime64(x, 3)', { x: '2024-02-29 10:00:00.123' })).toBe('DateTime64:2024-02-29 10:00:00.123')
    expect(typed('DateTime64(x, 3)')).toBe('missing x DateTime64')
    expect(typed('DateTime64(x)',
      { x: '2024-02-29 10:00:00.123' })).toBe('DateTime64:2024-02-29 10:00:00.123')
    for (const x of ['2023-02-29', '2024-13-01', '2024-00-10', '2024-01-01 24:00:00',
      "2024-01-01' OR 1", 'today', '']) {
      expect(typed('DateTime(x)',
        { x })).toMatch(/which is no DateTime; expected a date and time such as/)
      expect(typed('Date(x)', { x })).toMatch(/which is no Date; expected a date such as/)
    }
  })

  it('takes booleans, UUIDs and texts', () => {
    expect(['true', '1', 'YES', 'false', '0', ''].map(x => typed('Boolean(x)', { x }))).toEqual(
      ['Bool:true', 'Bool:true', 'Bool:true', 'Bool:false', 'Bool:false', 'Bool:false'])
    expect(typed('Boolean(x)',
      { x: 'maybe' })).toMatch(/which is no Boolean; expected true or false/)
    expect(typed('Boolean(x) == 1', { x: 'true' })).toBe('true')
    expect(typed('UUID(x)', { x: '6e3c0b8a-4f5e-4a1b-9a63-1f2d3c4b5a69' })).toMatch(/^UUID:6e3c/)
    expect(typed('UUID(x)', { x: '6e3c' })).toMatch(/which is no UUID/)
    expect(typed('String(x)', { x: ['a', 'last'] })).toBe('String:last')
    expect(typed('String(x)', { x: 5 })).toBe('String:5')
    expect(typed('String(x)', { x: '\ud800' })).toBe('String:\ufffd')
  })

  it('splits arrays at commas, takes lists as they are, types each item', () => {
    expect(typed("Array(x, 'Int32')", { x: '1, 2,3' })).toBe('[Int32:1 Int32:2 Int32:3]')
    expect(typed("Array(x, 'String')", { x: ['a,b', 'c'] })).toBe('[String:a,b String:c]')
    expect(typed('Array(x)', { x: '' })).toBe('[String:]')
    expect(typed("Array(x, 'Int32')", { x: '' })).toBe('[]')
    expect(typed("Array(x, 'Int32', '1,2')")).toBe('[Int32:1 Int32:2]')
    expect(typed("Array(x, 'String', default=['a', 'b'])")).toBe('[String:a String:b]')
    expect(typed("Array(x, 'black')")).toBe('[String:black]')
    expect(typed("Array(x, 'Int32')")).toBe('missing x Array(Int32)')
    expect(typed("Array(x, 'Int32')",
      { x: '1,b' })).toMatch(/The parameter x is 'b', which is no Int32/)
  })

  it('takes the default where the request has none, and says when the default is wrong', () => {
    expect(typed('Int32(x, 10)')).toBe('Int32:10')
    expect(typed('Int32(x, default=10, required=True)')).toBe('Int32:10')
    expect(typed("Int32(x, '10')")).toBe('Int32:10')
    expect(typed('Int32(x, 10)', { x: null })).toBe('Int32:10')
    expect(typed('String(x, None)')).toBe('missing x String')
    expect(typed("Int32(x, 'ten')")).toMatch(/^The default of the parameter x is 'ten'/)
    expect(typed("String(x, String(y, 'z'))", { y: 'other' })).toBe('String:other')
  })

  // Tinybird says it in its documentation of the endpoint; projects send values that their enum does not list.
  it('documents enum and takes other values, as Tinybird does', () => {
    expect(typed("String(x, 'a', enum=['a', 'b'])", { x: 'c' })).toBe('String:c')
    expect(typed("String(x, '', enum=['a', 'b'])")).toBe('String:')
    expect(typed("Array(x, 'String', '', enum=['a'])", { x: 'b' })).toBe('[String:b]')
    expect(typed('Int8(x, 1, enum=[1, 2])', { x: '3' })).toBe('Int8:3')
  })
})

describe('dates', () => {
  it('reads moments with zones', () => {
    const seconds = (text: string): string => {
      const moment = parseMoment(text)
      return moment === null ? 'none' : `${dateTimeText(moment.seconds)} ${moment.fraction}`
    }
    expect(seconds('2024-01-01T00:30:00.25-01:30')).toBe('2024-01-01 02:00:00 25')
    expect(seconds('0001-01-01')).toBe('0001-01-01 00:00:00 ')
    expect(seconds('2024-01-01 00:00:00+99:00')).toBe('none')
  })

  it('reads Python\'s date formats', () => {
    expect(parseByFormat('31/01/2024 05:06 PM', '%d/%m/%Y %I:%M %p')).toBe(Date.UTC(2024, 0, 31, 17,
      6) / 1_000)
    expect(parseByFormat('Jan 31, 2024', '%b %d, %Y')).toBe(Date.UTC(2024, 0, 31) / 1_000)
    expect(parseByFormat('2024-01-31', '%Y/%m/%d')).toBeNull()
    expect(parseByFormat('2024', '%Q')).toBeNull()
    expect(parseByFormat('(a+)+', '(a+)+%%')).toBeNull()
  })
})
