import { describe, expect, it } from 'vitest'
import { locateInNode } from './definitions.ts'
import { loadProject, memoryReader } from './load.ts'

function load(files: Record<string, string>) {
  const { project, diagnostics } = loadProject('/project', memoryReader(files))
  const found = diagnostics.map(d => `${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`)
  return { project, found, diagnostics }
}
const datasource = (schema: string, rest = ''): string => `SCHEMA >\n    ${schema}\n${rest}`

describe('reading data sources', () => {
  it('reads columns with paths, defaults with brackets and commas, and codecs', () => {
    const { project, found } = load({
      'datasources/e.datasource': datasource([
        "`id` String `json:$.id` DEFAULT if(1, concat('a,', 'b)'), '') CODEC(ZSTD(1), LZ4),",
        'tags Array(String) `json:$.meta[\'tags\'][:]`,', '# a comment', '`at` DateTime64(3, \'UTC\'),',
        '"weird name" LowCardinality(Nullable(String)) NOT NULL,', '`n` AggregateFunction(count)',
      ].join('\n    ')),
    })
    expect(found).toEqual([])
    const columns = project.datasources.get('e')?.columns ?? []
    expect(columns.map(c => [c.name, c.type, c.jsonPath, c.defaultExpr?.text ?? null, c.codec]))
      .toEqual([
        ['id', 'String', '$.id', "if(1, concat('a,', 'b)'), '')", 'ZSTD(1), LZ4'],
        ['tags', 'Array(String)', '$.meta[\'tags\'][:]', null, null],
        ['at', "DateTime64(3, 'UTC')", '$.at', null, null],
        ['weird name', 'LowCardinality(Nullable(String))', '$.weird name', null, null],
        ['n', 'AggregateFunction(count)', null, null, null],
      ])
    expect(columns[1]).toMatchObject({ line: 3, column: 5, jsonPathWritten: true })
    expect(columns[0].defaultExpr).toMatchObject({ line: 2, column: 37 })
  })

  it('reads the engine with all its settings', () => {
    const { project, found } = load({
      'e.datasource': datasource('`a` String, `v` Int32, `d` UInt8', [
        'ENGINE "ReplacingMergeTree"', 'ENGINE_PARTITION_KEY ""',
          'ENGINE_SORTING_KEY "a, lower(a)"',
        'ENGINE_VER v', 'ENGINE_IS_DELETED "d"', 'ENGINE_TTL "toDateTime(v) + INTERVAL 1 DAY"',
        'ENGINE_SETTINGS "index_granularity=32, ttl_only_drop_parts=1"', 'VERSION 3',
        'INDEXES >', '    INDEX i lower(a) TYPE set(10) GRANULARITY 4', '    j v TYPE minmax',
        'DEDUPLICATE_BY "a" 24h', 'SHARED_WITH >', '    one,', '    two', 'KAFKA_TOPIC t',
        'TAGS "x, y"', 'TOKEN w APPEND', 'TOKEN r', 'BACKFILL skip', 'FORWARD_QUERY >',
          '  SELECT a',
      ].join('\n')),
    })
    expect(found).toEqual([])
    const source = project.datasources.get('e')
    expect(source?.engine).toMatchObject({
      name: 'ReplacingMergeTree', partitionKey: null, version: { text: 'v' },
        isDeleted: { text: 'd' },
      sortingKey: { text: 'a, lower(a)', line: 5, column: 21 },
      settings: { index_granularity: '32', ttl_only_drop_parts: '1' },
    })
    expect(source).toMatchObject({
      version: 3, deduplicateBy: { column: 'a', windowMs: 86_400_000 }, sharedWith: ['one', 'two'],
      kafka: { KAFKA_TOPIC: 't' }, tags: ['x', 'y'], backfill: 'skip',
        forwardQuery: { text: 'SELECT a' },
    })
    expect(source?.indexes.map(index => index.text)).toEqual([
      'i lower(a) TYPE set(10) GRANULARITY 4', 'j v TYPE minmax',
    ])
    expect(source?.tokens.map(t => `${t.name} ${t.permission}`)).toEqual(['w APPEND', 'r READ'])
    expect(project.tokens).toEqual(['r', 'w'])
  })

  it('reads ClickHouse\'s way to write an engine, and MergeTree where none is written', () => {
    const { project } = load({
      'a.datasource': datasource('`s` Int8, `v` Int8', 'ENGINE VersionedCollapsingMergeTree(s, v)'),
      'b.datasource': datasource('`s` Int8'),
    })
    expect(project.datasources.get('a')?.engine).toMatchObject({ sign: { text: 's' },
      version: { text: 'v' } })
    expect(project.datasources.get('b')?.engine.name).toBe('MergeTree')
  })

  it('names all mistakes of all files at once, each with its place', () => {
    const { found } = load({
      'a.datasource': [
        'SCHEMA >', '    `id` Strng,', '    `at` DateTime,', '    `at` Date,',
          '    `x` String `json:id`,',
        '    `y`,', '    `v` Array(Variant(String, UInt8))', 'ENGINE "MergTree"', 'ENGINE_SORTING_KEY "id, toDate(ta)"',
          'ENGINE_SETTINGS "x"',
      ].join('\n'),
      'b.pipe': 'NODE n\nSQL >\n    SELECT 1\nNODE n\nTYPE materialized\n',
      'c.pipe': 'NODE 1c\nSQL >\n    SELECT 1\nTYPE endpont\nTOKEN x WRITE\n',
      'nested/a.pipe': 'NODE x\nSQL >\n    SELECT 1\nTYPE copy\n',
        'bad-name.connection': 'TYPE kafka',
      'empty.datasource': '', 'tinybird.config.json': '{',
    })
    expect(found.map(line => line.replace(/(not JSON: ).*/, '$1…'))).toEqual([
      'a.datasource:2:10 bad-type column id: Unknown data type Strng: did you mean String?',
      'a.datasource:4:5 duplicate-column column at is declared twice; the first stands on line 3',
      'a.datasource:5:16 bad-json-path column x: the path id is not understood; expected $.a, ' +
        '$.a.b, $[\'a\'], $.a[:] or $',
      'a.datasource:6:8 missing-type column y has no type; expected `y` String',
      'a.datasource:7:9 bad-type column v: not supported yet: a column of type Variant. Queries may give such values; store them '
        + 'as String',
      'a.datasource:8:9 unknown-engine unknown engine MergTree; did you mean MergeTree?',
      'a.datasource:9:32 unknown-column ENGINE_SORTING_KEY names the unknown column ta; the ' +
        'columns are id, at, x, v',
      'a.datasource:10:18 bad-setting the engine setting x is not understood; expected name=value',
      'b.pipe:4:1 missing-sql node n has no SQL; expected SQL > and a SELECT',
      'b.pipe:4:6 duplicate-node node n is declared twice; the first is on line 1',
      'b.pipe:5:1 missing-target TYPE materialized needs DATASOURCE name, the data source that ' +
        'node n fills',
      'bad-name.connection:1:1 bad-name the name bad-name is not allowed; expected letters, ' +
        'digits and _, no digit first',
      'c.pipe:1:6 bad-name the node name 1c is not allowed; expected letters, digits and _, no ' +
        'digit first',
      'c.pipe:4:6 unknown-type unknown pipe type endpont; did you mean endpoint?',
      'c.pipe:5:7 bad-token WRITE is not a permission; expected READ or APPEND',
      'empty.datasource:1:1 empty-file the datasource file is empty',
      'nested/a.pipe:1:1 duplicate-name the name a is taken by a.datasource',
      'nested/a.pipe:4:1 missing-target TYPE copy needs TARGET_DATASOURCE name, the data source ' +
        'that node x writes to',
      'tinybird.config.json:1:1 bad-config not JSON: …',
    ])
  })

  it('knows keys by their old names, with a comma behind, and the last FORWARD_QUERY', () => {
    const { project, diagnostics } = load({
      'a.datasource': 'SCHEMA >\n  `id` String,\n  `at` DateTime\n\nENGINE MergeTree\nSORTING_KEY id, at,\nPARTITION_KEY "toYYYYMM(at)"\n' +
        'TTL "at + INTERVAL 3 DAY"\nFORWARD_QUERY >\n  SELECT 1\nFORWARD_QUERY >\n  SELECT id, at\n',
      'w.datasource': 'SCHEMA >\n  `id` String\nENGINE_SORTING_KEY insertion_date\nIMPORT_SERVICE bigquery\n',
      'v.pipe': 'NODE n\nSQL >\n    SELECT id FROM a\nTYPE materialized\nDATASOURCE b\nENGINE AggregatingMergeTree\nSORTING_KEY id\n',
    })
    expect(diagnostics.map(({ file, line, severity, message }) => `${file}:${line} ${severity} ${message}`)).toEqual([
      'a.datasource:11 warning FORWARD_QUERY stands twice in this file; the first is on line 9; the last one counts',
    ])
    const a = project.datasources.get('a')
    expect([a?.engine.sortingKey?.text, a?.engine.partitionKey?.text, a?.engine.ttl?.text, a?.forwardQuery?.text])
      .toEqual(['id, at', 'toYYYYMM(at)', 'at + INTERVAL 3 DAY', 'SELECT id, at'])
    expect(project.datasources.get('w')?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id String', 'insertion_date DateTime'])
    expect(project.pipes.get('v')?.materialized[0].engine?.sortingKey?.text).toBe('id')
  })

  it('shows the line with a caret', () => {
    const { diagnostics } = load({ 'a.datasource': 'SCHEMA >\n\t`id` Strng\n' })
    expect(diagnostics[0].caret).toBe('\t`id` Strng\n\t     ^')
  })

  it('says which setting an engine misses', () => {
    const { found } = load({ 'a.datasource': datasource('`s` Int8', 'ENGINE CollapsingMergeTree') })
    expect(found).toEqual([
      'a.datasource:3:1 missing-engine-setting CollapsingMergeTree needs ENGINE_SIGN "column"',
    ])
    expect(load({ 'a.datasource': datasource('`s` Int8', 'ENGINE "Join(ANY, LEFT, s)"') }).found).toEqual([])
    expect(load({ 'a.datasource': datasource('`s` Int8', 'ENGINE Join') }).found).toEqual([
      'a.datasource:3:1 missing-engine-setting Join needs ENGINE_JOIN_STRICTNESS "ANY"',
      'a.datasource:3:1 missing-engine-setting Join needs ENGINE_JOIN_TYPE "LEFT"',
      'a.datasource:3:1 missing-engine-setting Join needs ENGINE_KEY_COLUMNS "column"',
    ])
  })

  it('accepts the columns that connectors add', () => {
    const { found } = load({
      'k.datasource': datasource('`v` String', 'ENGINE_SORTING_KEY __timestamp\nKAFKA_TOPIC t'),
    })
    expect(found).toEqual([])
  })
})

describe('reading pipes', () => {
  it('reads nodes with their places, and what belongs to the output node', () => {
    const { project, found } = load({
      'p.pipe': [
        'DESCRIPTION Everything', 'TAGS "a"', 'TOKEN app READ', '', 'NODE one', 'DESCRIPTION >',
        '    First', 'SQL >', '', '    %', '    SELECT 1', '', 'NODE two', 'SQL > ',
          '  SELECT * FROM one',
        'TYPE ENDPOINT', 'CACHE 5m', '',
      ].join('\r\n'),
    })
    expect(found).toEqual([])
    const pipe = project.pipes.get('p')
    expect(pipe).toMatchObject({
      type: 'endpoint', endpointNode: 'two', description: 'Everything', tags: ['a'],
        cacheSeconds: 300,
    })
    const [one, two] = pipe?.nodes ?? []
    expect(one).toMatchObject({ description: 'First', line: 10, sql: '    %\n    SELECT 1' })
    expect(locateInNode(one, one.sql.indexOf('SELECT'))).toEqual({ file: 'p.pipe', line: 11,
      column: 5 })
    expect(locateInNode(two, two.sql.indexOf('FROM'))).toEqual({ file: 'p.pipe', line: 15,
      column: 12 })
  })

  it('takes the last node where no TYPE says which answers', () => {
    const { project } = load({ 'p.pipe': 'NODE a\nSQL >\n  SELECT 1\nNODE b\nSQL SELECT 2\n' })
    expect(project.pipes.get('p')).toMatchObject({ type: 'none', endpointNode: 'b' })
    const node = project.pipes.get('p')?.nodes[1]
    expect(node === undefined ? null
      : locateInNode(node, 7)).toEqual({ file: 'p.pipe', line: 5, column: 12 })
  })

  it('publishes the last node without TYPE, as Classic did, where the folder or its name says so', () => {
    const sql = 'SQL >\n  SELECT 1\n'
    const { project } = load({
      'pipes/written_by_pull.pipe': `NODE a\n${sql}NODE endpoint\n${sql}`, 'endpoints/top.pipe': `NODE a\n${sql}`,
      'pipes/part.pipe': `NODE a\n${sql}`, 'pipes/kept.pipe': `NODE endpoint\n${sql}TYPE copy\nTARGET_DATASOURCE t\n`,
    })
    expect([...project.pipes.values()].map(({ name, type }) => `${name} ${type}`).sort())
      .toEqual(['kept copy', 'part none', 'top endpoint', 'written_by_pull endpoint'])
  })

  it('reads materialized, copy and sink pipes', () => {
    const { project, found } = load({
      'm.pipe': 'NODE m\nSQL >\n  SELECT 1 AS a\nTYPE Materialized\nDATASOURCE t\nENGINE ' +
        '"AggregatingMergeTree"\nENGINE_SORTING_KEY "a"\n',
      'c.pipe': 'NODE c\nSQL >\n  SELECT 1\nTYPE COPY\nTARGET_DATASOURCE t\nCOPY_SCHEDULE 0 * * ' +
        '* *\nCOPY_MODE replace\n',
      'd.pipe': 'NODE d\nSQL >\n  SELECT 1\nTYPE copy\nTARGET_DATASOURCE t\nCOPY_SCHEDULE ' +
        '@on-demand\n',
      's.pipe': 'NODE s\nSQL >\n  SELECT 1\nTYPE sink\nEXPORT_CONNECTION_NAME ' +
        '"k"\nEXPORT_FORMAT csv\n',
    })
    expect(found).toEqual([])
    expect(project.pipes.get('m')?.materialized).toMatchObject([
      { node: 'm', target: 't',
        engine: { name: 'AggregatingMergeTree', sortingKey: { text: 'a' } } },
    ])
    expect(project.pipes.get('c')?.copy).toMatchObject({ target: 't', schedule: '0 * * * *',
      mode: 'replace' })
    expect(project.pipes.get('d')?.copy).toMatchObject({ schedule: null, mode: 'append' })
    expect(project.pipes.get('s')?.sink?.settings).toEqual({
      EXPORT_CONNECTION_NAME: 'k', EXPORT_FORMAT: 'csv',
    })
  })
})

describe('reading a folder', () => {
  it('finds files anywhere, hidden folders and node_modules aside', () => {
    const { project } = load({
      'deep/er/a.pipe': 'NODE a\nSQL >\n  SELECT 1', '.hidden/b.pipe': 'NODE b\nSQL >\n  SELECT 1',
      'node_modules/x/c.pipe': 'NODE c\nSQL >\n  SELECT 1',
    })
    expect([...project.pipes.keys()]).toEqual(['a'])
    expect([...project.files.keys()]).toEqual(['deep/er/a.pipe'])
  })

  it('leaves playgrounds out, and says so', () => {
    const { project, diagnostics } = load({ 'playgrounds/tried.pipe': 'NODE n\nSQL >\n  SELECT a FROM gone', 'pipes/a.pipe': 'NODE a\nSQL >\n  SELECT 1' })
    expect([...project.pipes.keys()]).toEqual(['a'])
    expect(diagnostics).toMatchObject([{ file: 'playgrounds/tried.pipe', severity: 'warning', message: expect.stringMatching(/a playground/) as string }]) // matchers are any
  })

  it('reads secrets from .env and .env.local, the local file last', () => {
    const { project } = load({
      '.env': 'A=1\nB="two # \\n three" # x\n# C=3\nexport D = four # note',
        '.env.local': "A='local'",
    })
    expect(project.secrets).toEqual({ A: 'local', B: 'two # \n three', D: 'four' })
  })

  it('puts included instructions in place, with their own places and with values filled in', () => {
    const { project, found } = load({
      'includes/base.incl': 'NODE base_$GROUP\nSQL >\n    SELECT ${GROUP} FROM e\n',
      'pipes/p.pipe': 'INCLUDE "../includes/base.incl" "GROUP=day"\nNODE last\nSQL >\n  SELECT 1\n',
    })
    expect(found).toEqual([])
    expect(project.pipes.get('p')?.nodes.map(node =>
      `${node.name} ${node.file}:${node.line}`)).toEqual([
      'base_day includes/base.incl:3', 'last pipes/p.pipe:4',
    ])
  })

  it('reports an include that is missing or circular', () => {
    const { found } = load({
      'a.incl': 'INCLUDE "a.incl"\n',
        'p.pipe': 'INCLUDE "none.incl"\nINCLUDE "a.incl"\nNODE n\nSQL >\n  SELECT 1',
    })
    expect(found).toEqual([
      'a.incl:1:10 circular-include a.incl includes itself',
      'p.pipe:1:10 missing-include the included file none.incl is not in the project',
    ])
  })

  it('reads connections and keeps their templates', () => {
    const { project, found } = load({
      'k.connection': 'TYPE kafka\nKAFKA_KEY {{ tb_secret("KEY", "") }}\n',
        'c.connection': 'KAFKA_KEY k',
    })
    expect(found).toEqual([])
    expect(project.connections.get('k')).toMatchObject({
      type: 'kafka', settings: { KAFKA_KEY: '{{ tb_secret("KEY", "") }}' },
    })
    expect(project.connections.get('c')?.type).toBe('kafka')
  })
})
