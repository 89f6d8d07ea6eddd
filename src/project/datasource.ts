// Instructions of a .datasource to a DatasourceDef, and what can be wrong with one by itself.
// Called by load.ts. Invariant: a def is always made; what is wrong is reported and left at its
// default.

import { bareType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { dedent, listOf, placeInBlock, unquote, type Item } from './datafile.ts'
import type { ColumnDef, DatasourceDef, EngineDef, SourceText, TokenGrant } from './definitions.ts'
import type { Findings } from './diagnostics.ts'
import { readSchema, splitAtCommas } from './schema.ts'
import { scanSql } from './scan.ts'
import { didYouMean } from '../sql/suggest.ts'
import {
  columnNames, durationMs, readEngine, readTags, readToken, readVersion, sourceText,
} from './values.ts'

/** What one file says: its name (from the file's), its instructions, its text. */
export type FileItems = {
  readonly name: string
  readonly file: string
  readonly items: readonly Item[]
  readonly source: string
}

const CONNECTOR_SETTING = /^(KAFKA|IMPORT|EXPORT)_/
// Instructions that may stand in a file more than once.
const REPEATABLE: ReadonlySet<string> = new Set(['TOKEN', 'TAGS', 'INCLUDE', 'SHARED_WITH'])

/** Reads a data source; everything wrong goes to `findings`. */
export function readDatasource(file: FileItems, findings: Findings): DatasourceDef {
  const { name, items } = file
  reportRepeated(items, findings)
  const one = (keyword: string): Item | undefined => items.find(item => item.keyword === keyword)
  const last = (keyword: string): Item | undefined => items.findLast(item => item.keyword === keyword)
  const all = (keyword: string): Item[] => items.filter(item => item.keyword === keyword)
  const schema = one('SCHEMA')
  const columns = schema === undefined ? [] : readSchema(schema.block, findings)
  if (columns.length === 0) {
    findings.error(schema?.place ?? { file: file.file, line: 1, column: 1 }, 'missing-schema',
      `data source ${name} has no columns; expected SCHEMA > and a column such as \`id\` String`)
  }
  columns.push(...connectorColumns(file, columns))
  const engine = readEngine(items, findings)
  checkEngine(engine, columns, items, findings)
  const version = one('VERSION')
  return {
    name, file: file.file, line: 1, column: 1, columns, engine,
    description: dedent(one('DESCRIPTION')?.block.text ?? ''),
    tokens: all('TOKEN').map(item => readToken(item, findings)).filter(grant => grant !== null),
    tags: all('TAGS').flatMap(readTags), indexes: readIndexes(one('INDEXES')),
    deduplicateBy: readDeduplicate(one('DEDUPLICATE_BY'), columns, items, findings),
    forwardQuery: textOf(last('FORWARD_QUERY')),
    backfill: one('BACKFILL')?.value.toLowerCase() ?? null,
    kafka: settingsOf(items, 'KAFKA_'), imports: settingsOf(items, 'IMPORT_'),
    sharedWith: all('SHARED_WITH').flatMap(item => listOf(item.value)),
    version: version === undefined ? null : readVersion(version, findings), source: file.source,
  }
}

// What connectors write beside the columns of the file.
const KAFKA_COLUMNS: readonly (readonly [name: string, type: string, fallback: string])[] = [
  ['__value', 'String', "''"], ['__topic', 'LowCardinality(String)', "''"], ['__partition', 'Int16', '0'],
  ['__offset', 'Int64', '0'], ['__timestamp', 'DateTime', 'now()'], ['__key', 'String', "''"],
]
const KAFKA_HEADERS = ['__headers', 'Map(String, String)', 'map()'] as const
const DYNAMODB_COLUMNS: readonly (readonly [name: string, type: string, fallback: string])[] = [
  ['_event_name', 'LowCardinality(String)', "''"], ['_event_type', 'LowCardinality(String)', "''"],
  ['_timestamp', 'DateTime64(3)', 'now64()'], ['_is_deleted', 'UInt8', '0'],
  ['_old_record', 'Nullable(String)', 'NULL'], ['_record', 'Nullable(String)', 'NULL'],
]
// When a row was imported, in data sources of warehouses: their files name it in keys, not among the columns.
const WAREHOUSE_COLUMNS = [['insertion_date', 'DateTime', 'now()']] as const
const WAREHOUSE = /^(bigquery|snowflake)$/i

function connectorColumns(file: FileItems, own: readonly ColumnDef[]): ColumnDef[] {
  if (own.length === 0) return []
  const kafka = settingsOf(file.items, 'KAFKA_')
  const hasHeaders = /^true$/i.test(kafka.KAFKA_STORE_HEADERS ?? '')
  const isDynamo = file.items.some(item => item.keyword === 'IMPORT_TABLE_ARN')
  const isWarehouse = WAREHOUSE.test(settingsOf(file.items, 'IMPORT_').IMPORT_SERVICE ?? '')
  const inKeys = file.items.some(item => /^ENGINE_.*KEY$/.test(item.keyword) && /\binsertion_date\b/.test(item.value))
  const added = [
    ...(Object.keys(kafka).length > 0 ? KAFKA_COLUMNS : []), ...(hasHeaders ? [KAFKA_HEADERS] : []),
    ...(isDynamo ? DYNAMODB_COLUMNS : []), ...(isWarehouse && inKeys ? WAREHOUSE_COLUMNS : []),
  ]
  const place = { file: file.file, line: 1, column: 1 }
  return added.filter(([name]) => !own.some(column => column.name === name))
    .map(([name, type, fallback]) => ({
      ...place, name, type, jsonPath: `$.${name}`, jsonPathWritten: false, codec: null,
      defaultExpr: { ...place, text: fallback },
    }))
}

/** Reports instructions written twice where only one can hold. */
export function reportRepeated(items: readonly Item[], findings: Findings): void {
  const seen = new Map<string, Item>()
  for (const item of items) {
    const first = seen.get(item.keyword)
    if (first === undefined) seen.set(item.keyword, item)
    else if (!REPEATABLE.has(item.keyword)) {
      const message = `${item.keyword} stands twice in this file; the first is on line ${first.place.line}`
      // Files that include their connection's settings say these once more.
      if (CONNECTOR_SETTING.test(item.keyword)) findings.warning(item.place, 'repeated-instruction', message)
      // Those that have changed often keep old queries.
      else if (item.keyword === 'FORWARD_QUERY') findings.warning(item.place, 'repeated-instruction', `${message}; the last one counts`)
      else findings.error(item.place, 'repeated-instruction', message)
    }
  }
}

/** The instructions whose keyword begins with `prefix`, as a record. */
export function settingsOf(items: readonly Item[], prefix: string): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const item of items) {
    if (item.keyword.startsWith(prefix)) settings[item.keyword] = unquote(item.value)
  }
  return settings
}

