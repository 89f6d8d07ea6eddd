// What the parser makes of the text: trees, spans, slots, limits. The bulk of the grammar is held
// against ClickHouse in test/sql; here stands what ClickHouse's text form does not show.
import { describe, expect, it } from 'vitest'
import type { Expression, SelectQuery } from './ast.ts'
import { numberValue } from './literals.ts'
import { parseExpression, parseExpressionList, parseQuery, parseStatement } from './parse.ts'
import { printQuery } from './print.ts'

/** The tree in short: calls as name(args), `!` for parentheses, `#slot`, `=alias`. */
function shape(expr: Expression): string {
  const list = (items: readonly Expression[]): string => items.map(shape).join(' ')
  const inner = (): string => {
    switch (expr.kind) {
      case 'literal':
        if (expr.type === 'string') return `'${expr.value}'`
        return expr.type === 'number' ? expr.text : expr.type
      case 'identifier': return expr.parts.join('.')
      case 'call': return `${expr.form === 'operator' ? '~' : ''}${expr.name}(${list(expr.args)})`
      case 'array': return `[${list(expr.items)}]`
      case 'tuple': return `<${list(expr.items)}>`
      case 'lambda': return `(${expr.params.join(' ')})=>${shape(expr.body)}`
      case 'cast': return `cast(${shape(expr.expr)} ${expr.type})`
      case 'between':
        return `${expr.not ? '!' : ''}between(${list([expr.expr, expr.low, expr.high])})`
      case 'in': return `${expr.not ? 'notIn' : 'in'}(${list([expr.expr, expr.right])})`
      case 'interval': return `interval(${shape(expr.value)} ${expr.unit})`
      case 'subquery': return `subquery(${printQuery(expr.query)})`
      default: return expr.kind
    }
  }
  const slot = 'slot' in expr && expr.slot !== undefined ? `#${expr.slot}` : ''
  const alias = expr.alias === undefined ? '' : `=${expr.alias}`
  return `${expr.parens === true ? '!' : ''}${inner()}${slot}${alias}`
}

const tree = (text: string): string => shape(parseExpression(text))
const select = (text: string): SelectQuery => parseQuery(text) as SelectQuery

describe('expressions', () => {
  it.each([
    ['a + b * c - d', '~minus(~plus(a ~multiply(b c)) d)'],
    ['a or b and not c = 1', '~or(a ~and(b ~not(~equals(c 1))))'],
    ['a AND b AND (c AND d)', '~and(a b !~and(c d))'],
    ['a || b || c', '~concat(a b c)'],
    ['-a.1[2]::Int8', '~negate(cast(~arrayElement(~tupleElement(a 1) 2) Int8))'],
    ['-5 + - 5 - -x', '~minus(~plus(-5 -5) ~negate(x))'],
    ['a = b LIKE c', '~like(~equals(a b) c)'],
    ['a IS NULL = b', '~equals(~isNull(a) b)'],
    ['a BETWEEN 1 AND 2 AND b', '~and(between(a 1 2) b)'],
    ['a NOT BETWEEN x + 1 AND y', '!between(a ~plus(x 1) y)'],
    ['x -> x + 1', '(x)=>~plus(x 1)'],
    ['f((x, y) -> x, a)', 'f((x y)=>x a)'],
    ['a ? b : c', '~if(a b c)'],
    ['(a, b) IN ((1, 2))', 'in(<a b> !<1 2>)'],
    ['a NOT IN (SELECT 1)', 'notIn(a subquery(SELECT 1))'],
    ['x > ALL (SELECT 1)', '~greater(x subquery(SELECT max(*) FROM (SELECT 1)))'],
    ['x = ANY (SELECT 1)', 'in(x subquery(SELECT 1))'],
    ['f(1 AS x, x + 1 AS y)', 'f(1=x ~plus(x 1)=y)'],
    ["INTERVAL '2 day 3 hour'", '<interval(2 DAY) interval(3 HOUR)>'],
    ['INTERVAL n + 1 month', 'interval(~plus(n 1) MONTH)'],
    ['DATE_ADD(DAY, 1, x)', 'plus(x interval(1 DAY))'],
    ["TRIM(BOTH 'x' FROM a)", "trimBoth(a 'x')"],
    ['EXTRACT(YEAR FROM d)', 'toYear(d)'],
    ["DATE '2024-01-01'", "toDate('2024-01-01')"],
    ['interval', 'interval'],
    ['case + 1', '~plus(case 1)'],
    ['date BETWEEN a AND b', 'between(date a b)'],
    ['left(a, 1) = any(b)', '~equals(left(a 1) any(b))'],
    ["CAST(a, 'Int32')", 'cast(a Int32)'],
    ['CAST(a AS Decimal( 9,2 ))', 'cast(a Decimal(9, 2))'],
    ['json.a.:Int64', 'json.a.:Int64'],
    ["'it''s \\x41\\n'", "'it's A\n'"],
  ])('%s', (text, expected) => {
    expect(tree(text)).toBe(expected)
  })

  it('keeps the text that ClickHouse casts', () => {
    expect(parseExpression('[1, 2 ]::Array(Int8)')).toMatchObject({ literalText: '[1, 2 ]' })
    expect(parseExpression('- 1.10::Decimal(9,2)')).toMatchObject({ literalText: '- 1.10' })
    expect(parseExpression('[a]::Array(Int8)')).not.toHaveProperty('literalText')
  })

  it('reads lists, and an empty one', () => {
    expect(parseExpressionList('a, toDate(b)').map(shape)).toEqual(['a', 'toDate(b)'])
    expect(parseExpressionList(' ')).toEqual([])
  })
})

