// SCHEMA > to columns: `name` Type `json:$.path` DEFAULT expr CODEC(...), separated by commas. Part
// of reading a .datasource. Invariant: a broken column is reported with its place and left out; the
// others are read.

import { holdsVariant, type DataType } from '../../storage/column/data-type.ts'
import { DataTypeError, parseDataType } from '../../storage/column/parse-type.ts'
import { placeInBlock, type Block } from './datafile.ts'
import type { ColumnDef, SourceText } from './definitions.ts'
import type { Findings } from './diagnostics.ts'
import { scanSql, type ScanToken } from './scan.ts'

const MODIFIERS: ReadonlySet<string> = new Set([
  'DEFAULT', 'CODEC', 'MATERIALIZED', 'ALIAS', 'EPHEMERAL', 'TTL', 'COMMENT',
])
const JSON_PATH = /^\$(\.?[^.[\]\s]+|\[:\]|\.?\[('[^']*'|"[^"]*")\]|\.)*$/
const MOMENT = /^Date(32|Time(64)?(\s*\([^()]*\))?)?$/
const PATH_QUOTED = /^`(json|parquet|csv|header):(.*)`$/s

/** The columns of a SCHEMA block. `#` lines are comments. */
export function readSchema(block: Block, findings: Findings): ColumnDef[] {
  // Comments become blanks of the same length: offsets stay.
  const text = block.text.replace(/^\s*#.*$/gm, line => ' '.repeat(line.length))
  const columns: ColumnDef[] = []
  const seen = new Map<string, ColumnDef>()
  for (const tokens of splitAtCommas(scanSql(text))) {
    const written = new ColumnReader(block, text, tokens, findings).read()
    for (const column of written === null ? [] : flattened(written)) {
      const twin = seen.get(column.name)
      if (twin === undefined) {
        seen.set(column.name, column)
        columns.push(column)
      } else {
        findings.error(column, 'duplicate-column',
          `column ${column.name} is declared twice; the first stands on line ${twin.line}`)
      }
    }
  }
  return columns
}

/** `x Nested(a A, b B)` is two arrays, `x.a` and `x.b`, as in ClickHouse. */
function flattened(column: ColumnDef): ColumnDef[] {
  if (!/^Nested\b/.test(column.type)) return [column]
  let type: DataType
  try {
    type = parseDataType(column.type)
  } catch {
    return [column] // it has been reported
  }
  const [{ args, names }] = type.args
  return args.map((element, index) => ({
    ...column, name: `${column.name}.${names?.[index]}`, type: `Array(${element.name})`,
    jsonPath: `${column.jsonPath}.${names?.[index]}`, defaultExpr: null,
  }))
}

// `String NOT NULL` is String, `String NULL` is Nullable(String).
function typeText(text: string): string {
  const type = text.replace(/\s+/g, ' ').replace(/ NOT NULL$/i, '')
  return / NULL$/i.test(type) ? `Nullable(${type.slice(0, -5)})` : type
}

/** Runs of tokens between the commas that stand outside of brackets; empty runs are dropped. */
export function splitAtCommas(tokens: readonly ScanToken[]): ScanToken[][] {
  const runs: ScanToken[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[' || token.text === '{') depth += 1
    if (token.text === ')' || token.text === ']' || token.text === '}') depth -= 1
    if (token.text === ',' && depth <= 0) runs.push([])
    else runs[runs.length - 1].push(token)
  }
  return runs.filter(run => run.length > 0)
}

/** The tokens of a column after its name. */
type ColumnParts = {
  readonly type: ScanToken[]
  readonly path: ScanToken | null
  readonly DEFAULT: ScanToken[]
  readonly CODEC: ScanToken[]
}

class ColumnReader {
  readonly #block: Block
  readonly #text: string
  readonly #tokens: readonly ScanToken[]
  readonly #findings: Findings

  constructor(block: Block, text: string, tokens: readonly ScanToken[], findings: Findings) {
    this.#block = block
    this.#text = text
    this.#tokens = tokens
    this.#findings = findings
  }

  read(): ColumnDef | null {
    const [first] = this.#tokens
    const place = placeInBlock(this.#block, first.at)
    if (first.kind !== 'word' && first.kind !== 'quoted') {
      this.#findings.error(place, 'bad-column',
        `expected a column such as \`name\` String, found ${first.text}`)
      return null
    }
    const parts = this.#parts()
    const type = this.#textOf(parts.type)
    if (type === null) {
      this.#findings.error(placeInBlock(this.#block, first.end), 'missing-type',
        `column ${first.name} has no type; expected \`${first.name}\` String`)
      return null
    }
    this.#checkType(first.name, type.text.replace(/\s+(NOT\s+)?NULL$/i, ''), parts.type[0].at)
    const written = this.#jsonPath(first.name, parts.path)
    const state = /^AggregateFunction\b/.test(type.text)
    return {
      ...place, name: first.name, type: typeText(type.text),
      jsonPath: written ?? (state ? null : `$.${first.name}`), jsonPathWritten: written !== null,
      defaultExpr: this.#default(type.text, parts.DEFAULT), codec: this.#codec(parts.CODEC),
    }
  }

  // ClickHouse once read a moment of '' as the first one there is; projects that were deployed then still say so.
  #default(type: string, tokens: readonly ScanToken[]): SourceText | null {
    const written = this.#textOf(tokens)
    if (written?.text !== "''" || !MOMENT.test(type)) return written
    const text = `defaultValueOfTypeName('${type.replace(/['\\]/g, '\\$&')}')`
    this.#findings.warning(written, 'empty-default', `'' is no ${type}; the type's own default, its first moment, is taken`)
    return { ...written, text }
  }

  #checkType(column: string, text: string, at: number): void {
    try {
      if (!holdsVariant(parseDataType(text))) return
      this.#findings.error(placeInBlock(this.#block, at), 'bad-type',
        `column ${column}: not supported yet: a column of type Variant. Queries may give such values; store them as String`)
    } catch (error) {
      if (!(error instanceof DataTypeError)) throw error
      this.#findings.error(placeInBlock(this.#block, at + error.offset), 'bad-type',
        `column ${column}: ${error.message}`)
    }
  }

  // The tokens of the type, of the path, and of each modifier.
  #parts(): ColumnParts {
    const parts: Record<string, ScanToken[]> = { type: [], DEFAULT: [], CODEC: [] }
    let path: ScanToken | null = null
    let into = parts.type
    let depth = 0
    for (const [i, token] of this.#tokens.slice(1).entries()) {
      if (token.text === '(' || token.text === '[') depth += 1
      if (token.text === ')' || token.text === ']') depth -= 1
      const word = token.text.toUpperCase()
      if (depth === 0 && PATH_QUOTED.test(token.text)) {
        path = token
        if (into === parts.type) into = []
      } else if (depth === 0 && i > 0 && token.kind === 'word' && MODIFIERS.has(word)) {
        if (word !== 'DEFAULT' && word !== 'CODEC') {
          this.#findings.warning(placeInBlock(this.#block, token.at), 'unsupported-modifier',
            `${word} of a column is not supported and has no effect; DEFAULT and CODEC are`)
        }
        into = parts[word] ??= []
      } else {
        into.push(token)
      }
    }
    return { type: parts.type, path, DEFAULT: parts.DEFAULT, CODEC: parts.CODEC }
  }

  #textOf(tokens: readonly ScanToken[]): SourceText | null {
    if (tokens.length === 0) return null
    const at = tokens[0].at
    const text = this.#text.slice(at, tokens[tokens.length - 1].end)
    return { ...placeInBlock(this.#block, at), text }
  }

  #codec(tokens: readonly ScanToken[]): string | null {
    const text = this.#textOf(tokens)?.text
    return text === undefined ? null : text.replace(/^\(|\)$/g, '').trim()
  }

  #jsonPath(column: string, token: ScanToken | null): string | null {
    const path = token === null ? undefined : PATH_QUOTED.exec(token.text)?.[2].trim()
    if (token === null || path === undefined) return null
    if (!JSON_PATH.test(path)) {
      this.#findings.error(placeInBlock(this.#block, token.at), 'bad-json-path',
        `column ${column}: the path ${path} is not understood; expected $.a, $.a.b, $['a'], $.a[:] or $`)
    }
    return path
  }
}
