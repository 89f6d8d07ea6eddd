// The command line against a running server: answers, formats of output, exit codes, suggestions.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { TestServer } from './server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = join(root, 'examples', 'saas')

type Ran = { readonly code: number; readonly out: string; readonly err: string }
let server: TestServer

function pipit(args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
      env: { ...process.env, TB_HOST: server.url, NO_COLOR: '1' },
    }, (error, out, err) => { resolve({ code: error === null ? 0 : Number(error.code), out, err }) })
    child.stdin?.end(input)
  })
}

const folder = mkdtempSync(join(tmpdir(), 'pipit-cli-'))
beforeAll(async () => { server = await new TestServer(example).start() })
afterAll(async () => {
  await server.remove()
  rmSync(folder, { recursive: true })
})

describe('verbs', () => {
  it('append a file and say how many rows went where', async () => {
    const file = join(folder, 'rows.ndjson')
    writeFileSync(file, `${new EventGenerator('app_events', 1000).next(1000)}not json\n`)
    const { code, out } = await pipit(['datasource', 'append', 'app_events', file])
    expect([code, out]).toEqual([0, 'done: 1000 rows in app_events, 1 in app_events_quarantine\n'])
  })

  it('list as a table, JSON and CSV, without colours', async () => {
    const table = await pipit(['datasource', 'ls'])
    expect(table.out).toMatch(/^name +rows +bytes +sorting key\napp_events +1000 /)
    const [source] = JSON.parse((await pipit(['datasource', 'ls', '--output', 'json'])).out) as { name: string; rows: number }[]
    expect([source.name, source.rows]).toEqual(['app_events', 1000])
    expect((await pipit(['endpoint', 'ls', '--output', 'csv'])).out).toMatch(/^name,url,description\nactive_users,http/)
    expect((await pipit(['pipe', 'ls'])).out).toMatch(/session_insights +endpoint +1/)
  })

  it('take the options that Tinybird\'s have', async () => {
    const of = async (...args: string[]) => (await pipit(['--cloud', '--host', server.url, '--token', server.token, ...args])).out
    expect(JSON.parse(await of('datasource', 'ls', '--format', 'json'))).toMatchObject([{ name: 'app_events', rows: 1000 }, { rows: 1000 }])
    const row = JSON.stringify({ ...JSON.parse(new EventGenerator('app_events', 5).next(1)) as object, user_id: 'only-here' })
    expect(await of('datasource', 'append', 'app_events', '--events', row)).toBe('done: 1 rows in app_events, 0 in app_events_quarantine\n')
    const file = join(folder, 'more.ndjson')
    writeFileSync(file, `${row}\n${row}\n`)
    expect(await of('datasource', 'append', 'app_events', '--file', file)).toBe('done: 2 rows in app_events, 0 in app_events_quarantine\n')
    expect((await pipit(['datasource', 'append', 'app_events', '--url', 'http://127.0.0.1:9/rows.csv'])).err).toMatch(/127\.0\.0\.1:9/)
    const deleted = await of('datasource', 'delete', 'app_events', '--sql-condition', "user_id = 'only-here'", '--yes', '--wait')
    expect(deleted).toMatch(/^done: 3 rows/)
    expect(await of('sql', '--format', 'csv', '--rows_limit', '2', 'SELECT count() AS n FROM app_events')).toBe('"n"\n1000\n')
    expect(await of('sql', '--rows_limit', '2', 'SELECT number FROM numbers(9) FORMAT CSV')).toBe('0\n1\n')
    expect(await of('sql', '--pipeline', 'session_insights', 'SELECT count() > 0 FROM _ FORMAT CSV')).toBe('1\n')
    const stats: unknown[] = JSON.parse(await of('endpoint', 'stats', 'session_insights', '--output', 'json'))
    expect(stats.length).toBe(1)
    expect(await of('job', 'ls', '--kind', 'copy', '--format', 'csv')).toBe('id,kind,status,data source,created,error\n')
    expect(await pipit(['datasource', 'append', 'app_events'])).toMatchObject({ code: 2, err: 'Give a file or a URL\n' })
    expect((await pipit(['datasource', 'delete', 'app_events', '--yes'])).err).toMatch(/^Give a condition/)
    expect((await pipit(['--token'])).code).toBe(2)
  })

  it('make, show and drop tokens, and call endpoints, in the words of Tinybird\'s CLI', async () => {
    const of = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await pipit(args)
      expect([args, code, err]).toEqual([args, 0, ''])
      return out
    }
    const make = ['token', 'create', 'static', 'partner', '--scope', 'PIPES:READ', '--resource', 'session_insights']
    const [value, jwt] = await Promise.all([of(...make), of('token', 'create', 'jwt', 'one', '--ttl', '30min',
      '--scope', 'PIPES:READ:session_insights', '--fixed-params', 'limit=2')])
    expect(await Promise.all([of(...make), of('token', 'scopes', 'partner'), of('endpoint', 'token', 'session_insights')]))
      .toEqual([value, 'PIPES:READ:session_insights\n', value])
    const [refreshed, rows, count, found, ...wrong] = await Promise.all([
      of('token', 'refresh', 'partner', '--yes'),
      of('endpoint', 'data', 'session_insights', '--token', jwt.trim(), '--limit', '5', '--format', 'ndjson'),
      of('pipe', 'data', 'session_insights', '--limit=4', '--format', 'csv', '--query', 'SELECT count() AS n FROM _'),
      of('endpoint', 'ls', '--match', '^session_', '--format', 'json'),
      pipit(['token', 'create', 'jwt', 'one', '--scope', 'PIPES:READ']), pipit(['endpoint', 'ls', '--match', '(']),
    ])
    expect([refreshed === value, rows.trim().split('\n').length, count, wrong.map(({ code }) => code)]).toEqual([false, 2, '"n"\n4\n', [2, 2]])
    expect(JSON.parse(found)).toMatchObject([{ name: 'session_insights' }])
    expect(await of('token', 'rm', 'partner', '--yes')).toBe('removed partner\n')
  })

  it('run SQL and call endpoints', async () => {
    expect((await pipit(['sql', 'SELECT count() AS n FROM app_events', '--format', 'CSV'])).out).toBe('1000\n')
    const data = await pipit(['endpoint', 'data', 'session_insights', '--param', 'limit=3', '--format', 'ndjson'])
    expect(data.out.trim().split('\n').length).toBe(3)
    expect((await pipit(['endpoint', 'url', 'session_insights'])).out).toBe(`${server.url}/v0/pipes/session_insights.json\n`)
    const stats = JSON.parse((await pipit(['endpoint', 'stats', '--output', 'json'])).out) as { name: string; calls: number }[]
    expect(stats.find(({ name }) => name === 'session_insights')?.calls).toBeGreaterThanOrEqual(1)
    expect(await pipit(['endpoint', 'stats', 'session_insight'])).toMatchObject({ code: 1, out: '', err: 'There is no endpoint session_insight; did you mean session_insights?\n' })
    const exported = await pipit(['datasource', 'export', 'app_events', '--where', "event_type = 'click'", '--limit', '5'])
    expect(exported.out.trim().split('\n').map((line) => (JSON.parse(line) as { event_type: string }).event_type)).toEqual(Array(5).fill('click'))
  })

  it('make tokens and keep secrets', async () => {
    const made = await pipit(['token', 'create', 'partner', '--scope', 'PIPES:READ:active_users'])
    const answer = await server.call('GET', '/v0/pipes/active_users.json', undefined, { authorization: `Bearer ${made.out.trim()}` })
    expect(answer.status).toBe(200)
    expect((await pipit(['token', 'ls'])).out).toContain('PIPES:READ:active_users')
    expect((await pipit(['secret', 'set', 'key'], 'hidden value\n')).out).toBe('done: key is set\n')
    expect((await pipit(['secret', 'set', 'key', 'other'])).code).toBe(0)
    const listed = await pipit(['secret', 'ls'])
    expect(listed.out).toMatch(/^key /m)
    expect(listed.out).not.toMatch(/hidden|other/)
    expect((await pipit(['secret', 'rm', 'key'])).code).toBe(0)
    expect((await pipit(['secret', 'rm', 'key'])).code).toBe(1)
  })

  it('render and check without a server', async () => {
    const { out } = await pipit(['render', 'active_users', '--dir', example, '--param', 'interval=1 week'])
    expect(out).toMatch(/INTERVAL '?1 week/i)
    expect((await pipit(['check', example])).out).toMatch(/^ok: \d+ files/)
  })
})