const textOf = (item: Item | undefined): SourceText | null =>
  item === undefined ? null : sourceText(item)

function readIndexes(item: Item | undefined): SourceText[] {
  if (item === undefined) return []
  // One index a line, with or without commas, perhaps with ClickHouse's word INDEX before it.
  const indexes: SourceText[] = []
  for (const run of splitAtCommas(scanSql(item.block.text))) {
    let start = 0
    for (let i = 1; i <= run.length; i++) {
      const newLine = i < run.length &&
        item.block.text.slice(run[i - 1].end, run[i].at).includes('\n')
      if (i < run.length && !newLine) continue
      const first = run[start].text.toUpperCase() === 'INDEX' ? start + 1 : start
      if (first < i) {
        const text = item.block.text.slice(run[first].at, run[i - 1].end)
        indexes.push({ ...placeInBlock(item.block, run[first].at), text })
      }
      start = i
    }
  }
  return indexes
}

function readDeduplicate(
  item: Item | undefined, columns: readonly ColumnDef[], items: readonly Item[], findings: Findings,
): DatasourceDef['deduplicateBy'] {
  if (item === undefined) return null
  const parts = /^("[^"]+"|'[^']+'|\S+)\s+(.+)$/.exec(item.value)
  const windowMs = parts === null ? null : durationMs(parts[2])
  if (parts === null || windowMs === null) {
    findings.error(item.valuePlace, 'bad-deduplicate-by',
      'expected a column and a time window, such as DEDUPLICATE_BY "event_id" 24h')
    return null
  }
  const column = unquote(parts[1])
  const source = { ...item.valuePlace, text: column }
  const named = columns.find(({ name }) => name === column)
  if (named === undefined) reportUnknownColumn(source, 'DEDUPLICATE_BY', columns, items, findings)
  else if (!canTellApart(named.type)) {
    findings.error(item.valuePlace, 'bad-deduplicate-by', `DEDUPLICATE_BY names ${column}, a column of type `
      + `${named.type}; expected a string, a UUID, an integer, a date or a time`)
    return null
  }
  return { column, windowMs }
}

