// Values that several kinds of files share: tokens, tags, versions, durations, engines. Part of
// reading a file. Invariant: a value that can't be read is reported and replaced by "not set".

import { listOf, unquote, type Item } from './datafile.ts'
import type { EngineDef, Place, SourceText, TokenGrant } from './definitions.ts'
import type { Findings } from './diagnostics.ts'
import { scanSql } from './scan.ts'
import { didYouMean } from '../sql/suggest.ts'

const TOKEN = /^("[^"]*"|'[^']*'|\S+?)(?:\s+(\S+))?$/
const PERMISSIONS: ReadonlySet<string> = new Set(['READ', 'APPEND', 'CREATE', 'DROP'])

/** `TOKEN name READ`; without a permission, READ. */
export function readToken(item: Item, findings: Findings): TokenGrant | null {
  const parts = TOKEN.exec(item.value.trim())
  const permission = (parts?.[2] ?? 'READ').toUpperCase()
  if (parts === null || unquote(parts[1]) === '') {
    findings.error(item.place, 'bad-token', 'expected TOKEN name READ or TOKEN name APPEND')
    return null
  }
  if (!PERMISSIONS.has(permission)) {
    const hint = didYouMean(permission, PERMISSIONS) || '; expected READ or APPEND'
    findings.error(item.valuePlace, 'bad-token', `${parts[2]} is not a permission${hint}`)
    return null
  }
  const name = unquote(parts[1])
  return { ...item.place, name, permission: permission as TokenGrant['permission'] }
}

/** `TAGS "a, b"`. */
export const readTags = (item: Item): string[] => listOf(item.value)

/** `VERSION 3`. */
export function readVersion(item: Item, findings: Findings): number | null {
  if (/^\d+$/.test(item.value)) return Number(item.value)
  findings.error(item.valuePlace, 'bad-version',
    `VERSION is ${item.value}; expected a whole number`)
  return null
}

const DURATION = /^(\d+)\s*(s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?)$/i
const UNIT_MS: Record<string, number> = {
  s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000,
}

/** `24h` in milliseconds; null where it is no duration. */
export function durationMs(text: string): number | null {
  const parts = DURATION.exec(text.trim())
  return parts === null ? null : Number(parts[1]) * UNIT_MS[parts[2][0].toLowerCase()]
}

/** The item's value as text to parse further; null where it is empty. */
export function sourceText(item: Item): SourceText | null {
  const text = item.value.trim()
  return text === '' ? null : { ...item.valuePlace, text }
}

const ENGINES: readonly string[] = [
  'MergeTree', 'ReplacingMergeTree', 'SummingMergeTree', 'AggregatingMergeTree',
  'CollapsingMergeTree', 'VersionedCollapsingMergeTree', 'Join', 'Null',
]
const ENGINE_CALL = /^([A-Za-z]+)\s*(?:\(([^()]*)\))?$/

/** The ENGINE instructions among `items` as one record. */
export function readEngine(items: readonly Item[], findings: Findings): EngineDef {
  const byKeyword = new Map(items.map(item => [item.keyword, item]))
  const text = (keyword: string): SourceText | null => {
    const item = byKeyword.get(keyword)
    const source = item === undefined ? null : sourceText(item)
    // `a, b,` is a tuple of two, as in ClickHouse.
    return source === null ? null : { ...source, text: source.text.replace(/\s*,$/, '') }
  }
  const { name, args } = engineName(byKeyword.get('ENGINE'), findings)
  const engine = {
    name, partitionKey: text('ENGINE_PARTITION_KEY'), sortingKey: text('ENGINE_SORTING_KEY'),
    primaryKey: text('ENGINE_PRIMARY_KEY'), samplingKey: text('ENGINE_SAMPLING_KEY'),
    ttl: text('ENGINE_TTL'), isDeleted: text('ENGINE_IS_DELETED'),
    version: text('ENGINE_VER') ?? text('ENGINE_VERSION'), sign: text('ENGINE_SIGN'),
    columns: listOf(byKeyword.get('ENGINE_COLUMNS')?.value ?? ''),
    joinStrictness: text('ENGINE_JOIN_STRICTNESS'), joinType: text('ENGINE_JOIN_TYPE'),
    joinKeys: keyColumns(byKeyword.get('ENGINE_KEY_COLUMNS')),
    settings: engineSettings(byKeyword.get('ENGINE_SETTINGS'), findings),
  }
  const whole = args.length === 0 ? engine : withArguments(engine, args)
  const item = byKeyword.get('ENGINE')
  if (name === 'Join' && item !== undefined) checkJoin(whole, item, findings)
  return whole
}