describe('numbers', () => {
  it.each([
    ['18446744073709551615', 18446744073709551615n], ['-9223372036854775808', -(2n ** 63n)],
    ['0x1F', 31n], ['0b101', 5n], ['012', 12n], ['1_000', 1000n], ['18446744073709551616', 2 ** 64],
    ['1.5e3', 1500], ['0x1.8p1', 3], ['-inf', -Infinity], ['nan', NaN], ['-0.0', -0],
  ])('%s', (text, expected) => {
    expect(numberValue(text).value).toBe(expected)
  })
})

describe('queries', () => {
  it('puts INTERSECT above UNION and EXCEPT, and those from the left', () => {
    const text = 'SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4'
    expect(parseQuery(text)).toMatchObject({
      operator: 'except',
      queries: [{ operator: 'union all', queries: [{}, { operator: 'intersect' }] }, {}],
    })
  })

  it('keeps a chain of one operator flat', () => {
    const query = parseQuery('SELECT 1 UNION ALL SELECT 2 UNION ALL (SELECT 3) UNION ALL SELECT 4')
    expect(query).toMatchObject({ kind: 'set', queries: [{}, {}, { parens: true }, {}] })
  })

  it('leans joins to the left', () => {
    expect(select('SELECT 1 FROM a JOIN b USING (x), c').from).toMatchObject({
      join: 'comma', left: { join: 'inner', left: { parts: ['a'] }, right: { parts: ['b'] } },
    })
  })

  it('reads parenthesised joins as ClickHouse rewrites them', () => {
    expect(printQuery(parseQuery('SELECT 1 FROM a JOIN (b JOIN c USING y) USING x')))
      .toBe('SELECT 1 FROM a INNER JOIN (SELECT * FROM b INNER JOIN c USING (y)) USING (x)')
  })

  it('gives both limits the same form however they are written', () => {
    for (const text of ['SELECT 1 LIMIT 2, 5', 'SELECT 1 LIMIT 5 OFFSET 2', 'SELECT TOP 5 1 OFFSET 2']) {
      expect(select(text).limit).toMatchObject({ limit: { text: '5' }, offset: { text: '2' } })
    }
  })

  it('takes words as names where they can be nothing else', () => {
    const query = select('SELECT order, group, from, limit AS l FROM t WHERE window = format')
    expect(query.select.map(shape)).toEqual(['order', 'group', 'from', 'limit=l'])
  })

  it('reads EXPLAIN of a query', () => {
    const { explain, query } = parseStatement('EXPLAIN PLAN actions = 1 SELECT 1')
    expect(explain).toMatchObject({ kind: 'plan', settings: [{ name: 'actions' }] })
    expect(printQuery(query)).toBe('SELECT 1')
    expect(parseStatement('SELECT 1').explain).toBeNull()
  })

  it('skips comments of every kind', () => {
    const text = '-- a\nSELECT /* b /* c */ */ 1, # d\n 2 // e\n ;;'
    expect(printQuery(parseQuery(text))).toBe('SELECT 1, 2')
  })
})

