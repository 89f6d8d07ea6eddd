// Every function of templates by itself: what it renders, and the sentence for a wrong use. The list is
// the code's own: a function without a row here fails.

import { describe, expect, it } from 'vitest'
import { loadProject, memoryReader } from '../project/load.ts'
import { RenderError } from './errors.ts'
import { FUNCTIONS } from './functions.ts'
import { PARAMETER_TYPES } from './parameters.ts'
import { Renderer, type RenderRequest } from './renderer.ts'

const project = loadProject('/p', memoryReader({ 'events.datasource': 'SCHEMA >\n  `a` String, `n` Int32\n' })).project
const renderer = new Renderer(project)

function sqlOf(template: string, params: RenderRequest['params'] = {}, more: Partial<RenderRequest> = {}): string {
  try {
    return renderer.render({ sql: `%\n${template}`, params, secrets: { key: "it's" }, ...more }).sql.replace(/\s+/g, ' ').trim()
  } catch (error) {
    if (error instanceof RenderError) return `${error.status}: ${error.message}`
    throw error
  }
}

type Row = readonly [template: string, params: RenderRequest['params'], expected: string]

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  column: [['SELECT {{column(c)}}', { c: 'a' }, 'SELECT `a`'], ["SELECT {{column(c, 'n')}}", {}, 'SELECT `n`'], ['SELECT {{column(c)}}', { c: 'a b; DROP' }, 'SELECT `a b; DROP`'], ['SELECT {{column(c)}}', {}, '400: The parameter c (String) is required and missing: add c=… to the request or give it a default in the template']],
  columns: [['SELECT {{columns(c)}}', { c: 'a,n' }, 'SELECT `a`,`n`'], ["SELECT {{columns(c, 'a')}}", {}, 'SELECT `a`']],
  symbol: [['SELECT {{symbol(c)}}', { c: 'a' }, 'SELECT `a`'], ['SELECT {{symbol(c)}}', { c: "a'b" }, "SELECT `a'b`"]],
  Symbol: [["SELECT {{Symbol(c, 'n')}}", {}, 'SELECT `n`']],
  Column: [['SELECT {{Column(c)}}', { c: 'a' }, 'SELECT `a`']],
  table: [['SELECT 1 FROM {{table(t)}}', { t: 'events' }, 'SELECT 1 FROM events'], ['SELECT 1 FROM {{table(t)}}', { t: 'a b' }, "400: table() is given 'a b'; expected letters, digits, _ and dots"]],
  TABLE: [['SELECT 1 FROM {{TABLE(t)}}', { t: 'events' }, 'SELECT 1 FROM events']],
  sql_and: [['SELECT 1 WHERE {{sql_and(a__in=Array(x), n__gt=Int32(y))}}', { x: 'p,q', y: '3' }, "SELECT 1 WHERE `a` IN ['p','q'] AND `n` > toInt32('3')"], ['SELECT 1 WHERE {{sql_and(a=String(x))}}', {}, 'SELECT 1 WHERE 1'], ['SELECT 1 WHERE {{sql_and(a__near=String(x))}}', { x: 'p' }, '400: sql_and() does not know a__near; expected column__in, __lt, __gte and so on']],
  sql_unescape: [["SELECT {{sql_unescape(x, '%')}}", { x: 'a\\%b' }, "SELECT 'a%b'"]],
  split_to_array: [['SELECT {{split_to_array(x)}}', { x: 'a, b' }, "SELECT ['a','b']"], ["SELECT {{split_to_array(x, 'c|d', separator='|')}}", {}, "SELECT ['c','d']"], ["SELECT {{split_to_array(x, '', '')}}", { x: 'a' }, '400: split_to_array() needs a separator that is not empty']],
  enumerate_with_last: [['SELECT {% for last, x in enumerate_with_last(split_to_array(l)) %}{{x}}{% if not last %}, {% end %}{% end %}', { l: 'a,b' }, "SELECT 'a', 'b'"]],
  day_diff: [["SELECT {{day_diff(a, '2024-01-03')}}", { a: '2024-01-01' }, 'SELECT 2'], ["SELECT {{day_diff(a, '2024-01-03')}}", { a: 'x' }, "400: a is 'x', which is no date of the form %Y-%m-%d"]],
  date_diff_in_seconds: [["SELECT {{date_diff_in_seconds(a, '2024-01-01 00:01:00')}}", { a: '2024-01-01 00:00:00' }, 'SELECT 60'], ["SELECT {{date_diff_in_seconds(a, '2024-01-01 00:01:00', none_if_error=True)}}", { a: 'x' }, 'SELECT NULL']],
  date_diff_in_minutes: [["SELECT {{date_diff_in_minutes(a, '2024-01-01 01:00:00')}}", { a: '2024-01-01 00:00:00' }, 'SELECT 60']],
  date_diff_in_hours: [["SELECT {{date_diff_in_hours(a, '2024-01-02', '%Y-%m-%d')}}", { a: '2024-01-01' }, 'SELECT 24']],
  date_diff_in_days: [["SELECT {{date_diff_in_days(a, '2024-02-01')}}", { a: '2024-01-01' }, 'SELECT 31']],
  error: [["{{error('no way')}} SELECT 1", {}, '400: no way']],
  custom_error: [["{{custom_error({'error': 'gone'}, 410)}} SELECT 1", {}, '410: {"error": "gone"}']],
  tb_secret: [["SELECT {{tb_secret('key')}}", {}, "SELECT 'it\\'s'"], ["SELECT {{tb_secret('none', 'x')}}", {}, "SELECT 'x'"], ["SELECT {{tb_secret('none')}}", {}, '400: the secret none is not set; set it with: pipit secret set none VALUE']],
  tb_var: [["SELECT {{tb_var('key')}}", {}, "SELECT 'it\\'s'"]],
  max_threads: [['{{max_threads(2)}} SELECT 1', {}, 'SELECT 1'], ["{{max_threads('all')}} SELECT 1", {}, 'SELECT 1']],
  cache_ttl: [["{{cache_ttl('5m')}} SELECT 1", {}, 'SELECT 1'], ["{{cache_ttl('often')}} SELECT 1", {}, '400: cache_ttl() expects a time such as 5m']],
  backend_hint: [["{{backend_hint('x')}} SELECT 1", {}, 'SELECT 1']],
  activate_feature_flag: [["{{activate_feature_flag('x')}} SELECT 1", {}, 'SELECT 1']],
  activate: [["{{activate('analyzer')}} SELECT 1", {}, 'SELECT 1']],
  disable: [["{{disable('analyzer')}} SELECT 1", {}, 'SELECT 1']],
  get: [["SELECT {{get(x, 'd')}}", {}, "SELECT 'd'"], ["SELECT {{get({'a': 1}, 'a', 2)}}", {}, 'SELECT 1']],
  min_length: [['SELECT {{min_length(x, 2)}}', { x: 'ab' }, "SELECT 'ab'"], ['SELECT {{min_length(x, 2)}}', { x: 'a' }, '400: x has 1 characters; at least 2 are needed']],
  jwt_claim: [["SELECT {{jwt_claim('name')}}", {}, "SELECT 'ann'"], ["SELECT {{jwt_claim('none', 'd')}}", {}, "SELECT 'd'"]],
}