describe('wrong usage', () => {
  it('ends with 2 and names what is near', async () => {
    const verb = await pipit(['datasorce', 'ls'])
    expect([verb.code, verb.err]).toEqual([2, expect.stringContaining('datasource')])
    const below = await pipit(['datasource', 'trunkate', 'x'])
    expect([below.code, below.err]).toEqual([2, expect.stringContaining('truncate')])
    const option = await pipit(['endpoint', 'ls', '--outptu', 'json'])
    expect([option.code, option.err]).toEqual([2, expect.stringContaining('--output')])
    expect((await pipit(['endpoint', 'ls', '--output', 'xml'])).code).toBe(2)
  })

  it('is not what a failure of the work is: that ends with 1 and a sentence', async () => {
    const sql = await pipit(['sql', 'SELECT usr_id FROM app_events'])
    expect([sql.code, sql.out]).toEqual([1, ''])
    expect(sql.err).toMatch(/usr_id.*user_id/)
    const unreachable = await pipit(['sql', 'SELECT 1', '--url', 'http://127.0.0.1:9', '--token', 'x'])
    expect([unreachable.code, unreachable.err]).toEqual([1, expect.stringMatching(/does not answer/)])
    expect((await pipit(['datasource', 'truncate', 'app_events'])).err).toMatch(/--yes/)
    const small = await pipit(['dev', example, '--data', join(folder, 'small'), '--memory', '128MB'])
    expect([small.code, small.err]).toEqual([1, expect.stringMatching(/128 MiB .*give 320MB or more/)])
  })

  it('finds examples in the help of every verb', async () => {
    const verbs = [
      ['dev'], ['start'], ['check'], ['render'], ['sql'], ['datasource', 'ls'], ['datasource', 'append'],
      ['datasource', 'export'], ['datasource', 'truncate'], ['endpoint', 'ls'], ['endpoint', 'url'], ['endpoint', 'data'],
      ['endpoint', 'stats'], ['pipe', 'ls'], ['token', 'ls'], ['token', 'create'], ['secret', 'ls'], ['secret', 'set'], ['secret', 'rm'],
    ]
    const helps = await Promise.all(verbs.map((verb) => pipit([...verb, '--help'])))
    helps.forEach(({ code, out }, i) => { expect([verbs[i], code, /Examples?:\n {2}(PIPIT_|pipit)/.test(out)]).toEqual([verbs[i], 0, true]) })
  })
})