describe('spans', () => {
  it('cover the piece of text that made the node', () => {
    const text = 'SELECT  sum(a + 1) AS s , (b) FROM  t AS x  WHERE x.c IN (1, 2)'
    const { select: items, from, where } = select(text)
    const argument = items[0].kind === 'call' ? items[0].args[0] : null
    const nodes = [items[0], argument, items[1], from, where]
    expect(nodes.map((node) => text.slice(node?.at, node?.end))).toEqual([
      'sum(a + 1) AS s', 'a + 1', '(b)', 't AS x', 'x.c IN (1, 2)',
    ])
  })
})

describe('slots', () => {
  /** Parses the text with each piece in ‹› as a slot. */
  function withSlots(text: string): Expression {
    const slots: { start: number; end: number }[] = []
    const plain = text.replace(/[‹›]/g, (mark, offset: number) => {
      const at = offset - (slots.length * 2 - (mark === '‹' ? 0 : 1))
      if (mark === '‹') slots.push({ start: at, end: at })
      else slots[slots.length - 1] = { ...slots[slots.length - 1], end: at }
      return ''
    })
    return parseExpression(plain, { slots })
  }

  it.each([
    ["a = ‹'x'› AND b > ‹-5›", "~and(~equals(a 'x'#0) ~greater(b -5#1))"],
    ['a IN (‹1, 2›, 3)', 'in(a <1#0 2#0 3>)'],
    ['a IN ‹(1, 2)›', 'in(a <1#0 2#0>#0)'],
    ["toStartOfInterval(t, INTERVAL ‹'1 hour'›)", 'toStartOfInterval(t interval(1#0 HOUR))'],
    ['INTERVAL ‹7› DAY', 'interval(7#0 DAY)'],
    ["CAST(a, ‹'Int32'›)", "CAST(a 'Int32'#0)"],
    ["‹'2024-01-01'›::Date", "cast('2024-01-01'#0 Date)"],
    ['[‹1.5›, ‹NULL›, ‹true›, ‹-inf›]', '[1.5#0 null#1 bool#2 -inf#3]'],
    ['‹1› + 1', '~plus(1#0 1)'],
  ])('%s', (text, expected) => {
    expect(shape(withSlots(text))).toBe(expected)
  })

  it('reach LIMIT and TOP', () => {
    const slots = [{ start: 15, end: 17 }]
    expect(parseQuery('SELECT a LIMIT 10', { slots })).toMatchObject({ limit: { limit: { slot: 0 } } })
    expect(parseQuery('SELECT TOP     10 a', { slots }))
      .toMatchObject({ limit: { limit: { slot: 0 } } })
  })
})

describe('speed and depth', () => {
  const parses = (text: string) => (): unknown => parseQuery(text)

  it.each([
    ['parentheses', `SELECT ${'('.repeat(9000)}1${')'.repeat(9000)}`, 'nested deeper'],
    ['subqueries', `SELECT ${'(SELECT '.repeat(9000)}`, 'nested deeper'],
    ['prefixes', `SELECT ${'NOT '.repeat(9000)}1`, 'nested deeper'],
    ['types', `SELECT x::${'Array('.repeat(9000)}`, 'nested deeper'],
    ['tables', `SELECT 1 FROM ${'('.repeat(9000)}`, 'nested deeper'],
    ['intervals', `SELECT ${'interval ('.repeat(9000)}`, 'nested deeper'],
    ['operators', `SELECT a${' + a'.repeat(9000)}`, 'chains more than'],
    ['subscripts', `SELECT a${'[1]'.repeat(9000)}`, 'chains more than'],
    ['set operations', `SELECT 1${' UNION ALL SELECT 1 UNION SELECT 1'.repeat(9000)}`, 'chains'],
  ])('refuses %s without end', (_what, text, message) => {
    expect(parses(text)).toThrow(message)
  })

  it.each([
    ['a long AND', `SELECT 1 WHERE a${' AND a'.repeat(20000)}`],
    ['a long IN', `SELECT 1 WHERE a IN (1${', 1'.repeat(50000)})`],
    ['a long UNION', `SELECT 1${' UNION ALL SELECT 1'.repeat(10000)}`],
    ['intervals that are none', `SELECT ${'interval ('.repeat(60)}1${')'.repeat(60)}`],
    ['nested calls', `SELECT ${'f('.repeat(150)}1${')'.repeat(150)}`],
  ])('reads %s within half a second of the processor', (_what, text) => {
    const began = process.cpuUsage()
    printQuery(parseQuery(text))
    const { user, system } = process.cpuUsage(began)
    expect((user + system) / 1000).toBeLessThan(500)
  })
})
