import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { parameterDocs } from './parameter-docs.ts'
import { parseTemplate } from './template-parse.ts'
import { compileTemplate } from './template.ts'
import { TemplateFault } from './values.ts'

function render(sql: string, params: Record<string, unknown> = {}): string {
  return compileTemplate(sql).run({
    params, fixedParams: {}, secrets: {}, claims: {}, forcedBranch: null,
    hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
  }).sql.replace(/\s+/g, ' ').trim()
}
const fault = (sql: string, params: Record<string, unknown> = {}): string => {
  try {
    return `no fault: ${render(sql, params)}`
  } catch (error) {
    if (error instanceof TemplateFault) return `${error.offset} ${error.message}`
    throw error
  }
}

describe('template statements', () => {
  it('takes the first branch that holds', () => {
    const sql =
      '%\nSELECT {% if x == "a" %}1{% elif x == "b" %}2{% elif defined(y) %}3{% else %}4{% end %}'
    expect([{ x: 'a' }, { x: 'b' }, { y: '' }, {}].map(params => render(sql, params)))
      .toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4'])
    expect(render('%\nSELECT 1{% if x %} , 2{% end %}')).toBe('SELECT 1')
    expect(render('%\nSELECT {% if 0: %}1{% else if 1 %}2{% endif %}')).toBe('SELECT 2')
  })

  it('goes through lists, with break and continue', () => {
    expect(render('%\nSELECT {% for last, x in enumerate_with_last(split_to_array(c, "a,b")) ' +
      '%}{{column(x)}}{% if not last %},{% end %}{% end %}'))
      .toBe('SELECT `a`,`b`')
    expect(render('%\nSELECT {% for i in range(9) %}{% if i == 1 %}{% continue %}{% end %}{% if ' +
      'i == 3 %}{% break %}{% end %}{{i}},{% end %} 9'))
      .toBe('SELECT 0,2, 9')
    expect(render('%\nSELECT 0 {% for item in JSON(f, "[]") %}{% set op = item.get("op", "=") ' +
      '%}{% if op == ">" %}, {{item.get("v")}}{% end %}{% end %}',
      { f: '[{"op":">","v":1},{"v":2},{"op":">","v":"x"}]' })).toBe("SELECT 0 , 1, 'x'")
  })

  it('sets names, several at once, and names win over parameters', () => {
    expect(render('%\n{% set x = 5 %}{% set a, b = (1, "z") %}SELECT {{Int32(x)}}, {{a}}, {{b}}',
      { x: '9' }))
      .toBe("SELECT toInt32('5'), 1, 'z'")
  })

  it('leaves comments out and doubled marks in', () => {
    expect(render('%\nSELECT 1 {# {{ broken #}{% comment {{ also }} %}{% comment %} x {{ y( {% ' +
      'endcomment %}, 2'))
      .toBe('SELECT 1 , 2')
    expect(render('%\nSELECT \'{{!a}}\'')).toBe("SELECT '{{a}}'")
  })

  it('needs no value within a comment of the SQL', () => {
    expect(render('%\nSELECT 1 -- {{String(nope)}}\n, 2')).toBe('SELECT 1 -- , 2')
  })

  it('takes SQL without % as a template where tags stand outside of quotes', () => {
    expect(render('SELECT {{Int8(x, 1)}}')).toBe("SELECT toInt8('1')")
    expect(compileTemplate('SELECT {{Int8(x, 1)}}').unmarked).toBe(true)
    expect(render("SELECT '{{x}}', 1 -- {% if %}")).toBe("SELECT '{{x}}', 1 -- {% if %}")
  })

  it('has a list wherever a parameter stands that it declares as an array', () => {
    const lists = "%\n{% set csv = ','.join(names) %}SELECT {{csv}}, {{sum(ids)}} {% for id in ids %}, {{id}}{% end %}"
      + "{% if names != [''] %} WHERE a IN {{Array(names)}} AND n IN {{Array(ids, 'Int32')}}{% end %}"
    expect(render(lists, { names: 'p,q', ids: '1,2' }))
      .toBe("SELECT 'p,q', 3 , 1, 2 WHERE a IN ['p','q'] AND n IN [1,2]")
    expect(render(lists, { names: '', ids: ['7'] })).toBe("SELECT '', 7 , 7")
    // The list is one, whoever asks for it: what is appended stays.
    expect(render("%\n{% set _ = names.append('q') %}SELECT {{','.join(names)}}{% if 0 %}{{Array(names)}}{% end %}", { names: 'p' })).toBe("SELECT 'p,q'")
    // A text that is no list of the type stays a text; a call that gives another type reads the text.
    expect(render("%\nSELECT {{ids}} {% if 0 %}{{Array(ids, 'Int32')}}{% end %}", { ids: '1,x' })).toBe("SELECT '1,x'")
    expect(render('%\nSELECT {{String(ids)}} {% if 0 %}{{Array(ids)}}{% end %}', { ids: 'a,b' })).toBe("SELECT 'a,b'")
  })

  it('needs no value for Boolean and JSON: false, and an empty dict', () => {
    expect(render('%\nSELECT {{Boolean(flag)}} {% for one in JSON(filters) %}{{one}}{% end %}')).toBe('SELECT 0')
    expect(render("%\nSELECT {{JSON(filters).get('a', 1)}}")).toBe('SELECT 1')
  })

  it('takes braces within a tag for parentheses', () => {
    expect(render("%\n{% set y = {{String(x, 'd')}} %}SELECT {{y}} {% if defined({{Int32(n)}}) %}, 2{% end %}", { n: '1' }))
      .toBe("SELECT 'd' , 2")
    expect(render("%\nSELECT {{ {'a': {'b': 1}}['a'].get('b') }}")).toBe('SELECT 1')
  })

  it('drops semicolons and spaces at the end, not those of a value', () => {
    expect(render('SELECT 1 ;\n; ')).toBe('SELECT 1')
    expect(render('%\nSELECT {{String(x)}};', { x: 'a; ' })).toBe("SELECT 'a; '")
  })

  it('says what is wrong and where', () => {
    expect(fault('%\nSELECT {% if x %} 1')).toBe('9 this {% if %} has no {% end %}')
    expect(fault('%\nSELECT {% end %}')).toBe('9 this {% end %} closes nothing')
    expect(fault('%\nSELECT {% else %}')).toBe('9 {% else %} stands outside of an {% if %}')
    expect(fault('%\n{% if 1 %}{% else %}{% elif 2 %}{% end %}'))
      .toBe('22 {% elif %} follows an {% else %}')
    expect(fault('%\nSELECT {{ x')).toBe('9 this {{ has no }}')
    expect(fault('%\nSELECT {{ }}')).toBe('9 the tag {{ }} is empty')
    expect(fault('%\n{% iff x %}{% end %}')).toBe('2 unknown statement iff; did you mean if?')
    expect(fault('%\n{% import os %}'))
      .toMatch(/^2 unknown statement import; expected one of if, elif/)
    expect(fault('%\n{% break %}')).toBe('2 {% break %} stands outside of a {% for %} or {% while %}')
    expect(fault('%\nSELECT {{ Strin(x) }}'))
      .toBe('12 unknown template function Strin; did you mean String?')
    expect(fault('%\nSELECT 1 + {{ x + 1 }}', { x: 'a' })).toMatch(/^13 \+ can't be applied/)
    expect(fault('%\nSELECT {{ String(abc) }}'))
      .toMatch(/^9 The parameter abc \(String\) is required/)
  })

  it('runs while, the else of loops, and try, as Tornado has them', () => {
    expect(render('%\n{% set i = 0 %}SELECT {% while i < 3 %}{{ i }},{% set i = i + 1 %}{% else %}9{% end %}')).toBe('SELECT 0,1,2,9')
    expect(render('%\n{% while True %}{% break %}{% else %}never{% end %}x{% for a in [1] %}{{a}}{% else %}e{% end %}')).toBe('x1e')
    const attempt = '%\nSELECT {% try %}{{ Int32(x, 1) }}{% except ValueError as e %}{{ e }}{% else %} + 1{% finally %} AS n{% end %}'
    expect(render(attempt)).toBe("SELECT toInt32('1') + 1 AS n")
    expect(render(attempt, { x: 'a' })).toMatch(/^SELECT 'The parameter x is .* AS n$/)
    expect(fault('%\n{% try %}{{ error("no") }}{% finally %}{% end %}')).toMatch(/no$/)
    expect(fault('%\n{% try %}{% while True %}{% end %}{% except %}{% end %}')).toMatch(/loops run more/)
    expect(fault('%\n{% finally %}')).toBe('2 {% finally %} stands outside of a {% try %}')
    expect(fault('%\n{% try %}{% else %}{% except %}{% end %}')).toBe('21 {% except %} follows an {% else %}')
    expect(parameterDocs(parseTemplate('%{% while a %}{{ b }}{% end %}{% try %}{{ c }}{% except as d %}{{ d }}{{ e }}{% end %}'))
      .map(doc => doc.name)).toEqual(['a', 'b', 'c', 'e'])
  })

  it('bounds what loops cost: time, texts, and lists of themselves', () => {
    const long = "%\n{% set x = 'a' * 999999 %}{% set l = [] %}"
    expect(fault(`${long}{% while True %}{% set l = l + [x.strip()] %}{% end %}`)).toMatch(/too many long texts/)
    expect(fault(`${long}{{ ''.join([x] * 1000) }}`)).toMatch(/too large/)
    let ms = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => ms += 500)
    expect(fault('%\n{% while True %}{% end %}')).toMatch(/take more than 2 seconds/)
    clock.mockRestore()
    const twice = '%\n{% set l = [1] %}{% for i in range(60) %}{% set l = [l, l] %}{% end %}'
    for (const use of ['str(l)', 'l == l', "{'a': l}"]) expect(fault(`${twice}{{ ${use} }}`)).toMatch(/too large/)
    expect(fault('%\n{% set l = [1] %}{% for i in range(20000) %}{% set l = [l] %}{% end %}{{ l }}')).toMatch(/too large/)
    expect(fault('%\n{% for i in [1] %}a{% else %}{% break %}{% end %}b')).toBe('31 {% break %} stands outside of a {% for %} or {% while %}')
    expect(render('%\n{% for j in [1, 2] %}{% for i in [1] %}{{ i }}{% else %}{% break %}{% end %}{% end %}b')).toBe('1b')
  })

  it('limits loops and output', () => {
    expect(fault('%\n{% for i in range(1000) %}{% for j in range(1000) %}{% end %}{% end %}'))
      .toMatch(/loops run more/)
    expect(fault('%\nSELECT 1 {% for i in range(100000) %}' + 'x'.repeat(200) + '{% end %}'))
      .toMatch(/larger than 8 MB/)
    expect(fault('%\n' + '{% if 1 %}'.repeat(50) + '{% end %}'.repeat(50)))
      .toMatch(/nested more than 40/)
  })

  it('never throws anything but a fault, whatever the template', () => {
    const piece =
      fc.constantFrom('{{', '}}', '{%', '%}', '{#', '#}', ' if x ', ' end ', ' else ',
        ' for a in x ',
      ' set y = 1 ', 'String(x)', "'", '"', 'SELECT', '\n', '%', '--', '\\', ' comment ',
        'column(x)')
    fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), pieces => {
      expect(typeof fault(`%${pieces.join('')}`, { x: "v'" })).toBe('string')
    }), { numRuns: 500 })
  })
})

