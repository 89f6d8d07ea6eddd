// Every keyword of every kind of file: what a right one says, and the sentence for a wrong one. The list
// of keywords is the code's own: a keyword without a row here fails.

import { describe, expect, it } from 'vitest'
import { isKeyword, keywordsOf, type FileKind } from './keywords.ts'
import { loadProject, memoryReader } from './load.ts'
import type { Project } from './definitions.ts'

const SCHEMA = 'SCHEMA >\n    `a` String, `n` Int32, `sign` Int8, `v` UInt32, `d` UInt8, `at` DateTime\n'
const NODE = 'NODE one\nSQL >\n    SELECT a, n FROM src\n'
const files = (kind: FileKind, text: string): Record<string, string> => ({
  'src.datasource': SCHEMA, 'target.datasource': 'SCHEMA >\n  `a` String, `n` Int32\n',
  'x.incl': '', [`x.${kind}`]: text,
})

function read(kind: FileKind, text: string): { project: Project; found: string[] } {
  const { project, diagnostics } = loadProject('/p', memoryReader(files(kind, text)))
  return { project, found: diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`) }
}

type Row = {
  readonly good: string
  /** Something that the definition holds because of it. */
  readonly says: (project: Project) => unknown
  readonly expected: unknown
  /** A wrong text and its finding; null where any text is right. */
  readonly wrong: readonly [text: string, finding: string] | null
}

const source = (project: Project) => project.datasources.get('x')
const engine = (project: Project) => source(project)?.engine
const pipe = (project: Project) => project.pipes.get('x')

const engineRow = (line: string, says: Row['says'], expected: unknown, wrong: Row['wrong']): Row =>
  ({ good: `${SCHEMA}ENGINE "MergeTree"\n${line}\n`, says, expected, wrong: wrong && [`${SCHEMA}ENGINE "MergeTree"\n${wrong[0]}\n`, wrong[1]] })
const plainRow = (line: string, says: Row['says'], expected: unknown, wrong: Row['wrong'] = null): Row =>
  ({ good: `${SCHEMA}${line}\n`, says, expected, wrong: wrong && [`${SCHEMA}${wrong[0]}\n`, wrong[1]] })
const unknownColumn = (keyword: string) =>
  `4:${keyword.length + 3} ${keyword} names the unknown column nn; the columns are a, n, sign, v, d, at`

/** `words`: the three settings of Join; a bar stands for a comma within one. */
const joinRow = (words: string, says: Row['says'], expected: unknown, wrong: readonly [string, string]): Row => {
  const text = (all: string) => all.split(', ').map((word, i) =>
    `ENGINE_${['JOIN_STRICTNESS', 'JOIN_TYPE', 'KEY_COLUMNS'][i]} ${word.replace('|', ', ')}\n`).join('')
  const file = (all: string) => `${SCHEMA}ENGINE "Join"\n${text(all)}`
  return { good: file(words), says, expected, wrong: [file(wrong[0]), wrong[1]] }
}

const ENGINE_ROWS: Readonly<Record<string, Row>> = {
  ENGINE: { good: `${SCHEMA}ENGINE "ReplacingMergeTree"\n`, says: (p) => engine(p)?.name, expected: 'ReplacingMergeTree',
    wrong: [`${SCHEMA}ENGINE "ReplacingMergeTre"\n`, '3:9 unknown engine ReplacingMergeTre; did you mean ReplacingMergeTree?'] },
  ENGINE_PARTITION_KEY: engineRow('ENGINE_PARTITION_KEY "toYYYYMM(at)"', (p) => engine(p)?.partitionKey?.text, 'toYYYYMM(at)',
    ['ENGINE_PARTITION_KEY "nn"', unknownColumn('ENGINE_PARTITION_KEY')]),
  ENGINE_SORTING_KEY: engineRow('ENGINE_SORTING_KEY "a, at"', (p) => engine(p)?.sortingKey?.text, 'a, at',
    ['ENGINE_SORTING_KEY "nn"', unknownColumn('ENGINE_SORTING_KEY')]),
  ENGINE_PRIMARY_KEY: engineRow('ENGINE_PRIMARY_KEY a', (p) => engine(p)?.primaryKey?.text, 'a',
    ['ENGINE_PRIMARY_KEY "nn"', unknownColumn('ENGINE_PRIMARY_KEY')]),
  ENGINE_SAMPLING_KEY: engineRow('ENGINE_SAMPLING_KEY "n"', (p) => engine(p)?.samplingKey?.text, 'n',
    ['ENGINE_SAMPLING_KEY "nn"', unknownColumn('ENGINE_SAMPLING_KEY')]),
  ENGINE_TTL: engineRow('ENGINE_TTL "at + toIntervalDay(3)"', (p) => engine(p)?.ttl?.text, 'at + toIntervalDay(3)',
    ['ENGINE_TTL "nn"', unknownColumn('ENGINE_TTL')]),
  ENGINE_SETTINGS: engineRow('ENGINE_SETTINGS "index_granularity=32"', (p) => engine(p)?.settings, { index_granularity: '32' }, null),
  ENGINE_VER: engineRow('ENGINE_VER v', (p) => engine(p)?.version?.text, 'v', ['ENGINE_VER "nn"', unknownColumn('ENGINE_VER')]),
  ENGINE_VERSION: engineRow('ENGINE_VERSION "v"', (p) => engine(p)?.version?.text, 'v', ['ENGINE_VERSION "nn"', unknownColumn('ENGINE_VERSION')]),
  ENGINE_IS_DELETED: engineRow('ENGINE_IS_DELETED d', (p) => engine(p)?.isDeleted?.text, 'd',
    ['ENGINE_IS_DELETED "nn"', unknownColumn('ENGINE_IS_DELETED')]),
  ENGINE_SIGN: engineRow('ENGINE_SIGN sign', (p) => engine(p)?.sign?.text, 'sign', ['ENGINE_SIGN "nn"', unknownColumn('ENGINE_SIGN')]),
  ENGINE_COLUMNS: engineRow('ENGINE_COLUMNS "n, v"', (p) => engine(p)?.columns, ['n', 'v'], null),
  ENGINE_JOIN_STRICTNESS: joinRow('"any", "LEFT", "a"', (p) => engine(p)?.joinStrictness?.text, 'any',
    ['"SEMMI", "LEFT", "a"', '4:25 ENGINE_JOIN_STRICTNESS is SEMMI; did you mean SEMI?']),
  ENGINE_JOIN_TYPE: joinRow('SEMI, RIGHT, "a"', (p) => engine(p)?.joinType?.text, 'RIGHT',
    ['SEMI, INNER, "a"', '5:18 there is no SEMI INNER join; expected LEFT or RIGHT']),
  ENGINE_KEY_COLUMNS: joinRow('"ANY", "LEFT", "a|n"', (p) => engine(p)?.joinKeys.map(({ text }) => text), ['a', 'n'],
    ['"ANY", "LEFT", "nn"', '6:21 ENGINE_KEY_COLUMNS names the unknown column nn; the columns are a, n, sign, v, d, at']),
}

const DATASOURCE: Readonly<Record<string, Row>> = {
  ...ENGINE_ROWS,
  DESCRIPTION: plainRow('DESCRIPTION >\n    two\n    lines', (p) => source(p)?.description, 'two\nlines'),
  SCHEMA: { good: SCHEMA, says: (p) => source(p)?.columns.map(({ name }) => name), expected: ['a', 'n', 'sign', 'v', 'd', 'at'],
    wrong: ['DESCRIPTION nothing else\n', '1:1 data source x has no columns; expected SCHEMA > and a column such as `id` String'] },
  INDEXES: plainRow('INDEXES >\n    i lower(a) TYPE set(10) GRANULARITY 4', (p) => source(p)?.indexes.map(({ text }) => text),
    ['i lower(a) TYPE set(10) GRANULARITY 4']),
  TOKEN: plainRow('TOKEN "w" APPEND', (p) => source(p)?.tokens.map(({ name, permission }) => [name, permission]), [['w', 'APPEND']],
    ['TOKEN w WRITE', '3:7 WRITE is not a permission; expected READ or APPEND']),
  TAGS: plainRow('TAGS "x, y"', (p) => source(p)?.tags, ['x', 'y']),
  VERSION: plainRow('VERSION 3', (p) => source(p)?.version, 3, ['VERSION three', '3:9 VERSION is three; expected a whole number']),
  SHARED_WITH: plainRow('SHARED_WITH >\n    one,\n    two', (p) => source(p)?.sharedWith, ['one', 'two']),
  DEDUPLICATE_BY: plainRow('DEDUPLICATE_BY "a" 24h', (p) => source(p)?.deduplicateBy, { column: 'a', windowMs: 86_400_000 },
    ['DEDUPLICATE_BY a', '3:16 expected a column and a time window, such as DEDUPLICATE_BY "event_id" 24h']),
  FORWARD_QUERY: plainRow('FORWARD_QUERY >\n    SELECT a', (p) => source(p)?.forwardQuery?.text.trim(), 'SELECT a'),
  BACKFILL: plainRow('BACKFILL skip', (p) => source(p)?.backfill, 'skip'),
  INCLUDE: plainRow('INCLUDE "x.incl"', (p) => source(p)?.name, 'x', ['INCLUDE "y.incl"', '3:10 the included file y.incl is not in the project']),
  MAINTAINER: plainRow('MAINTAINER "ann"', (p) => source(p)?.name, 'x'),
}

const output = (lines: string, says: Row['says'], expected: unknown, wrong: Row['wrong'] = null): Row =>
  ({ good: `${NODE}${lines}\n`, says, expected, wrong: wrong && [`${NODE}${wrong[0]}\n`, wrong[1]] })

const PIPE: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(Object.entries(ENGINE_ROWS).map(([keyword, row]) => [keyword,
    output(`TYPE materialized\nDATASOURCE made\n${row.good.slice(SCHEMA.length).trim()}`,
      (p) => pipe(p)?.materialized[0]?.engine?.name, /ENGINE "(Replacing\w+|Join)/.exec(row.good)?.[1] ?? 'MergeTree')])),
  DESCRIPTION: { good: `DESCRIPTION >\n    words\n${NODE}`, says: (p) => pipe(p)?.description, expected: 'words', wrong: null },
  NODE: output('NODE two\nSQL >\n    SELECT a FROM one', (p) => pipe(p)?.nodes.map(({ name }) => name), ['one', 'two'],
    ['NODE one\nSQL >\n    SELECT 1', '4:6 node one is declared twice; the first is on line 1']),
  SQL: output('', (p) => pipe(p)?.nodes[0]?.sql.trim(), 'SELECT a, n FROM src', ['NODE two', '4:1 node two has no SQL; expected SQL > and a SELECT']),
  TYPE: output('TYPE endpoint', (p) => pipe(p)?.type, 'endpoint', ['TYPE endpont', '4:6 unknown pipe type endpont; did you mean endpoint?']),
  DATASOURCE: output('TYPE materialized\nDATASOURCE target', (p) => pipe(p)?.materialized[0]?.target, 'target', ['TYPE materialized', '4:1 TYPE materialized needs DATASOURCE name, the data source that node one fills']),
  TARGET_DATASOURCE: output('TYPE copy\nTARGET_DATASOURCE target', (p) => pipe(p)?.copy?.target, 'target', ['TYPE copy', '4:1 TYPE copy needs TARGET_DATASOURCE name, the data source that node one writes to']),
  COPY_SCHEDULE: output('TYPE copy\nTARGET_DATASOURCE target\nCOPY_SCHEDULE 0 * * * *', (p) => pipe(p)?.copy?.schedule, '0 * * * *',
    ['TYPE copy\nTARGET_DATASOURCE target\nCOPY_SCHEDULE often', '6:15 the schedule often is not understood; expected five cron fields or @on-demand']),
  COPY_MODE: output('TYPE copy\nTARGET_DATASOURCE target\nCOPY_MODE replace', (p) => pipe(p)?.copy?.mode, 'replace',
    ['TYPE copy\nTARGET_DATASOURCE target\nCOPY_MODE merge', '6:11 COPY_MODE is merge; expected append or replace']),
  TOKEN: output('TOKEN "r" READ', (p) => pipe(p)?.tokens.map(({ name, permission }) => [name, permission]), [['r', 'READ']], ['TOKEN r SEE', '4:7 SEE is not a permission; expected READ or APPEND']),
  TAGS: output('TAGS "x, y"', (p) => pipe(p)?.tags, ['x', 'y']),
  CACHE: output('CACHE 5m', (p) => pipe(p)?.cacheSeconds, 300, ['CACHE often', '4:7 CACHE is often; expected seconds or 5m']),
  INCLUDE: { good: `INCLUDE "x.incl"\n${NODE}`, says: (p) => pipe(p)?.nodes.length, expected: 1, wrong: [`INCLUDE "y.incl"\n${NODE}`, '1:10 the included file y.incl is not in the project'] },
  VERSION: output('VERSION 2', (p) => pipe(p)?.version, 2, ['VERSION two', '4:9 VERSION is two; expected a whole number']),
  DEPLOYMENT_METHOD: output('DEPLOYMENT_METHOD alter', (p) => pipe(p)?.name, 'x'),
  BACKFILL: output('BACKFILL skip', (p) => pipe(p)?.name, 'x'),
  MAINTAINER: output('MAINTAINER "ann"', (p) => pipe(p)?.name, 'x'),
}

const connection = (project: Project) => project.connections.get('x')
const CONNECTION: Readonly<Record<string, Row>> = {
  TYPE: { good: 'TYPE kafka\n', says: (p) => connection(p)?.type, expected: 'kafka', wrong: ['DESCRIPTION none\n', '1:1 connection x has no TYPE; expected TYPE kafka, TYPE s3 or TYPE gcs'] },
  DESCRIPTION: { good: 'TYPE s3\nDESCRIPTION words\n', says: (p) => connection(p)?.description, expected: 'words', wrong: null },
  INCLUDE: { good: 'TYPE s3\nINCLUDE "x.incl"\n', says: (p) => connection(p)?.type, expected: 's3', wrong: ['TYPE s3\nINCLUDE "y.incl"\n', '2:10 the included file y.incl is not in the project'] },
  VERSION: { good: 'TYPE s3\nVERSION 1\n', says: (p) => connection(p)?.type, expected: 's3', wrong: null },
  TAGS: { good: 'TYPE s3\nTAGS "a"\n', says: (p) => connection(p)?.type, expected: 's3', wrong: null },
}

const KINDS = { datasource: DATASOURCE, pipe: PIPE, connection: CONNECTION } as const

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('.%s', (kind) => {
  const rows = KINDS[kind]
  it.each([...keywordsOf(kind)])('%s', (keyword) => {
    const row = rows[keyword]
    expect(row, `no row for ${keyword}`).toBeDefined()
    const good = read(kind, row.good)
    expect(good.found).toEqual([])
    expect(row.says(good.project)).toEqual(row.expected)
    if (row.wrong !== null) expect(read(kind, row.wrong[0]).found).toContain(row.wrong[1])
  })
})

it('names the near keyword for one that is not known, at its place', () => {
  expect(read('datasource', `${SCHEMA}ENGINE_SORTNG_KEY "a"\n`).found)
    .toEqual(['3:1 unknown instruction ENGINE_SORTNG_KEY; did you mean ENGINE_SORTING_KEY?'])
  expect(read('pipe', `${NODE}TYPE copy\nTARGET_DATSOURCE target\n`).found)
    .toContain('5:1 unknown instruction TARGET_DATSOURCE; did you mean TARGET_DATASOURCE?')
  expect(read('pipe', 'NODES one\n').found.join()).toMatch(/1:1 unknown instruction NODES; did you mean NODE\?/)
})

it('hands settings of connectors on by their prefix, and nothing else', () => {
  expect(source(read('datasource', `${SCHEMA}KAFKA_TOPIC t\nKAFKA_GROUP_ID "g"\nIMPORT_SERVICE s3\n`).project))
    .toMatchObject({ kafka: { KAFKA_TOPIC: 't', KAFKA_GROUP_ID: 'g' }, imports: { IMPORT_SERVICE: 's3' } })
  expect(pipe(read('pipe', `${NODE}TYPE sink\nEXPORT_CONNECTION_NAME c\nEXPORT_FORMAT csv\n`).project)?.sink?.settings)
    .toEqual({ EXPORT_CONNECTION_NAME: 'c', EXPORT_FORMAT: 'csv' })
  expect(pipe(read('pipe', `${NODE}TYPE stream\nKAFKA_CONNECTION_NAME k\nKAFKA_TOPIC out\n`).project)).toMatchObject({
    type: 'sink', sink: { settings: { KAFKA_CONNECTION_NAME: 'k', KAFKA_TOPIC: 'out' } } })
  expect(read('pipe', `${NODE}TYPE sink\n`).found).toContain('4:1 TYPE sink needs EXPORT_CONNECTION_NAME "connection"')
  expect(isKeyword('pipe', 'IMPORT_SERVICE')).toBe(false)
})
