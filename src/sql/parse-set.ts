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
    if (operator === null) break
    operators.push(operator)
    terms.push(parseTerm(cursor))
  }
  if (operators.length === 0) return first
  const chain = group(cursor, { terms, operators }, (operator) => operator.startsWith('intersect'))
  return group(cursor, chain, () => true).terms[0]
}

/** `terms[0] operators[0] terms[1] operators[1] ...`. */
interface Chain {
  readonly terms: readonly Query[]
  readonly operators: readonly SetOperator[]
}

/** Groups from the left what the operators that `binds` tells hold together; a run of one is a node. */
function group(cursor: Cursor, chain: Chain, binds: (operator: SetOperator) => boolean): Chain {
  const operators: SetOperator[] = []
  const groups: Query[][] = [[chain.terms[0]]]
  let open: SetOperator | null = null
  let height = 0
  chain.operators.forEach((operator, i) => {
    const term = chain.terms[i + 1]
    const last = groups[groups.length - 1]
    if (!binds(operator)) {
      closeGroup(groups, open)
      open = null
      groups.push([term])
      operators.push(operator)
    } else {
      if (open !== null && open !== operator) {
        closeGroup(groups, open)
        cursor.raise(++height, last[0].at)
      }
      open = operator
      groups[groups.length - 1].push(term)
    }
  })
  closeGroup(groups, open)
  return { terms: groups.map(([query]) => query), operators }
}

/** Makes one node of the last group, if an operator is open. */
function closeGroup(groups: Query[][], operator: SetOperator | null): void {
  const queries = groups[groups.length - 1]
  if (operator === null) return
  const [at, end] = [queries[0].at, queries[queries.length - 1].end]
  const node: SetOperation = { kind: 'set', operator, queries, at, end }
  groups[groups.length - 1] = [node]
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
