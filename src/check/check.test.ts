import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadProject, memoryReader } from '../project/load.ts'
import { checkProject } from './check.ts'
import { Renderer } from '../render/renderer.ts'

const SAAS = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const EVENTS = 'SCHEMA >\n  `a` String DEFAULT 1 +,\n  `n` Int32\nENGINE_SORTING_KEY "a"\n'
const node = (name: string, sql: string): string => `NODE ${name}\nSQL >\n    ${sql}\n`
const check = (files: Record<string, string>): string[] =>
  checkProject('/p', memoryReader(files)).files.flatMap(({ file, diagnostics }) =>
    [`${file}${diagnostics.length === 0 ? ' ok' : ''}`, ...diagnostics.map(d =>
      `  ${d.line}:${d.column} ${d.severity} ${d.message}`)])

describe('checking a project', () => {
  it('answers every file, clean ones too', () => {
    expect(check({
      'events.datasource': 'SCHEMA >\n  `a` String\n', 'p.pipe': node('p', 'SELECT * FROM evens'),
        'x.incl': 'NODE q\n',
    })).toEqual([
      'events.datasource ok', 'p.pipe', '  3:19 error unknown table evens; did you mean events?',
        'x.incl ok',
    ])
  })

  it('says of a type that is none only that, whatever else names its column', () => {
    expect(check({ 'a.datasource': 'SCHEMA >\n  id Strng,\n  n Float64\nENGINE_SORTING_KEY "id"\nDEDUPLICATE_BY n 1h\n' })).toEqual([
      'a.datasource', '  2:6 error column id: Unknown data type Strng: did you mean String?',
      '  5:16 error DEDUPLICATE_BY names n, a column of type Float64; expected a string, a UUID, an integer, a date or a time',
    ])
  })

  it('names each view of a circle, at its target, also through other pipes and nodes', () => {
    const table = 'SCHEMA >\n  `a` String\nENGINE "MergeTree"\nENGINE_SORTING_KEY "a"\n'
    const view = (sql: string, target: string) => `${node('n', sql)}TYPE materialized\nDATASOURCE ${target}\n`
    const circle = 'its rows would make it run again without end: '
    const advice = '; let one of these views write to another data source'
    const files = {
      'a.datasource': table, 'b.datasource': table, 'c.datasource': table, 'd.datasource': table,
      'from_b.pipe': node('first', 'SELECT a FROM b') + node('last', 'SELECT a FROM first'),
      'a_b.pipe': view('SELECT a FROM a', 'b'), 'b_c.pipe': view('SELECT a FROM from_b UNION ALL SELECT a FROM d', 'c'),
      'c_a.pipe': view('SELECT x.a AS a FROM c AS x LEFT JOIN d AS y ON x.a = y.a', 'a'),
      // They read what they write, which does not make them run.
      'd_c.pipe': view('SELECT d.a AS a FROM d LEFT ANTI JOIN c ON d.a = c.a', 'c'), 'sum.pipe': view('SELECT a FROM c', 'd'),
    }
    const named = (given: Record<string, string>) => check(given).filter(line => line.includes('without end'))
    expect(named(files)).toEqual([
      `  5:1 error ${circle}a → b → c → a${advice}`, `  5:1 error ${circle}b → c → a → b${advice}`,
      `  5:1 error ${circle}c → a → b → c${advice}`, `  5:1 error ${circle}d → c → d${advice}`,
      `  5:1 error ${circle}c → d → c${advice}`,
    ])
    expect(named({ ...files, 'c_a.pipe': view('SELECT a FROM d', 'a'), 'sum.pipe': view('SELECT d.a AS a FROM d', 'a') })).toEqual([])
    expect(named({ 'a.datasource': table, 'p.pipe': view('SELECT a FROM a', 'a') })).toEqual([`  5:1 error ${circle}a → a${advice}`])
  })

  it('checks templates in all their branches without a request', () => {
    expect(check({
      'a.pipe': node('a',
        "%\n    SELECT {{String(x)}}, {{ y.split(',')[3] }} {% if Int8(z) > 1 %} FROM " +
          "{{table(t)}} {% else %}FROM nope{% end %}"),
      'b.pipe': node('b', "%\n    SELECT {% if defined(x) %} {{Int32(x, 'ten')}} {% end %}"),
      'c.pipe': node('c', '%\n    SELECT {{Strin(x)}}'),
        'd.pipe': node('d', 'SELECT {{error("only when run")}} 1'),
    })).toEqual([
      'a.pipe', '  4:75 warning unknown table placeholder; expected a data source, a pipe or a ' +
        'node of this pipe',
      '  4:103 warning unknown table nope; expected a data source, a pipe or a node of this pipe',
      'b.pipe', "  4:32 error The default of the parameter x is 'ten', which is no Int32; " +
        "expected a whole number from -2147483648 to 2147483647",
      'c.pipe', '  4:14 error unknown template function Strin; did you mean String?',
      'd.pipe', '  3:5 warning node d has template tags; its SQL should begin with a line that ' +
        'holds only %',
    ])
  })

  it('leads errors of the grammar back to their place, once', () => {
    expect(check({
      'events.datasource': EVENTS,
      'p.pipe': node('p', '%\n    SELECT {{String(a_long_name)}}\n' +
        '    FORM events {% if x %} WHERE 1{% end %}'),
      'q.pipe': node('q', 'SELECT a FROM events WERE n = 1'),
      'r.pipe': node('r', '%\n    SELECT {% if x %} 1 {% elif y %} 2 {% end %}, 3'),
    }).map(line => line.replace(/Expected.*(?=Did)/, ''))).toEqual([
      'events.datasource', '  2:25 error Expected an expression, but the query ends.',
      'p.pipe', '  5:10 error Did you mean FROM instead of FORM?',
      'q.pipe', '  3:31 error Did you mean WHERE instead of WERE?', 'r.pipe',
      '  4:49 warning Expected an expression, but found ,. (in some branches of the template)',
    ])
  })
})

