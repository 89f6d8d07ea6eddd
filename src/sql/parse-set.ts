// Queries combined: UNION, INTERSECT, EXCEPT and parentheses around queries.
// Invariant: INTERSECT binds tighter; UNION and EXCEPT group from the left. A chain of one operator
// is one node.
import type { Query, SetOperation, SetOperator } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseSelect } from './parse-select.ts'

/** Grammar.query: one query, or several with set operations between them. */
export function parseQueryTree(cursor: Cursor): Query {
  return parseSetOperations(cursor, parseTerm(cursor))
}

/** Grammar.setOperations: what follows `first`. */
export function parseSetOperations(cursor: Cursor, first: Query): Query {
  const terms = [first]
  const operators: SetOperator[] = []
  for (;;) {
    const operator = parseSetOperator(cursor)
    if (operator === null) return combine(terms, operators)
    const term = parseTerm(cursor)
    if (operator.startsWith('intersect')) {
      const left = terms[terms.length - 1]
      terms[terms.length - 1] = join(left, operator, term)
    } else {
      terms.push(term)
      operators.push(operator)
    }
  }
}

/** `terms[0] operators[0] terms[1] ...` from the left. */
function combine(terms: readonly Query[], operators: readonly SetOperator[]): Query {
  let result = terms[0]
  for (let i = 0; i < operators.length; i++) {
    result = join(result, operators[i], terms[i + 1])
  }
  return result
}

/** `left operator right`; a chain grows when `left` is one of its kind without parentheses. */
function join(left: Query, operator: SetOperator, right: Query): SetOperation {
  const grows = left.kind === 'set' && left.operator === operator && left.parens !== true
  const queries = grows ? [...left.queries, right] : [left, right]
  return { kind: 'set', operator, queries, at: left.at, end: right.end }
}

function parseSetOperator(cursor: Cursor): SetOperator | null {
  const word = cursor.wordAt(0)
  if (word !== 'UNION' && word !== 'INTERSECT' && word !== 'EXCEPT') return null
  cursor.index++
  const mode = cursor.takeWord('ALL') ? ' all' : cursor.takeWord('DISTINCT') ? ' distinct' : ''
  return `${word.toLowerCase()}${mode}` as SetOperator
}

function parseTerm(cursor: Cursor): Query {
  const { at } = cursor
  if (!cursor.takeMark('(')) return parseSelect(cursor)
  cursor.enter()
  const query = parseQueryTree(cursor)
  cursor.leave()
  cursor.expectMark(')', 'after the query')
  return { ...query, parens: true, at, end: cursor.end }
}
