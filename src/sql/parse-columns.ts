// Stars and COLUMNS: several columns at once, with EXCEPT, REPLACE and APPLY behind them.
import type {
  ApplyTransformer, Asterisk, ColumnTransformer, ColumnsMatcher, ExceptTransformer, Expression,
  ReplaceTransformer,
} from './ast.ts'
import type { Cursor } from './cursor.ts'
import { STRING } from './lex.ts'
import { POWER_TERNARY } from './operators.ts'
import { parseLambda, startsQuery } from './parse-brackets.ts'
import { parseString } from './parse-string.ts'

/** The star at the cursor, of the table `qualifier` (with the dot consumed); `* LIKE 'a%'` is COLUMNS with a pattern. */
export function parseStar(
  cursor: Cursor, qualifier: readonly string[], at: number,
): Asterisk | ColumnsMatcher {
  cursor.expectMark('*')
  const isLike = cursor.isWord('LIKE')
  if ((isLike || cursor.isWord('ILIKE')) && cursor.kindAt(1) === STRING) {
    cursor.index++
    const pattern = regexpOfLike(parseString(cursor).value, isLike)
    const transformers = parseTransformers(cursor)
    return { kind: 'columns', qualifier, pattern, transformers, at, end: cursor.end }
  }
  const transformers = parseTransformers(cursor)
  return { kind: 'asterisk', qualifier, transformers, at, end: cursor.end }
}

/** ClickHouse's rewriting of LIKE into a regular expression over the columns' names. */
function regexpOfLike(pattern: string, isCaseSensitive: boolean): string {
  const body = pattern.replace(/\\(.)|[%_.*+?^$|()[\]{}\\]/gs, (char, escaped: string | undefined) => {
    if (escaped !== undefined) return /\w/.test(escaped) ? escaped : `\\${escaped}`
    return char === '%' ? '.*' : char === '_' ? '.' : `\\${char}`
  })
  return `${isCaseSensitive ? '' : '(?i)'}^${body}$`
}

/** `COLUMNS('regexp')`, `COLUMNS(a, b)`; the cursor stands at the word. */
export function parseColumns(
  cursor: Cursor, qualifier: readonly string[], at: number,
): ColumnsMatcher {
  cursor.index++
  cursor.expectMark('(')
  let pattern: string | readonly Expression[]
  if (cursor.kind === STRING && cursor.isMark(')', 1)) pattern = parseString(cursor).value
  else pattern = cursor.isMark(')') ? [] : cursor.list(() => cursor.expression())
  cursor.expectMark(')', 'after COLUMNS')
  const transformers = parseTransformers(cursor)
  return { kind: 'columns', qualifier, pattern, transformers, at, end: cursor.end }
}

function parseTransformers(cursor: Cursor): ColumnTransformer[] {
  const transformers: ColumnTransformer[] = []
  for (;;) {
    if (cursor.isWord('EXCEPT') && !isSetOperation(cursor)) transformers.push(parseExcept(cursor))
    else if (cursor.isWord('REPLACE')) transformers.push(parseReplace(cursor))
    else if (cursor.isWord('APPLY')) transformers.push(parseApply(cursor))
    else return transformers
  }
}

/** `SELECT * EXCEPT SELECT ...` and `SELECT * EXCEPT (SELECT ...)` subtract a query's rows. */
function isSetOperation(cursor: Cursor): boolean {
  const hasMode = cursor.isWord('ALL', 1) || cursor.isWord('DISTINCT', 1)
  let ahead = hasMode ? 2 : 1
  while (cursor.isMark('(', ahead)) ahead++
  return startsQuery(cursor, ahead)
}

function parseExcept(cursor: Cursor): ExceptTransformer {
  const { at } = cursor
  cursor.index++
  const strict = cursor.takeWord('STRICT')
  const isList = cursor.takeMark('(')
  let columns: string | readonly string[]
  if (cursor.kind === STRING) columns = parseString(cursor).value
  else if (isList) columns = cursor.list(() => cursor.expectName("a column's name"))
  else columns = [cursor.expectName("a column's name")]
  if (isList) cursor.expectMark(')', 'after the columns of EXCEPT')
  return { kind: 'except', strict, columns, at, end: cursor.end }
}

function parseReplace(cursor: Cursor): ReplaceTransformer {
  const { at } = cursor
  cursor.index++
  const strict = cursor.takeWord('STRICT')
  const isList = cursor.isMark('(') && isItemList(cursor)
  if (isList) cursor.index++
  const item = (): { expr: Expression; name: string } => {
    const expr = cursor.expression()
    cursor.expectWord('AS')
    return { expr, name: cursor.expectName("a column's name") }
  }
  const items = isList ? cursor.list(item) : [item()]
  if (isList) cursor.expectMark(')', 'after the expressions of REPLACE')
  return { kind: 'replace', strict, items, at, end: cursor.end }
}

/** True when the parenthesis here holds `expr AS name`, not a part of an expression. */
function isItemList(cursor: Cursor): boolean {
  const { texts, kinds } = cursor.tokens
  let depth = 0
  for (let i = cursor.index; i < kinds.length; i++) {
    if (texts[i] === '(' || texts[i] === '[') depth++
    else if (texts[i] === ')' || texts[i] === ']') depth--
    else if (texts[i] === 'AS' && depth === 1) return true
    if (depth === 0) return false
  }
  return false
}

/** `APPLY f`, `APPLY(f)`, `APPLY(f, 'prefix')`, `APPLY f(params)`, `APPLY(x -> expr)`. */
function parseApply(cursor: Cursor): ApplyTransformer {
  const { at } = cursor
  cursor.index++
  const isList = cursor.takeMark('(')
  const apply = parseLambda(cursor, POWER_TERNARY) ?? parseFunctionName(cursor)
  let prefix: string | undefined
  if (isList && cursor.takeMark(',')) {
    if (cursor.kind !== STRING) cursor.fail('a prefix for the names, as a string')
    prefix = parseString(cursor).value
  }
  if (isList) cursor.expectMark(')', 'after APPLY')
  const end = cursor.end
  return { kind: 'apply', apply, ...(prefix === undefined ? {} : { prefix }), at, end }
}

function parseFunctionName(cursor: Cursor): { name: string; params: readonly Expression[] } {
  const name = cursor.expectName("a function's name")
  if (!cursor.takeMark('(')) return { name, params: [] }
  const params = cursor.isMark(')') ? [] : cursor.list(() => cursor.expression())
  cursor.expectMark(')', 'after the parameters')
  return { name, params }
}