describe('what a template declares', () => {
  it('lists parameters with type, default and description, each once', () => {
    const docs = parameterDocs(parseTemplate([
      '%', '{% set local = String(from_set) %}{% if defined(a) and a > 1 %}',
      "SELECT {{Int32(a, 10, description='How many', required=True)}}, {{ local }}, {{ bare }}",
      "{{Array(ids, 'UInt8', '1,2')}} {{Array(names)}} {{column(c, 'day')}} {{JSON(f, '[]')}}",
      "{{String(e, 'x', enum=['x', 'y'], example='x', format='word')}} {{Float64(neg, -1)}}",
      '{% for item in split_to_array(list) %}{{ item }}{% end %}{% end %}',
    ].join('\n')))
    expect(docs.map(doc => `${doc.name}:${doc.type}=${doc.default}`)).toEqual([
      'from_set:String=null', 'a:Int32=10', 'bare:String=null', 'ids:Array(UInt8)=1,2',
      'names:Array(String)=null', 'c:column=day', 'f:JSON=[]', 'e:String=x', 'neg:Float64=-1',
      'list:String=null',
    ])
    expect(docs[1]).toMatchObject({ required: true, description: 'How many' })
    expect(docs[7]).toMatchObject({ enum: ['x', 'y'], example: 'x', format: 'word',
      required: false })
  })
})
