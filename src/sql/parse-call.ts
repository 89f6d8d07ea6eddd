// Calls: name(args), parametric aggregates, DISTINCT, FILTER, NULLS, OVER. The spellings of SQL that
// are no plain calls (CAST, EXTRACT, ...) are in parse-special.ts.
import type { Expression, FunctionCall, WindowDefinition } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { QUOTED, WORD } from './lex.ts'
import { callOf, subqueryOf } from './nodes.ts'
import { startsQuery } from './parse-brackets.ts'
import { parseSpecialCall } from './parse-special.ts'
import { parseWindow } from './parse-window.ts'
import { CLAUSE_WORDS } from './words.ts'

/** The call of `name`, which has been consumed; the cursor stands at its parenthesis. */
export function parseCall(
  cursor: Cursor, name: string, at: number, isQuoted: boolean,
): Expression {
  if (!isQuoted) {
    const special = parseSpecialCall(cursor, name, at)
    if (special !== null) return special
  }
  let { args, distinct } = parseArguments(cursor, name)
  let params: readonly Expression[] | null = null
  if (!distinct && cursor.isMark('(')) {
    params = args
    const second = parseArguments(cursor, name)
    args = second.args
    distinct = second.distinct
  }
  const filter = parseFilter(cursor)
  const nulls = parseNulls(cursor)
  const over = parseOver(cursor)
  const call: FunctionCall = { ...callOf(name, args, cursor.spanFrom(at)), params }
  return {
    ...call,
    ...(distinct ? { distinct: true } : {}),
    ...(filter === null ? {} : { filter }),
    ...(nulls === null ? {} : { nulls }),
    ...(over === null ? {} : { over }),
  }
}

function parseArguments(
  cursor: Cursor, name: string,
): { args: readonly Expression[]; distinct: boolean } {
  cursor.expectMark('(')
  if (cursor.takeMark(')')) return { args: [], distinct: false }
  if (/^view$/i.test(name) && startsQuery(cursor)) {
    const { at } = cursor
    const query = cursor.grammar.query(cursor)
    const args = [subqueryOf(query, cursor.spanFrom(at))]
    cursor.expectMark(')', 'after the query')
    return { args, distinct: false }
  }
  // `count(distinct)` counts a column of that name.
  const isModifier = !cursor.isMark(')', 1) && !cursor.isMark(',', 1)
  const distinct = isModifier && cursor.takeWord('DISTINCT')
  if (isModifier && !distinct) cursor.takeWord('ALL')
  const args = lambdaOfNames(cursor, cursor.list(() => cursor.aliased()))
  cursor.expectMark(')', `or a comma in the arguments of ${name}`)
  return { args, distinct }
}

function parseFilter(cursor: Cursor): Expression | null {
  if (!cursor.isWord('FILTER') || !cursor.isMark('(', 1)) return null
  cursor.index += 2
  cursor.expectWord('WHERE')
  const condition = cursor.aliased()
  cursor.expectMark(')', 'after the condition of FILTER')
  return condition
}

function parseNulls(cursor: Cursor): 'respect' | 'ignore' | null {
  if (cursor.takeWords('RESPECT', 'NULLS')) return 'respect'
  return cursor.takeWords('IGNORE', 'NULLS') ? 'ignore' : null
}

/** `OVER name` or `OVER (...)`; `sum(a) over FROM t` has an alias. */
function parseOver(cursor: Cursor): string | WindowDefinition | null {
  if (!cursor.isWord('OVER')) return null
  if (cursor.isMark('(', 1)) {
    cursor.index++
    return parseWindow(cursor)
  }
  const kind = cursor.kindAt(1)
  if (kind !== QUOTED && (kind !== WORD || CLAUSE_WORDS.has(cursor.wordAt(1)))) return null
  cursor.index++
  return cursor.expectName("a window's name")
}

/** `f(acc, x -> body, a)` is `f((acc, x) -> body, a)`: names in front of a lambda without parentheses are its
 * parameters, too. */
function lambdaOfNames(cursor: Cursor, args: Expression[]): Expression[] {
  const index = args.findIndex(({ kind }) => kind === 'lambda')
  const lambda = args[index]
  if (index < 1 || lambda.kind !== 'lambda' || cursor.text[lambda.at] === '(') return args
  const names = args.slice(0, index)
  const params = names.flatMap((name) => (name.kind === 'identifier' && name.alias === undefined ? name.parts : []))
  if (params.length !== index) return args
  return [{ ...lambda, params: [...params, ...lambda.params], at: names[0].at }, ...args.slice(index + 1)]
}
