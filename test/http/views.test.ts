// Materialized views over real HTTP, beside ClickHouse's own over the same rows.

import { execFile } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { TestServer } from './server.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type View = { readonly name: string; readonly target: string; readonly columns: string; readonly sql: string }

const SOURCES: Readonly<Record<string, string>> = {
  visits: '`id` UInt32, `site` String, `path` String, `ms` UInt32, `tags` Array(String)',
  orders: '`id` UInt32, `site` String, `path` String',
  sites: '`site` String, `owner` String',
}

const VIEWS: readonly View[] = [
  {
    name: 'plain', target: 'slow', columns: '`id` UInt64, `site` String, `note` String DEFAULT concat(site, \'!\')',
    sql: 'SELECT id, site FROM visits WHERE ms > 500',
  },
  {
    name: 'grouped', target: 'per_site', columns: '`site` String, `hits` UInt64, `longest` UInt32',
    sql: 'SELECT site, count() AS hits, max(ms) AS longest FROM visits GROUP BY site',
  },
  {
    name: 'chained', target: 'busy', columns: '`site` String, `hits` UInt64',
    sql: 'SELECT site, hits FROM per_site WHERE hits >= 2',
  },
  {
    name: 'subquery', target: 'latest', columns: '`id` UInt32',
    sql: 'SELECT id FROM visits WHERE id IN (SELECT max(id) FROM visits)',
  },
  {
    name: 'scalar', target: 'shares', columns: '`id` UInt32, `among` UInt64',
    sql: 'SELECT id, (SELECT count() FROM visits) AS among FROM visits',
  },
  {
    name: 'joined', target: 'owned', columns: '`id` UInt32, `owner` String',
    sql: 'SELECT v.id AS id, o.owner AS owner FROM visits AS v LEFT JOIN '
      + '(SELECT site, owner FROM sites UNION ALL SELECT site, upper(owner) AS owner FROM sites) AS o ON v.site = o.site',
  },
  {
    name: 'unfolded', target: 'tagged', columns: '`id` UInt32, `tag` String',
    sql: 'SELECT id, tag FROM visits ARRAY JOIN tags AS tag',
  },
  {
    name: 'numbered', target: 'ranks', columns: '`id` UInt32, `place` UInt64',
    sql: 'SELECT id, row_number() OVER (PARTITION BY site ORDER BY ms) AS place FROM visits',
  },
  {
    name: 'met', target: 'pairs', columns: '`id` UInt32, `other` UInt32',
    sql: 'SELECT a.id AS id, b.id AS other FROM visits AS a JOIN visits AS b ON a.path = b.path',
  },
]

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'pipit-views-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  for (const [name, columns] of Object.entries(SOURCES)) {
    const schema = columns.split(', `').map((column, i) => `  ${i > 0 ? '`' : ''}${column}`).join(',\n')
    write(`datasources/${name}.datasource`, `SCHEMA >\n${schema}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "site"\n`)
  }
  for (const { name, target, columns, sql } of VIEWS) {
    write(`datasources/${target}.datasource`,
      `SCHEMA >\n  ${columns.split(', `').map((column, i) => `${i > 0 ? '`' : ''}${column}`).join(',\n  ')}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "${/`(\w+)`/.exec(columns)?.[1]}"\n`)
    write(`pipes/${name}.pipe`, `NODE n\nSQL >\n  ${sql}\n\nTYPE materialized\nDATASOURCE ${target}\n`)
  }
  write('pipes/either.pipe', 'NODE n\nSQL >\n  SELECT id, site FROM visits UNION ALL SELECT id, site FROM orders\n\n'
    + 'TYPE materialized\nDATASOURCE both\n')
  write('datasources/both.datasource', 'SCHEMA >\n  `id` UInt32,\n  `site` String\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n')
  write('pipes/inline.pipe', 'NODE n\nSQL >\n  SELECT site, sum(hits) AS hits FROM per_site GROUP BY site\n\n'
    + 'TYPE materialized\nDATASOURCE inline_sums\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "site"\n')
  write('pipes/unasked.pipe', 'NODE n\nSQL >\n  SELECT site, sumState(hits) AS hits FROM per_site GROUP BY site\n\n'
    + 'TYPE materialized\nDATASOURCE unasked_states\n')
  write('pipes/untyped.pipe', 'NODE n\nSQL >\n  SELECT 7 AS seven\n')
  write('pipes/unready.pipe', 'NODE n\nSQL >\n  SELECT nothing FROM visits\n\nTYPE endpoint\n')
  write('pipes/broken.pipe', 'NODE n\nSQL >\n  SELECT id, toInt32(path) AS number FROM orders\n\n'
    + 'TYPE materialized\nDATASOURCE as_numbers\n')
  write('datasources/as_numbers.datasource', 'SCHEMA >\n  `id` UInt32,\n  `number` Int32\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n')
  return root
}

const BATCHES: readonly (readonly Record<string, unknown>[])[] = [
  [
    { id: 1, site: 'a.com', path: '/', ms: 120, tags: ['x', 'y'] },
    { id: 2, site: 'a.com', path: '/b', ms: 700, tags: [] },
    { id: 3, site: 'b.com', path: '/', ms: 900, tags: ['z'] },
  ],
  [{ id: 4, site: 'b.com', path: '/', ms: 10, tags: ['x'] }],
  Array.from({ length: 500 }, (_, i) => (
    { id: 10 + i, site: `s${i % 7}.com`, path: `/${i}`, ms: i * 3, tags: [`t${i % 3}`] })),
]

let root = ''
let server: TestServer
let oracle: Oracle
beforeAll(async () => {
  root = project()
  server = await new TestServer(root).start()
  oracle = await startOracle()
  for (const [name, columns] of Object.entries(SOURCES)) {
    await oracle.query(`CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY site`)
  }
  for (const { name, target, columns, sql } of VIEWS) {
    await oracle.query(`CREATE TABLE ${target} (${columns}) ENGINE = MergeTree ORDER BY tuple()`)
    await oracle.query(`CREATE MATERIALIZED VIEW ${name}_mv TO ${target} AS ${sql}`)
  }
  const sites = '{"site":"a.com","owner":"ann"}\n{"site":"s3.com","owner":"sue"}'
  await server.call('POST', '/v0/events?name=sites&wait=true', sites)
  await oracle.query(`INSERT INTO sites FORMAT JSONEachRow ${sites}`)
  for (const batch of BATCHES) {
    const lines = batch.map((row) => JSON.stringify(row)).join('\n')
    const answer = await server.call('POST', '/v0/events?name=visits&wait=true', lines)
    expect(JSON.parse(answer.text)).toEqual({ successful_rows: batch.length, quarantined_rows: 0 })
    await oracle.query(`INSERT INTO visits FORMAT JSONEachRow ${lines}`)
  }
})
afterAll(async () => {
  await server.remove()
  await oracle.close()
  rmSync(root, { recursive: true, force: true })
})

const both = async (sql: string) => {
  const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONCompact')
  if (!answer.ok) throw new Error(answer.error)
  return [await server.rows(sql), JSON.parse(answer.text).data as unknown[][]] as const
}

describe('a materialized view', () => {
  it.each(VIEWS)('fills its target as ClickHouse does: $name', async ({ target }) => {
    const [ours, theirs] = await both(`SELECT * FROM ${target} ORDER BY ALL`)
    expect(ours.map((row) => Object.values(row))).toEqual(theirs)
    expect(ours.length).toBeGreaterThan(0)
  })

  it('makes its own target where the pipe has the ENGINE', async () => {
    const all = await server.rows('SELECT site, sum(hits) AS n FROM per_site GROUP BY site ORDER BY site')
    expect(await server.rows('SELECT site, sum(hits) AS n FROM inline_sums GROUP BY site ORDER BY site')).toEqual(all)
    expect(await server.rows('SELECT count() AS n FROM inline_sums FINAL')).toEqual([{ n: all.length }])
  })

  it('makes it from the columns alone where nothing says how: states of one key combine', async () => {
    const all = await server.rows('SELECT site, sum(hits) AS n FROM per_site GROUP BY site ORDER BY site')
    expect(await server.rows('SELECT site, finalizeAggregation(hits) AS n FROM unasked_states FINAL ORDER BY site')).toEqual(all)
  })

  it('stands beside pipes without TYPE, which answer, and beside one that does not hold, which says why', async () => {
    expect(JSON.parse((await server.call('GET', '/v0/pipes/untyped.json')).text)).toMatchObject({ data: [{ seven: 7 }] })
    expect((await server.call('GET', '/v0/pipes/unasked.json')).status).toBe(404)
    const unready = await server.call('GET', '/v0/pipes/unready.json')
    expect([unready.status, unready.text]).toEqual([400, expect.stringContaining("Unknown column 'nothing'")])
  })

  it('is filled by each branch of a UNION for its own table', async () => {
    await server.call('POST', '/v0/events?name=orders&wait=true', '{"id":9000,"site":"o.com","path":"77"}')
    expect(await server.rows('SELECT id, site FROM both WHERE id > 505 ORDER BY id')).toEqual([
      { id: 506, site: 's6.com' }, { id: 507, site: 's0.com' }, { id: 508, site: 's1.com' },
      { id: 509, site: 's2.com' }, { id: 9000, site: 'o.com' },
    ])
    expect(await server.rows('SELECT count() AS n FROM both')).toEqual([{ n: 505 }])
  })

  it('keeps source and target in one transaction through a crash', async () => {
    await server.stop('SIGKILL')
    await server.start()
    const [{ n }] = await server.rows('SELECT sum(hits) AS n FROM per_site')
    expect(await server.rows('SELECT count() AS n FROM visits')).toEqual([{ n }])
  })

  it('lets the source\'s rows stand when it fails, and sets them aside with the reason', async () => {
    const answer = await server.call('POST', '/v0/events?name=orders&wait=true', '{"id":1,"site":"o.com","path":"no number"}')
    expect(JSON.parse(answer.text)).toEqual({ successful_rows: 1, quarantined_rows: 0 })
    expect(await server.rows('SELECT id FROM orders WHERE id = 1')).toEqual([{ id: 1 }])
    expect(await server.rows('SELECT id, number FROM as_numbers')).toEqual([{ id: 9000, number: 77 }])
    const [aside] = await server.rows('SELECT id, path, c__error_column, c__error FROM orders_quarantine')
    expect(aside).toMatchObject({ id: '1', path: 'no number', c__error_column: ['view broken'] })
    expect(String(aside.c__error)).toMatch(/no number/)
  })

  it('serves the command line: quarantine ls and replay', async () => {
    const pipit = (...args: readonly string[]) => new Promise<string>((resolve) => {
      execFile(process.execPath, [cli, 'datasource', 'quarantine', ...args, '--url', server.url], (_error, out, err) => resolve(out + err))
    })
    expect(await pipit('ls')).toMatch(/orders\s+1\s/)
    expect(await pipit('ls', 'orders')).toMatch(/1\s+view broken\s+.*no number/)
    expect(await pipit('replay', 'orders')).toMatch(/done: 0 rows in orders, 1 left in orders_quarantine/)
    expect(await pipit('replay', 'nothing')).toMatch(/'nothing' does not exist/)
  })

  it('has the insert refused when it fails, where that is wanted', async () => {
    await server.stop()
    await server.start(undefined, { PIPIT_VIEW_ERRORS: 'refuse' })
    const answer = await server.call('POST', '/v0/events?name=orders&wait=true', '{"id":2,"site":"o.com","path":"no number"}')
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(/refused: the view broken fails over them: .*no number/)
    expect(await server.rows('SELECT id FROM orders WHERE id = 2')).toEqual([])
    expect(await server.call('POST', '/v0/events?name=orders&wait=true', '{"id":2,"site":"o.com","path":"4"}')).toMatchObject({ status: 200 })
  })
})
