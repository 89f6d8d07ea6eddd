// The round trip: any tree that the printer writes is read back as the same tree, positions and
// parentheses aside (trees made by hand carry none; the printer adds what they need).
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Expression, FunctionCall, Query } from './ast.ts'
import { quoteName, quoteString, readQuoted } from './literals.ts'
import { parseExpression, parseQuery } from './parse.ts'
import { printExpression, printQuery } from './print.ts'

const SPAN = { at: 0, end: 0 }
const NAMES = [
  'a', 'b', 't1', 'user id', 'from', 'order', 'interval', 'day', 'date', 'case', 'null', 'not', 'é',
  'x`y', 'back\\slash', 'select', 'Inf', 'end', 'array', 'final', '1a',
]
const FUNCTIONS = ['f', 'sum', 'toDate', 'left', 'any', 'if', 'plus', 'like', 'and', 'my function']
const TYPES = ['Int8', 'Nullable(String)', 'DateTime64(3, \'UTC\')', 'Tuple(a Int8, b Array(String))']
const NUMBERS = ['0', '5', '-5', '1.50', '-0.1', '1e-7', '0x1F', 'inf', '-inf', 'nan', '1_000']
const UNITS = ['SECOND', 'MINUTE', 'DAY', 'MONTH', 'YEAR'] as const
const INFIXES = [
  'plus', 'minus', 'multiply', 'divide', 'modulo', 'intDiv', 'equals', 'notEquals', 'less', 'greater',
  'lessOrEquals', 'greaterOrEquals', 'isNotDistinctFrom', 'isDistinctFrom', 'like', 'notILike', 'match',
]

const name = fc.constantFrom(...NAMES)
const flag = fc.boolean()
const few = <T>(item: Arbitrary<T>, minLength = 0): Arbitrary<T[]> =>
  fc.array(item, { minLength, maxLength: 3 })
const call = (form: FunctionCall['form']) =>
  ([callName, args]: [string, Expression[]]): FunctionCall =>
    ({ kind: 'call', name: callName, form, args, params: null, ...SPAN })

const literal: Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...NUMBERS).map((text) =>
    ({ kind: 'literal' as const, type: 'number' as const, text, ...SPAN })),
  fc.string({ unit: 'binary', maxLength: 4 }).map((value) =>
    ({ kind: 'literal' as const, type: 'string' as const, value, ...SPAN })),
  fc.constant({ kind: 'literal' as const, type: 'null' as const, ...SPAN }),
  flag.map((value) => ({ kind: 'literal' as const, type: 'bool' as const, value, ...SPAN })),
)