describe('the example project', () => {
  const saas = new Renderer(loadProject(SAAS).project)

  it('is clean', () => {
    const report = checkProject(SAAS)
    expect(report.files.map(({ file, diagnostics }) => [file, diagnostics])).toEqual([
      ['datasources/app_events.datasource', []], ['datasources/hourly_events.datasource', []], ['endpoints/active_users.pipe', []],
      ['endpoints/feature_usage.pipe', []], ['endpoints/hourly_activity.pipe', []], ['endpoints/session_insights.pipe', []],
      ['materializations/hourly_events_view.pipe', []],
    ])
    expect(saas.project.tokens).toEqual(['dashboard', 'tracker'])
  })

  it('has the tutorial\'s eleven columns in order', () => {
    const columns = saas.project.datasources.get('app_events')?.columns ?? []
    expect(columns.map(column => `${column.name} ${column.type} ${column.jsonPath}`)).toEqual([
      'event_id', 'user_id', 'session_id', 'event_type', 'feature', 'timestamp', 'device_type',
        'browser', 'os',
      'location', 'metadata',
    ].map(name => `${name} ${name === 'timestamp' ? 'DateTime' : 'String'} $.${name}`))
  })

  it('filters by user only where one is asked for', () => {
    const all = saas.render({ pipe: 'session_insights' })
    expect(all.sql).not.toContain('AND user_id')
    expect(all.slots.map(slot =>
      slot.value)).toEqual(['2023-01-01 00:00:00', '2024-12-31 23:59:59', 100n])
    const one = saas.render({ pipe: 'session_insights', params: { user_id: "o'neil", limit: '5' } })
    expect(one.sql).toContain("AND user_id = 'o\\'neil'")
    expect(one.sql).toMatch(/LIMIT 5$/)
  })

  it('takes other intervals than its enum lists: that is documentation', () => {
    expect(saas.render({ pipe: 'active_users' }).sql).toContain("INTERVAL '1 day'")
    expect(saas.render({ pipe: 'active_users', params: { interval: '2 days' } }).sql).toContain("INTERVAL '2 days'")
  })
})