const isPython = (name: string): boolean => /^(len|range|int|float|str|bool|list|tuple|sorted|reversed|min|max|sum|abs|round|any|all|enumerate|zip)$/.test(name)

describe('template functions', () => {
  it.each([...FUNCTIONS.keys()].filter((name) => !isPython(name)))('%s', (name) => {
    const rows = ROWS[name]
    expect(rows, `no rows for ${name}`).toBeDefined()
    for (const [template, params, expected] of rows) {
      expect(sqlOf(template, params, { principal: { claims: { name: 'ann' } } })).toBe(expected)
    }
  })
})

describe('a call without what it needs', () => {
  it.each([
    ['day_diff(a)', "day_diff() needs date_2: day_diff(date_1, date_2, date_format=…)"], ['error()', 'error() needs message: error(message)'],
    ['date_diff_in_days()', 'date_diff_in_days() needs date_1 and date_2: date_diff_in_days(date_1, date_2, date_format=…, backup_date_format=…, none_if_error=…)'],
    ['split_to_array()', 'split_to_array() needs x: split_to_array(x, default=…, separator=…)'], ['len()', 'len() needs obj: len(obj)'],
    ['Symbol()', 'Symbol() needs x: Symbol(x, default=…, quote=…)'], ['tb_secret()', 'tb_secret() needs name: tb_secret(name, default=…)'],
    ['Int32(x, defualt=10)', 'Int32() has no argument defualt; did you mean default?'], ["String(x, 'a', descripton='u')", 'String() has no argument descripton; did you mean description?'],
    ["split_to_array(x, seperator='|')", 'split_to_array() has no argument seperator; did you mean separator?'], ["Array(x, 'Int33', '1')", 'Array() does not know the type Int33; did you mean Int32?', 18],
    ["Array(x, 'Int32', Default='1')", 'Array() has no argument Default; did you mean default?'],
  ] as readonly (readonly [string, string, number?])[])('%s', (call, message, column = 9) => {
    const files = { 'p.pipe': `NODE n\nSQL >\n    %\n    SELECT\n      {{${call}}} AS v\n\nTYPE endpoint\n` }
    const { project: own } = loadProject('/p', memoryReader(files))
    const found = (() => {
      try { return new Renderer(own).render({ pipe: 'p', params: {}, secrets: {} }).sql } catch (error) {
        const { message: text, place } = error as RenderError
        return [text, place?.file, place?.line, place?.column]
      }
    })()
    expect(found).toEqual([message, 'p.pipe', 5, column])
  })

  it('passes over names that are like none that it knows', () => {
    expect(sqlOf("SELECT {{Int32(x, 5, label='X', order=1)}}")).toBe("SELECT toInt32('5')")
  })
})

