// The expressions of a .datasource: sorting, partition and primary key, sampling, TTL, defaults; its FORWARD_QUERY.
// Invariant: a place within an expression is a place in the file, also where it goes over lines.

import type { DataType } from '../../storage/column/data-type.ts'
import { DataTypeError, parseDataType } from '../../storage/column/parse-type.ts'
import { analyzeExpression } from '../plan/analyze.ts'
import { constantFault } from '../plan/fold.ts'
import { QueryError } from '../plan/plan.ts'
import type { DatasourceDef, Place, SourceText } from '../project/definitions.ts'
import type { Findings } from '../project/diagnostics.ts'
import type { Expression } from '../sql/ast.ts'
import { SqlSyntaxError } from '../sql/errors.ts'
import { parseExpressionList, parseQuery } from '../sql/parse.ts'
import { faultOf } from './columns.ts'

/** Checks the grammar and types of a data source's expressions. */
export function checkKeys(source: DatasourceDef, findings: Findings): void {
  const { engine } = source
  for (const text of [engine.sortingKey, engine.partitionKey, engine.primaryKey, engine.samplingKey]) {
    if (text !== null) checkExpressions(source, text, null, findings, true)
  }
  if (engine.ttl !== null) checkExpressions(source, withoutAction(engine.ttl), null, findings)
  for (const column of source.columns) {
    if (column.defaultExpr !== null) checkExpressions(source, column.defaultExpr, column.type, findings)
  }
  if (source.forwardQuery !== null) checkForward(source.forwardQuery, findings)
}

/** What it reads are the rows in the form of before, which the file does not say: only its grammar is checked. */
function checkForward(text: SourceText, findings: Findings): void {
  try {
    const query = parseQuery(text.text)
    if (query.kind === 'select' && query.from === null && query.where === null) return
    findings.error(text, 'forward-query', 'FORWARD_QUERY is run over all rows that the data source has: a list of columns behind SELECT, '
      + 'without FROM and WHERE')
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    findings.error(placeIn(text, error.at), 'syntax', error.message)
  }
}

/** A TTL without what happens at its end (DELETE WHERE …, TO DISK …). */
function withoutAction(ttl: SourceText): SourceText {
  return { ...ttl, text: ttl.text.replace(/\b(DELETE|TO\s+(DISK|VOLUME)|RECOMPRESS|GROUP\s+BY|WHERE)\b[\s\S]*$/i, '') }
}

function checkExpressions(
  source: DatasourceDef, text: SourceText, type: string | null, findings: Findings, isKey = false,
): void {
  for (const expr of parsed(text, findings)) {
    try {
      const typed = analyzeExpression(expr, source.columns, type)
      const without = isKey ? withoutOrder(parseDataType(typed.type)) : null
      if (without !== null) {
        findings.error(placeIn(text, expr.at), 'bad-key', `a key can't be made of ${without.name}, which has no order: take a part of it, or another column`)
      }
      const fault = type === null ? null : constantFault(typed)
      if (fault !== null) findings.error(placeIn(text, expr.at), 'bad-default', `the default is no ${type}: ${fault.message}`)
    } catch (error) {
      if (error instanceof DataTypeError) return // reported when the file was read
      if (!(error instanceof QueryError)) throw error
      // Unknown columns of keys were reported, with near names, when the file was read.
      if (error.code === 'UNKNOWN_IDENTIFIER' && type === null) continue
      const { at, code, message, isMild } = faultOf(error)
      if (isMild) findings.warning(placeIn(text, at), code, message)
      else findings.error(placeIn(text, at), code, message)
    }
  }
}

const WITHOUT_ORDER: ReadonlySet<DataType['id']> = new Set(['JSON', 'Dynamic', 'Variant', 'AggregateFunction'])

/** What of a type rows can't be ordered by; null: nothing. */
function withoutOrder(type: DataType): DataType | null {
  if (WITHOUT_ORDER.has(type.id)) return type
  for (const one of type.args) {
    const found = withoutOrder(one)
    if (found !== null) return found
  }
  return null
}

function parsed(text: SourceText, findings: Findings): readonly Expression[] {
  try {
    return parseExpressionList(text.text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    findings.error(placeIn(text, error.at), 'syntax', error.message)
    return []
  }
}

function placeIn(text: SourceText, offset: number): Place {
  const lines = text.text.slice(0, offset).split('\n')
  const column = lines[lines.length - 1].length + (lines.length === 1 ? text.column : 1)
  return { file: text.file, line: text.line + lines.length - 1, column }
}