// Types of which equal values have equal bytes, wherever they come from.
const KEY_TYPES: ReadonlySet<string> = new Set([
  'String', 'FixedString', 'UUID', 'Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64',
  'Date', 'Date32', 'DateTime', 'DateTime64', 'Time', 'Time64', 'Enum8', 'Enum16', 'Bool', 'IPv4', 'IPv6',
])

function canTellApart(type: string): boolean {
  try {
    return KEY_TYPES.has(bareType(parseDataType(type)).id)
  } catch {
    return true // the schema says what is wrong with it
  }
}

// Which settings an engine must have, and which mean nothing to it.
const ENGINE_NEEDS: Record<string, readonly ('sign' | 'version')[]> = {
  CollapsingMergeTree: ['sign'],
  VersionedCollapsingMergeTree: ['sign', 'version'],
}
const SETTING_KEYWORD: Record<string, Record<string, string>> = {
  CollapsingMergeTree: { sign: 'ENGINE_SIGN' },
  VersionedCollapsingMergeTree: { sign: 'ENGINE_SIGN', version: 'ENGINE_VERSION' },
}

/** Reports what an engine misses and key expressions that name no column of the schema. */
function checkEngine(
  engine: EngineDef, columns: readonly ColumnDef[], items: readonly Item[], findings: Findings,
): void {
  const engineItem = items.find(item => item.keyword === 'ENGINE')
  for (const need of ENGINE_NEEDS[engine.name] ?? []) {
    if (engine[need] !== null || engineItem === undefined) continue
    const keyword = SETTING_KEYWORD[engine.name][need]
    findings.error(engineItem.place, 'missing-engine-setting',
      `${engine.name} needs ${keyword} "column"`)
  }
  // Without columns every name would be unknown; the missing schema was reported.
  if (columns.length === 0) return
  const keyed: [SourceText | null, string][] = [
    [engine.sortingKey, 'ENGINE_SORTING_KEY'], [engine.partitionKey, 'ENGINE_PARTITION_KEY'],
    [engine.primaryKey, 'ENGINE_PRIMARY_KEY'], [engine.samplingKey, 'ENGINE_SAMPLING_KEY'],
    [engine.ttl, 'ENGINE_TTL'],
    [engine.version, items.some(item => item.keyword === 'ENGINE_VERSION') ? 'ENGINE_VERSION' : 'ENGINE_VER'],
    [engine.isDeleted, 'ENGINE_IS_DELETED'], [engine.sign, 'ENGINE_SIGN'],
    ...engine.joinKeys.map((key): [SourceText, string] => [key, 'ENGINE_KEY_COLUMNS']),
  ]
  for (const [source, keyword] of keyed) {
    if (source !== null) reportUnknownColumn(source, keyword, columns, items, findings)
  }
}

function reportUnknownColumn(
  source: SourceText, keyword: string, columns: readonly ColumnDef[], items: readonly Item[],
  findings: Findings,
): void {
  const known = columns.map(column => column.name)
  const connected = items.some(item => /^(KAFKA|IMPORT)_/.test(item.keyword))
  for (const use of columnNames(source)) {
    // Connectors add columns of their own: __timestamp, __offset (Kafka), _timestamp (DynamoDB).
    if (use.name.startsWith('_') && connected) continue
    // `a.b` may be a column of that name, or an element of column `a`.
    if (known.some(name => name === use.name || name.startsWith(`${use.name}.`))) continue
    const hint = didYouMean(use.name, known) || `; the columns are ${known.slice(0, 8).join(', ')}`
    findings.error(use, 'unknown-column', `${keyword} names the unknown column ${use.name}${hint}`)
  }
}

/** The tokens of several records, without doubles. */
export function tokenNames(grants: Iterable<TokenGrant>): string[] {
  return [...new Set([...grants].map(grant => grant.name))].sort()
}