/** What a Join table is for, of which each has a few words: as ClickHouse takes them. */
function checkJoin({ joinStrictness, joinType, joinKeys }: EngineDef, engineItem: Item, findings: Findings): void {
  const words = [
    ['ENGINE_JOIN_STRICTNESS', joinStrictness, ['ANY', 'ALL', 'SEMI', 'ANTI']],
    ['ENGINE_JOIN_TYPE', joinType, ['LEFT', 'INNER', 'RIGHT', 'FULL']],
  ] as const
  for (const [keyword, word, allowed] of words) {
    if (word === null) {
      findings.error(engineItem.place, 'missing-engine-setting', `Join needs ${keyword} "${allowed[0]}"`)
    } else if (!allowed.some(one => one === word.text.toUpperCase())) {
      const hint = didYouMean(word.text.toUpperCase(), allowed) || `; expected one of ${allowed.join(', ')}`
      findings.error(word, 'bad-join', `${keyword} is ${word.text}${hint}`)
    }
  }
  if (joinKeys.length === 0) {
    findings.error(engineItem.place, 'missing-engine-setting', 'Join needs ENGINE_KEY_COLUMNS "column"')
  }
  if (/^(semi|anti) (inner|full)$|^any full$/i.test(`${joinStrictness?.text} ${joinType?.text}`)) {
    findings.error(joinType ?? engineItem.place, 'bad-join',
      `there is no ${joinStrictness?.text} ${joinType?.text} join; expected LEFT or RIGHT`)
  }
}

const keyColumns = (item: Item | undefined): readonly SourceText[] =>
  (item === undefined ? [] : listOf(item.value).map(text => ({ ...item.valuePlace, text })))

function engineName(
  item: Item | undefined, findings: Findings,
): { name: string; args: SourceText[] } {
  if (item === undefined) return { name: 'MergeTree', args: [] }
  const call = ENGINE_CALL.exec(item.value.trim())
  const written = (call?.[1] ?? item.value).replace(/^Replicated/, '')
  const name = ENGINES.find(engine => engine.toLowerCase() === written.toLowerCase())
  if (name === undefined) {
    const hint = didYouMean(written, ENGINES) || `; expected one of ${ENGINES.join(', ')}`
    findings.error(item.valuePlace, 'unknown-engine', `unknown engine ${written}${hint}`)
  }
  const args = listOf(call?.[2] ?? '').map(arg => ({ ...item.valuePlace, text: arg }))
  return { name: name ?? 'MergeTree', args }
}

// `ReplacingMergeTree(ver, is_deleted)`: ClickHouse's own way to write the settings.
function withArguments(engine: EngineDef, args: readonly SourceText[]): EngineDef {
  const [first, second] = args
  switch (engine.name) {
    case 'ReplacingMergeTree':
      return {
        ...engine, version: engine.version ?? first,
        isDeleted: engine.isDeleted ?? second ?? null,
      }
    case 'CollapsingMergeTree':
      return { ...engine, sign: engine.sign ?? first }
    case 'VersionedCollapsingMergeTree':
      return { ...engine, sign: engine.sign ?? first, version: engine.version ?? second ?? null }
    case 'Join':
      return {
        ...engine, joinStrictness: engine.joinStrictness ?? first, joinType: engine.joinType ?? second ?? null,
        joinKeys: engine.joinKeys.length > 0 ? engine.joinKeys : args.slice(2),
      }
    case 'SummingMergeTree':
      return engine.columns.length > 0 ? engine : { ...engine, columns: args.map(arg => arg.text) }
    default:
      return engine
  }
}

function engineSettings(item: Item | undefined, findings: Findings): Record<string, string> {
  const settings: Record<string, string> = {}
  if (item === undefined) return settings
  for (const pair of listOf(item.value)) {
    const equals = pair.indexOf('=')
    if (equals < 1) {
      findings.error(item.valuePlace, 'bad-setting',
        `the engine setting ${pair} is not understood; expected name=value`)
    } else {
      settings[pair.slice(0, equals).trim()] = unquote(pair.slice(equals + 1))
    }
  }
  return settings
}

/** A column's name in an expression, with its place in the file. */
type NameUse = Place & { readonly name: string }

// Words of key and TTL expressions that are no columns.
const EXPRESSION_WORDS: ReadonlySet<string> = new Set([
  'AND', 'OR', 'NOT', 'IN', 'IS', 'NULL', 'LIKE', 'ILIKE', 'BETWEEN', 'CASE', 'WHEN', 'THEN',
  'ELSE', 'END', 'AS', 'ASC', 'DESC', 'DIV', 'MOD', 'INTERVAL', 'CAST', 'TRUE', 'FALSE', 'DELETE',
  'WHERE', 'GROUP', 'BY', 'SET', 'TO', 'DISK', 'VOLUME', 'RECOMPRESS', 'CODEC', 'SECOND',
  'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'INF', 'NAN',
])

/** The names in an expression that can only be columns: not functions, not keywords, not lambdas'
 * arguments. */
export function columnNames(source: SourceText): NameUse[] {
  const tokens = scanSql(source.text)
  const lambda = tokens.some((token, i) => token.text === '-' && tokens[i + 1]?.text === '>')
  if (lambda) return []
  const names: NameUse[] = []
  for (const [i, token] of tokens.entries()) {
    const isName = token.kind === 'quoted' || (token.kind === 'word' &&
      tokens[i + 1]?.text !== '(' && !EXPRESSION_WORDS.has(token.text.toUpperCase()))
    // The name after a dot or a cast belongs to what stands before it.
    if (!isName || tokens[i - 1]?.text === '.' || tokens[i - 1]?.text === ':') continue
    const before = source.text.slice(0, token.at)
    const lineStart = before.lastIndexOf('\n') + 1
    names.push({
      file: source.file, name: token.name,
      line: source.line + (before.match(/\n/g)?.length ?? 0),
      column: token.at - lineStart + (lineStart === 0 ? source.column : 1),
    })
  }
  return names
}