describe('what of Python there is', () => {
  const list = "split_to_array('b,a,c')"
  it.each([
    [`len(${list})`, '3'], ['range(1, 4)', '[1,2,3]'], ["int('5')", '5'], ["float('1.5')", '1.5'], ['str(5)', "'5'"], ['bool(1)', '1'], ["bool('False')", '0'], ['bool(unknown, True) and not bool(unknown)', 'true'],
    ['list(range(2))', '[0,1]'], [`sorted(${list})`, "['a','b','c']"], [`list(reversed(${list}))`, "['c','a','b']"],
    ['min(3, 1, 2)', '1'], ['max(3, 1, 2)', '3'], ['sum(range(4))', '6'], ['abs(-2)', '2'], ['round(1.5)', '2'],
    ['any([0, 1])', 'true'], ['all([0, 1])', 'false'], ["'a' in 'cat'", 'true'], ["'x'.upper()", "'X'"], ['1 if 2 > 1 else 0', '1'],
    ["'a,b'.split(',')[1]", "'b'"], ['not True', 'false'], ['2 + 3 * 4', '14'], ['7 // 2', '3'], ['7 % 4', '3'],
  ])('%s', (expression, expected) => {
    expect(sqlOf(`SELECT {{${expression}}}`)).toBe(`SELECT ${expected}`)
  })

  it('knows the tags if, elif, else, for, set and comment', () => {
    expect(sqlOf('SELECT {% if x == "1" %}1{% elif x == "2" %}2{% else %}3{% end %}', { x: '2' })).toBe('SELECT 2')
    expect(sqlOf("SELECT {% set a = 'v' %}{{a}}{% comment nothing %}{# nothing #}")).toBe("SELECT 'v'")
    expect(sqlOf("SELECT {% for i, x in enumerate(['a','b']) %}{% if i > 0 %},{% end %}{{x}}{% end %}")).toBe("SELECT 'a','b'")
    expect(sqlOf('SELECT {% if defined(x) %}1{% end %}')).toMatch(/^(SELECT|400: )/)
    expect(sqlOf('SELECT {% fi x %}1{% end %}')).toMatch(/^400: /)
    expect(sqlOf('SELECT {% if x %}1')).toMatch(/^400: /)
  })
})

/** A value that each type takes, how it is written, and one that it does not take. */
const TYPES: Readonly<Record<string, readonly [good: string, written: string, bad: string]>> = {
  String: ["it's", "'it\\'s'", ''], UUID: ['61f0c404-5cb3-11e7-907b-a6006ad3dba0', "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'", 'x'],
  Date: ['2024-05-06 07:08:09', "'2024-05-06'", '2024-13-01'], Date32: ['1950-05-06', "'1950-05-06'", 'x'],
  DateTime: ['2024-05-06', "'2024-05-06 00:00:00'", 'x'], DateTime64: ['2024-05-06 07:08:09.123', "'2024-05-06 07:08:09.123'", 'x'],
  Boolean: ['true', '1', '2'], Bool: ['false', '0', 'yes!'],
}

describe('types of parameters', () => {
  it.each([...PARAMETER_TYPES.keys()])('%s is a typed literal, or 400 naming parameter and type', (type) => {
    const isFloat = type.startsWith('Float')
    const digits = isFloat ? '7.0' : '7'
    // Of a type with a width: a call, as Tinybird writes it.
    const [good, written, bad] = TYPES[type] ?? ['7', /\d$/.test(type) ? `to${type}('${digits}')` : digits, isFloat ? 'x' : '1.5']
    expect(sqlOf(`SELECT {{${type}(x)}}`, { x: good })).toBe(`SELECT ${written}`)
    // Boolean needs no value: it is false.
    expect(sqlOf(`SELECT {{${type}(x)}}`)).toMatch(type.startsWith('Bool') ? /^SELECT 0$/
      : new RegExp(`^400: The parameter x \\(${type}\\) is required and missing`))
    if (bad !== '') expect(sqlOf(`SELECT {{${type}(x)}}`, { x: bad })).toMatch(new RegExp(`^400: The parameter x is '.*', which is no ${type}; expected`))
  })

  it('bounds integers by their width', () => {
    expect(sqlOf('SELECT {{UInt8(x)}}', { x: '256' })).toMatch(/expected a whole number from 0 to 255$/)
    expect(sqlOf('SELECT {{Int64(x)}}', { x: '-9223372036854775808' })).toBe("SELECT toInt64('-9223372036854775808')")
    expect(sqlOf('SELECT {{UInt64(x)}}', { x: '18446744073709551616' })).toMatch(/^400: /)
  })
})