describe('types over the whole graph', () => {
  const events = 'SCHEMA >\n  `id` String,\n  `n` Int32,\n  `at` DateTime\nENGINE_SORTING_KEY "id"\n'

  it('takes no key of a type whose values have no order', () => {
    for (const type of ['JSON', 'Dynamic', 'AggregateFunction(sum, Int32)', 'Array(Tuple(Int32, AggregateFunction(sum, Int32)))']) {
      for (const key of ['ENGINE_SORTING_KEY "a, b"', 'ENGINE_PARTITION_KEY "b"\nENGINE_SORTING_KEY "a"']) {
        expect(check({ 'k.datasource': `SCHEMA >\n  \`a\` Int32,\n  \`b\` ${type}\nENGINE "AggregatingMergeTree"\n${key}\n` }))
          .toEqual(['k.datasource', expect.stringMatching(/^ {2}\d+:\d+ error a key can't be made of (JSON|Dynamic|AggregateFunction\(sum, Int32\)), which has no order/)])
      }
    }
    expect(check({ 'k.datasource': 'SCHEMA >\n  `a` Int32,\n  `b` JSON,\n  `c` Map(String, Array(Int32))\nENGINE_SORTING_KEY "a, b.x.:Int64, c"\n' })).toEqual(['k.datasource ok'])
  })

  it('names unknown columns and functions of a node, all of them, with near names', () => {
    expect(check({
      'events.datasource': events,
      'p.pipe': node('a', 'SELECT id, n FROM events') +
        node('b', 'SELECT id, nn, lowr(id) FROM a WHERE idd = 1'),
      'q.pipe': node('q', 'SELECT n + m AS x FROM p'),
    })).toEqual([
      'events.datasource ok', 'p.pipe',
      "  6:16 error Unknown column 'nn'",
      "  6:20 error Unknown function 'lowr'. Did you mean 'lower'?",
      "  6:42 error Unknown column 'idd'. Did you mean 'id'?", 'q.pipe ok',
    ])
  })

  it('names regular expressions and defaults that no row makes right, where nothing of them comes with a call', () => {
    expect(check({
      'events.datasource': 'SCHEMA >\n  `id` String,\n  `n` UInt8 DEFAULT \'a\',\n  `at` DateTime DEFAULT now(),\n  `x` Int8 DEFAULT toInt8(\'7\'),\n  `end` DateTime64(3) DEFAULT \'\',\n  `zoned` DateTime(\'UTC\') DEFAULT \'\'\n'
        + 'ENGINE_SORTING_KEY "id"\n',
      'p.pipe': node('a', "SELECT match(id, '(') AS m, extract(id, '[a-z]+') AS e FROM events")
        + node('b', "SELECT count() AS c FROM events WHERE id IN (SELECT id FROM events WHERE if(n = 1, splitByRegexp('a{2', id)[1], '') = id AND multiMatchAny(id, ['a', '*']))")
        + node('c', "%\n    SELECT match(id, {{String(p, '(')}}) AS m FROM events WHERE id REGEXP '({{p}}'"),
    })).toEqual([
      'events.datasource', "  3:21 error the default is no UInt8: Cannot parse 'a' as UInt8",
      "  6:31 warning '' is no DateTime64(3); the type's own default, its first moment, is taken",
      "  7:35 warning '' is no DateTime('UTC'); the type's own default, its first moment, is taken",
      'p.pipe', "  3:12 error match: Cannot compile the regular expression '(': error parsing regexp: missing closing ): `(?s)(`",
      "  6:130 error multiMatchAny: Cannot compile the regular expression '*': error parsing regexp: missing argument to repetition operator: `*`",
    ])
  })

  it('follows columns from pipe to pipe', () => {
    expect(check({
      'events.datasource': events,
      'p.pipe': node('a', 'SELECT id, count() AS hits FROM events GROUP BY id'),
      'q.pipe': node('q', 'SELECT id, hist FROM p'),
    })).toEqual([
      'events.datasource ok', 'p.pipe ok', 'q.pipe',
      "  3:16 error Unknown column 'hist'. Did you mean 'hits'?",
    ])
  })

  it('is sure only of what no choice of branches helps or avoids', () => {
    expect(check({
      'events.datasource': events,
      'p.pipe': node('a', "%\n    SELECT {% if defined(x) %} n AS left_one {% else %} at AS right_one {% end %}, id FROM events\n" +
        "    WHERE 1 {% if defined(x) %} AND left_one > 1 {% end %} {% if y %} AND right_one > {{DateTime(y)}} {% end %}\n" +
        '    {% if z %} AND wrong = 1 {% end %}'),
    })).toEqual([
      'events.datasource ok', 'p.pipe',
      "  5:75 warning Unknown column 'right_one' (in some branches of the template)",
      "  6:20 warning Unknown column 'wrong' (in some branches of the template)",
    ])
  })

  it('compares materialized columns with their target', () => {
    const target = 'SCHEMA >\n  `id` String,\n  `total` Int64,\n  `day` Date,\n  `note` String DEFAULT \'\',\n' +
      '  `gone` String,\n  `key` String\nENGINE_SORTING_KEY "id, key"\n'
    expect(check({
      'events.datasource': events, 'totals.datasource': target,
      'v.pipe': `${node('v', 'SELECT id, n + 1 AS total, id AS day, n AS totl FROM events')}` +
        'TYPE materialized\nDATASOURCE totals\n',
    })).toEqual([
      'events.datasource ok', 'totals.datasource ok', 'v.pipe',
      '  5:1 error column day is String in node v and Date in totals; convert it in the node, or ' +
        'change the type in totals',
      '  5:1 error node v gives the column totl, which totals does not have; did you mean total?',
      '  5:1 warning node v does not give the column note String of totals; add it to the SELECT, ' +
        'or its default is stored',
      '  5:1 warning node v does not give the column gone String of totals; add it to the SELECT, ' +
        'or its default is stored',
      '  5:1 error node v does not give the column key String of totals; add it to the SELECT',
    ])
  })

  it('lets a copy leave out columns and give text for other types, and a view JSON for text', () => {
    expect(check({
      'events.datasource': 'SCHEMA >\n  `id` String,\n  `at` String,\n  `j` JSON\nENGINE_SORTING_KEY "id"\n',
      'kept.datasource': 'SCHEMA >\n  `id` String,\n  `at` DateTime64(3),\n  `day` Date,\n  `j` Nullable(String)\nENGINE_SORTING_KEY "day, id"\n',
      'c.pipe': `${node('c', 'SELECT id, at FROM events')}TYPE copy\nTARGET_DATASOURCE kept\nMODE replace\n`,
      'v.pipe': `${node('v', 'SELECT id, toDateTime(at, 3) AS at, today() AS day, j FROM events')}TYPE materialized\nDATASOURCE kept\n`,
    })).toEqual([
      'c.pipe', '  5:1 warning column at is String in node c and DateTime64(3) in kept; convert it in the node, or change the type in kept',
      '  5:1 warning node c does not give the column day Date of kept; add it to the SELECT, or its default is stored',
      '  5:1 warning node c does not give the column j Nullable(String) of kept; add it to the SELECT, or its default is stored',
      'events.datasource ok', 'kept.datasource ok', 'v.pipe ok',
    ])
  })

  it('reads attributes in templates where they are reached only, and digits of a DateTime64 as no default', () => {
    expect(check({
      'events.datasource': events,
      'd.pipe': node('d', '%\n    SELECT id FROM events WHERE 1 {% if defined(at) %} AND now64() > {{DateTime64(at, 3)}} {% end %}'),
      'p.pipe': node('p', '%\n    SELECT id FROM events WHERE 1 {% if defined(r) %} AND (0 {% for x in r %}\n' +
        '    {% if not loop.first %} {% end %} OR id = {{String(x)}} {% end %}) {% end %}'),
    })).toEqual(['d.pipe ok', 'events.datasource ok', 'p.pipe ok'])
  })

  it('says of a FORWARD_QUERY that it is none', () => {
    const source = (query: string) => `SCHEMA >\n  \`id\` UUID\nFORWARD_QUERY >\n    ${query}\n`
    expect(check({
      'a.datasource': source('SELECT toUUID(id) AS id'), 'b.datasource': source('SELECT toUUID(id AS id'),
      'c.datasource': source('SELECT id FROM c WHERE 1'), 'd.datasource': source('SELECT * EXCEPT id,\n      toUUID(id) AS id;'),
    })).toEqual([
      'a.datasource ok', 'b.datasource', expect.stringMatching(/^  4:\d+ error Expected/),
      'c.datasource', '  4:5 error FORWARD_QUERY is run over all rows that the data source has: a list of columns behind SELECT, without FROM and WHERE',
      'd.datasource ok',
    ])
  })

  it('lets states of -If into columns of the aggregate itself', () => {
    expect(check({
      'events.datasource': events,
      'totals.datasource': 'SCHEMA >\n  `id` String,\n  `c` AggregateFunction(count, UInt64),\n  `s` AggregateFunction(sum, Int64),\n' +
        '  `m` AggregateFunction(maxState, Int64)\nENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "id"\n',
      'v.pipe': `${node('v', 'SELECT id, countIfState(n > 1) AS c, sumIfState(toInt64(n), n > 1) AS s, ' +
        'maxState(toInt64(n)) AS m FROM events GROUP BY id')}TYPE materialized\nDATASOURCE totals\n`,
      'e.pipe': node('e', 'SELECT countMerge(c) AS c, sumMerge(s) AS s, maxMerge(m) AS m FROM totals'),
    })).toEqual(['e.pipe ok', 'events.datasource ok', 'totals.datasource ok', 'v.pipe ok'])
  })

  it('checks keys and defaults, and knows the columns of connectors', () => {
    expect(check({
      'k.datasource': 'SCHEMA >\n  `id` String DEFAULT lowerr(\'A\'),\n  `n` Int32\n' +
        'ENGINE_PARTITION_KEY "toYYYYMM(__timestamp)"\nENGINE_SORTING_KEY "toYYYYMM(id)"\n' +
        'KAFKA_TOPIC t\n',
      'vendor/other/datasources/e.datasource': events,
      'p.pipe': node('p', 'SELECT __offset, e.n FROM k, other.e'),
    })).toEqual([
      'k.datasource',
      "  2:23 error Unknown function 'lowerr'. Did you mean 'lower'?",
      '  5:21 error Function toYYYYMM does not take String as its first argument',
      'p.pipe ok', 'vendor/other/datasources/e.datasource ok',
    ])
  })

  it('knows nothing of tables of other workspaces, releases and services', () => {
    expect(check({
      'events.datasource': events,
      'p.pipe': node('p', 'SELECT old FROM v1_0_2.events') + node('q', 'SELECT pipe_name FROM tinybird.pipe_stats_rt') +
        node('r', 'SELECT idd FROM default.events'),
    })).toEqual(['events.datasource ok', 'p.pipe', "  9:12 error Unknown column 'idd'. Did you mean 'id'?"])
  })

  it('warns of what only another machine can do, and of constants that a parameter gives', () => {
    expect(check({
      'events.datasource': "SCHEMA >\n  `a` String `json:$.a`\nKAFKA_TOPIC 'a'\nKAFKA_TOPIC 'b'\n",
      'far.pipe': `${node('n', "SELECT a FROM iceberg('s3://x/y')")}TYPE copy\nTARGET_DATASOURCE events\n`,
      'steps.pipe': node('n', '%\n    WITH dateDiff(minute, toDateTime({{String(t)}}), now()) AS d SELECT '
        + 'toStartOfInterval(now(), INTERVAL (d > 9 ? 5 : 60) second)'),
    })).toEqual([
      'events.datasource', '  4:1 warning KAFKA_TOPIC stands twice in this file; the first is on line 3',
      'far.pipe', '  3:19 warning Table function iceberg reaches files or the network: a query reads data sources only',
      'steps.pipe', '  4:73 warning Argument 2 of function toStartOfInterval must be constant (in some branches of the template)',
    ])
  })

  it('leaves playgrounds and older versions beside endpoints out, with a warning', () => {
    const playground = '  1:1 warning a playground: Tinybird keeps it beside the project and pushes none, and it is not served here; '
      + 'move it to another folder if it is to be'
    expect(check({
      'events.datasource': events, 'playgrounds/events.pipe': node('a', 'SELECT 1'),
      'explorations/b.pipe': node('b', 'SELECT gone FROM events'),
      'endpoints/e.pipe': node('e', 'SELECT 1'), 'pipes/e.pipe': node('e', 'SELECT 2'),
    })).toEqual([
      'endpoints/e.pipe ok', 'events.datasource ok', 'explorations/b.pipe', playground, 'pipes/e.pipe',
      '  1:1 warning the name e is taken by endpoints/e.pipe; this file is left out', 'playgrounds/events.pipe', playground,
    ])
  })
})
