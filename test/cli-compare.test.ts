// `pipit compare` over a small project: fixtures and made rows, a materialized view, parameters, ties.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'pipit-compare-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

type Line = { pipe: string; node: string; parameters: string; outcome: string; rows: number; reason: string }

function compare(...args: readonly string[]) {
  // What waits on stdin (a shell's loop) is not for ClickHouse.
  const done = spawnSync(process.execPath, [cli, 'compare', root, '--output', 'json', ...args], { encoding: 'utf8', input: 'more\n' })
  return { code: done.status, lines: JSON.parse(done.stdout || '[]') as Line[], errors: done.stderr }
}

it('finds a project of ours equal to ClickHouse, and says what it could not run', () => {
  write('datasources/visits.datasource', `SCHEMA >
  \`at\` DateTime64(3) \`json:$.at\`, \`user_id\` LowCardinality(String) \`json:$.user.id\`,
  \`payload\` String \`json:$.payload\`, \`tags\` Array(String) \`json:$.tags[:]\`,
  \`score\` Nullable(Float32) \`json:$.score\`, \`big\` UInt64 \`json:$.big\`, \`kind\` Enum8('a' = 1, 'b' = 2) \`json:$.kind\`,
  \`props\` Map(String, Int32) \`json:$.props\`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(at)"
ENGINE_SORTING_KEY "user_id, at"
ENGINE_TTL "toDateTime(at) + toIntervalDay(10)"
`)
  write('datasources/users.datasource', 'SCHEMA >\n  `id` String `json:$.id`,\n  `plan` String `json:$.plan`\n')
  write('fixtures/users.ndjson', '{"id":"user_id_1","plan":"pro"}\n{"id":"user_id_2","plan":"free"}\n')
  write('datasources/by_day.datasource', `SCHEMA >
  \`day\` Date, \`plan\` String, \`visits\` AggregateFunction(count), \`users\` AggregateFunction(uniq, String)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "day, plan"
`)
  write('pipes/fill.pipe', `NODE fill
SQL >
  SELECT toDate(at) AS day, u.plan AS plan, countState() AS visits, uniqState(user_id) AS users
  FROM visits LEFT JOIN users u ON u.id = visits.user_id GROUP BY day, plan
TYPE materialized
DATASOURCE by_day
`)
  // What combines rows as they are inserted, and a view that some rows make fail: each row is an insert of its own.
  write('datasources/latest.datasource', `SCHEMA >
  \`id\` String \`json:$.id\`, \`score\` Nullable(UInt8) \`json:$.score\`

ENGINE "ReplacingMergeTree"
ENGINE_SORTING_KEY "id"
`)
  write('datasources/seen.datasource', 'SCHEMA >\n  `id` String, `times` UInt64\n')
  write('datasources/scores.datasource', 'SCHEMA >\n  `id` String, `least` UInt8\n')
  write('pipes/see.pipe', 'NODE see\nSQL >\n  SELECT id, count() AS times FROM latest GROUP BY id\nTYPE materialized\nDATASOURCE seen\n')
  write('datasources/plain.datasource', 'SCHEMA >\n  `id` String `json:$.id`, `score` Nullable(UInt8) `json:$.score`\n')
  write('pipes/score.pipe', 'NODE score\nSQL >\n  SELECT id, min(score) AS least FROM plain GROUP BY id\nTYPE materialized\nDATASOURCE scores\n')
  write('endpoints/totals.pipe', `NODE totals
SQL >
  SELECT sum(times) AS seen, (SELECT count() FROM scores) AS scored, (SELECT count() FROM plain) AS sent FROM seen
TYPE endpoint
`)
  write('endpoints/days.pipe', `NODE recent
SQL >
  SELECT day, plan, countMerge(visits) AS n, uniqMerge(users) AS users FROM by_day WHERE day > today() - 30 GROUP BY day, plan
NODE days
SQL >
  %
  SELECT plan, sum(n) AS visits, any(users) AS some FROM recent
  WHERE 1 {% if defined(plan) %} AND plan = {{String(plan)}} {% end %} GROUP BY plan ORDER BY visits LIMIT {{Int32(top, 5)}}
TYPE endpoint
`)
  write('endpoints/odd.pipe', `NODE read
SQL >
  SELECT JSONExtractString(payload, 'browser') AS browser, argMax(user_id, kind), groupArray(score), max(big), sumMap(props)
  FROM visits GROUP BY browser
NODE numbered
SQL >
  SELECT user_id, row_number() OVER (ORDER BY toDate(at)) AS n, rand() < 0 AS never FROM visits
  INNER JOIN (SELECT user_id FROM visits GROUP BY user_id) USING (user_id) ORDER BY toDate(at) LIMIT 20
TYPE endpoint
`)
  const { code, lines, errors } = compare('--rows', '60')
  expect(errors).toMatch(/^note: view score: \d+ rows of plain do not fit and are set aside \(.*; each row is an insert of its own in both\n$/)
  expect(lines.map(({ outcome }) => outcome)).toEqual(lines.map(() => 'equal'))
  expect(lines.map(({ pipe, node, parameters }) => `${pipe}.${node} ${parameters}`)).toEqual([
    'days.recent defaults', 'days.days defaults', 'days.days all', 'odd.read defaults', 'odd.numbered defaults',
    'totals.totals defaults', 'fill.fill defaults', 'score.score defaults', 'see.see defaults',
  ])
  expect(lines.every(({ rows }) => rows > 0)).toBe(true)
  expect(code).toBe(0)
}, 60_000)

it('goes on where one file is wrong, and ends with 1 where something is not equal', () => {
  write('endpoints/wrong.pipe', 'NODE wrong\nSQL >\n  SELECT nothing FROM visits\nTYPE endpoint\n')
  write('endpoints/asking.pipe', "NODE asking\nSQL >\n  %\n  {{ error('never') }} SELECT 1\nTYPE endpoint\n")
  write('datasources/odd_type.datasource', 'SCHEMA >\n  `id` Text KEY id\n')
  const { code, lines, errors } = compare('--rows', '5')
  expect(errors).toMatch(/odd_type\.datasource:2:13: error: column id: In the type `Text KEY id`/)
  expect(errors).toMatch(/wrong\.pipe:3:10: error: Unknown column 'nothing'/)
  expect(lines.find(({ pipe }) => pipe === 'wrong')).toMatchObject({ outcome: 'equal', reason: "both refuse it: Unknown column 'nothing'" })
  expect(lines.find(({ pipe }) => pipe === 'asking')).toMatchObject({ outcome: 'not runnable', reason: 'it does not render: never' })
  expect(code).toBe(1)
}, 60_000)