const { expression, query } = fc.letrec<{ expression: Expression; query: Query }>((tie) => {
  const expr = fc.tuple(tie('expression'), fc.option(name, { freq: 12, nil: undefined }))
    .map(([node, alias]): Expression =>
      alias === undefined || node.kind === 'asterisk' ? node : { ...node, alias })
  const plain = expr.filter((node) => node.kind !== 'asterisk')
  const identifier = few(name, 1).map((parts) => ({ kind: 'identifier' as const, parts, ...SPAN }))
  // ClickHouse reads the type of `5::T` from the text: see literalText in ast.ts.
  const castable = plain.filter((node) => {
    const inner = JSON.stringify(node)
    const isLiteral = !/"kind":"(?!literal|array|tuple)/.test(inner)
    return !isLiteral || (node.kind === 'literal' && node.type !== 'number')
  })
  const operators = fc.oneof(
    fc.tuple(fc.constantFrom(...INFIXES), fc.tuple(plain, plain)).map(call('operator')),
    fc.tuple(fc.constantFrom('and', 'or', 'concat'), few(plain, 2)
      .filter((args) => args.length > 1)).map(call('operator')),
    fc.tuple(fc.constantFrom('not', 'negate', 'isNull', 'isNotNull'), fc.tuple(plain))
      .map(call('operator')),
    fc.tuple(fc.constant('arrayElement'), fc.tuple(plain, plain)).map(call('operator')),
    fc.tuple(fc.constant('if'), fc.tuple(plain, plain, plain)).map(call('operator')),
    fc.record({
      kind: fc.constant('between' as const), not: flag, expr: plain, low: plain, high: plain,
      at: fc.constant(0), end: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant('in' as const), not: flag, global: flag, expr: plain, right: plain,
      at: fc.constant(0), end: fc.constant(0),
    }),
  )
  const calls = fc.oneof(
    fc.tuple(fc.constantFrom(...FUNCTIONS), few(expr)).map(call('call')),
    fc.tuple(fc.constantFrom(...FUNCTIONS), few(expr, 1), few(expr, 1), flag, plain)
      .map(([fn, params, args, distinct, filter]): Expression => ({
        ...call('call')([fn, args]), params, filter, ...(distinct ? { distinct } : {}),
        over: 'w',
      })),
    fc.tuple(few(name), plain).map(([params, body]): Expression =>
      call('call')(['arrayMap', [{ kind: 'lambda', params, body, ...SPAN }]])),
  )
  const others = fc.oneof(
    few(expr).map((items): Expression => ({ kind: 'array', items, ...SPAN })),
    few(expr).map((items): Expression => ({ kind: 'tuple', items, ...SPAN })),
    fc.tuple(fc.option(plain), few(fc.record({ when: plain, then: plain }), 1), fc.option(plain))
      .map(([operand, branches, otherwise]): Expression =>
        ({ kind: 'case', operand, branches, otherwise, ...SPAN })),
    fc.tuple(castable, fc.constantFrom(...TYPES), fc.constantFrom('as', 'call', 'colons'))
      .map(([inner, type, form]): Expression =>
        ({ kind: 'cast', expr: inner, type, form, typeAt: 0, ...SPAN })),
    fc.tuple(plain, fc.constantFrom(...UNITS)).map(([value, unit]): Expression =>
      ({ kind: 'interval', value, unit, ...SPAN })),
    tie('query').map((inner): Expression => ({ kind: 'subquery', query: inner, ...SPAN })),
    tie('query').map((inner): Expression => ({ kind: 'exists', query: inner, ...SPAN })),
    few(name).map((qualifier): Expression =>
      ({ kind: 'asterisk', qualifier, transformers: [], ...SPAN })),
  )
  const table = fc.oneof(
    { depthSize: 'small' },
    few(name, 1).map((parts) => ({ kind: 'table' as const, parts: parts.slice(0, 2) })),
    few(expr).map((args) =>
      ({ kind: 'table function' as const, name: 'numbers', args, settings: [] })),
    tie('query').map((inner) => ({ kind: 'table subquery' as const, query: inner })),
  ).chain((base) => fc.record({ final: flag, alias: fc.option(name, { nil: undefined }) })
    .map(({ final, alias }) =>
      ({ ...base, ...(alias === undefined ? {} : { alias }), final, sample: null, ...SPAN })))
  const from = fc.tuple(table, fc.option(fc.tuple(table, fc.constantFrom('left', 'inner', 'cross'), plain)))
    .map(([left, joined]) => {
      if (joined === null) return left
      const [right, join, condition] = joined
      const constraint = { on: join === 'cross' ? null : condition, using: null }
      const rest = { join: join as 'left', strictness: null, locality: null, natural: false }
      return { kind: 'join' as const, ...rest, left, right, ...constraint, ...SPAN }
    })
  const select = fc.record({
    kind: fc.constant('select' as const), with: fc.constant([]), recursive: fc.constant(false),
    distinct: flag, distinctOn: fc.constant(null), select: few(expr, 1), from: fc.option(from),
    prewhere: fc.option(plain), where: fc.option(plain),
    groupBy: fc.option(few(plain, 1).map((keys) => ({
      keys, all: false, sets: null, rollup: false, cube: false, totals: true, ...SPAN,
    }))),
    having: fc.option(plain), windows: fc.constant([]), qualify: fc.option(plain),
    orderBy: fc.option(few(fc.record({
      expr: plain, descending: flag, nulls: fc.constantFrom('first' as const, null),
      collate: fc.constant(null), fill: fc.constant(null), at: fc.constant(0), end: fc.constant(0),
    }), 1).map((items) => ({ all: false, items, interpolate: null, ...SPAN }))),
    limitBy: fc.constant(null),
    limit: fc.option(fc.record({
      limit: plain, offset: fc.option(plain), withTies: fc.constant(false),
      at: fc.constant(0), end: fc.constant(0),
    })),
    settings: fc.constant([]), at: fc.constant(0), end: fc.constant(0),
  })
  const setOperator = fc.constantFrom('union all' as const, 'intersect' as const, 'except' as const)
  const set = fc.tuple(setOperator, fc.array(tie('query'), { minLength: 2, maxLength: 3 }))
    .map(([operator, queries]): Query => ({ kind: 'set', operator, queries, ...SPAN }))
  return {
    expression: fc.oneof({ depthSize: 'small', maxDepth: 5, withCrossShrink: true }, literal, identifier, operators,
      calls, others) as Arbitrary<Expression>,
    query: fc.oneof({ depthSize: 'xsmall', maxDepth: 3, withCrossShrink: true }, select, set),
  }
})

/** The tree without positions, parentheses and what they change. */
function bones(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) =>
    ['at', 'end', 'typeAt', 'parens', 'literalText'].includes(key) ? undefined : value))
}

describe('what is printed is read as the same tree', () => {
  it('for expressions', () => {
    fc.assert(fc.property(expression, (tree) => {
      expect(bones(parseExpression(printExpression(tree)))).toEqual(bones(tree))
    }), { numRuns: 1000 })
  })

  it('for queries', () => {
    fc.assert(fc.property(query, (tree) => {
      expect(bones(parseQuery(printQuery(tree)))).toEqual(bones(tree))
    }), { numRuns: 120 })
  })

  it('for every string and every name', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(readQuoted(quoteString(text))).toBe(text)
      const quoted = quoteName(text)
      if (quoted !== text) expect(readQuoted(quoted)).toBe(text)
    }))
  })
})
