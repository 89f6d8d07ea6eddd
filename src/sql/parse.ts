// Text to syntax tree: the face of the parser. Rules are in parse-*.ts, the order of the work is
// lex.ts -> cursor.ts -> statement -> set operations -> SELECT -> clauses -> expressions.
// Invariant: the whole text is read, or SqlSyntaxError says where it stops making sense.
import type { Expression, ExplainKind, Query, Setting, Statement } from './ast.ts'
import { Cursor } from './cursor.ts'
import type { Grammar } from './cursor.ts'
import type { Slot } from './declared.ts'
import { SqlSyntaxError } from './errors.ts'
import { END } from './lex.ts'
import { parseSettings } from './parse-clauses.ts'
import { parseAliased, parseExpression as expressionRule, parseOperators } from './parse-expression.ts'
import { parseQueryTree, parseSetOperations } from './parse-set.ts'

const GRAMMAR: Grammar = {
  expression: expressionRule,
  operators: parseOperators,
  aliased: parseAliased,
  query: parseQueryTree,
  setOperations: parseSetOperations,
}

export interface ParseOptions {
  /** Pieces of the text that came from parameters, in any order, without overlap. */
  readonly slots?: readonly Slot[]
}

/** Reads one SELECT statement (with set operations, FORMAT, a trailing semicolon). */
export function parseQuery(text: string, options: ParseOptions = {}): Query {
  const cursor = new Cursor(text, GRAMMAR, options.slots ?? [])
  return parseWholeQuery(cursor)
}

/** Reads what a user may send as SQL: a query, or EXPLAIN of one. */
export function parseStatement(text: string, options: ParseOptions = {}): Statement {
  const cursor = new Cursor(text, GRAMMAR, options.slots ?? [])
  const { at } = cursor
  const explain = parseExplain(cursor)
  const query = parseWholeQuery(cursor)
  return { query, explain, at, end: query.end }
}

/** Reads one expression, perhaps with an alias: a DEFAULT, a TTL, a partition key. */
export function parseExpression(text: string, options: ParseOptions = {}): Expression {
  const cursor = new Cursor(text, GRAMMAR, options.slots ?? [])
  const expr = cursor.aliased()
  if (cursor.kind !== END) cursor.fail('an operator or the end of the expression')
  return expr
}

/** Reads expressions parted by commas, such as a sorting key; an empty text gives no expression. */
export function parseExpressionList(text: string, options: ParseOptions = {}): Expression[] {
  const cursor = new Cursor(text, GRAMMAR, options.slots ?? [])
  const list = cursor.kind === END ? [] : cursor.list(() => cursor.aliased())
  if (cursor.kind !== END) cursor.fail('a comma, an operator or the end of the list')
  return list
}

// ----------------------------------------------------------------------------------- statements

const OTHER_STATEMENTS = new Set([
  'INSERT', 'CREATE', 'ALTER', 'DROP', 'DELETE', 'UPDATE', 'TRUNCATE', 'RENAME', 'OPTIMIZE', 'SYSTEM',
  'GRANT', 'REVOKE', 'SET', 'USE', 'ATTACH', 'DETACH', 'EXCHANGE', 'KILL', 'SHOW', 'DESCRIBE', 'DESC',
  'CHECK', 'EXISTS', 'UNDROP', 'BACKUP', 'RESTORE', 'WATCH', 'MOVE', 'BEGIN', 'COMMIT', 'ROLLBACK',
  'REPLACE', 'UPSERT', 'MERGE', 'CALL', 'EXECUTE', 'EXPLAIN',
])

function parseWholeQuery(cursor: Cursor): Query {
  refuseOthers(cursor)
  const query = GRAMMAR.query(cursor)
  const format = cursor.takeWord('FORMAT') ? cursor.expectName("a format's name") : null
  const outerSettings = cursor.takeWord('SETTINGS') ? parseSettings(cursor) : []
  while (cursor.takeMark(';'));
  if (cursor.kind !== END) failAtEnd(cursor)
  const ending = {
    ...(format === null ? {} : { format }),
    ...(outerSettings.length === 0 ? {} : { outerSettings }),
  }
  return { ...query, ...ending }
}

function refuseOthers(cursor: Cursor): void {
  if (cursor.kind === END) {
    throw new SqlSyntaxError('The query is empty: write a SELECT.', cursor.at, cursor.at, 'SELECT')
  }
  const word = cursor.wordAt(0)
  const starts = ['SELECT', 'WITH', 'FROM']
  if (starts.includes(word) || cursor.isMark('(')) return
  const end = cursor.tokens.ends[cursor.index]
  if (OTHER_STATEMENTS.has(word)) {
    const sentence = `Only SELECT is allowed here, not ${word}.`
    throw new SqlSyntaxError(sentence, cursor.at, end, 'SELECT')
  }
  cursor.fail('SELECT, WITH or FROM at the start of the query', starts)
}

function failAtEnd(cursor: Cursor): never {
  const end = cursor.tokens.ends[cursor.index]
  if (cursor.isWord('INTO') && cursor.isWord('OUTFILE', 1)) {
    throw new SqlSyntaxError('INTO OUTFILE is not allowed here.', cursor.at, end, 'FORMAT')
  }
  if (cursor.end > 0 && cursor.text.slice(0, cursor.at).trimEnd().endsWith(';')) {
    throw new SqlSyntaxError('Only one statement at a time.', cursor.at, end, 'the end of the query')
  }
  return cursor.fail('an operator, a comma, the next clause or the end of the query')
}

const EXPLAIN_KINDS: readonly (readonly [readonly string[], ExplainKind])[] = [
  [['QUERY', 'TREE'], 'query tree'], [['AST'], 'ast'], [['SYNTAX'], 'syntax'], [['PLAN'], 'plan'],
  [['PIPELINE'], 'pipeline'], [['ESTIMATE'], 'estimate'],
]

function parseExplain(cursor: Cursor): Statement['explain'] {
  if (!cursor.takeWord('EXPLAIN')) return null
  const found = EXPLAIN_KINDS.find(([words]) => cursor.takeWords(...words))
  const settings: Setting[] = cursor.isName() && cursor.isMark('=', 1) ? parseSettings(cursor) : []
  return { kind: found?.[1] ?? 'plan', settings }
}
