// Backup under load, restore, doctor and repair, as the verbs do them.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'
import { EventGenerator } from '../../bench/generator.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = join(root, 'examples', 'saas')
const place = mkdtempSync(join(tmpdir(), 'pipit-backup-'))
const [backup, restored] = [join(place, 'backup'), join(place, 'restored')]
const server = new TestServer(example, join(place, 'data'))
const generator = new EventGenerator('app_events', 100_000, 5)
beforeAll(async () => { await server.start() })
afterAll(async () => {
  await server.remove()
  rmSync(place, { recursive: true, force: true })
}, 180_000)

const cli = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { encoding: 'utf8' })
  return { status, text: stdout + stderr }
}
const post = async (rows: number) => {
  expect((await server.call('POST', '/v0/events?name=app_events&wait=true', generator.next(rows))).status).toBe(200)
}
const flush = () => server.call('POST', `/v0/datasources/app_events/delete?delete_condition=${encodeURIComponent("event_id = 'nobody'")}`)
const sums = async (of: TestServer) => (await of.rows('SELECT count() AS n, uniqExact(event_id) AS u FROM app_events'))[0] as { n: number; u: number }
/** Rows of all tables: the events, and what the example's view made of them. */
const allRows = async (of: TestServer) => Number((await of.rows(
  'SELECT (SELECT count() FROM app_events) + (SELECT count() FROM hourly_events) + (SELECT count() FROM made) AS n'))[0].n)
let rowsRestored = 0
const asked = async (of: TestServer, path: string, token = of.token) => {
  const { status, text } = await of.call('GET', path, undefined, { authorization: `Bearer ${token}` })
  return { status, answer: JSON.parse(text) as Record<string, unknown> }
}
/** What the server keeps beside its rows: a token, a secret, a data source that no file of the project has. */
async function addBeside(): Promise<string> {
  const made = await server.call('POST', '/v0/tokens?name=reader&scope=DATASOURCES:READ:made')
  await server.call('POST', '/v0/variables?name=secret_word&value=sesame')
  await server.call('POST', '/v0/datasources?name=made&mode=create&format=csv', 'id,word\n1,one\n2,two\n')
  return (JSON.parse(made.text) as { token: string }).token
}
const takeBackup = () => cli('backup', backup, '--url', server.url, '--token', server.token)

it('backs up while rows come in, only what is new the second time, and restores a whole moment', async () => {
  await post(3000)
  const reader = await addBeside()
  await flush()
  await post(500)
  let isOver = false
  let sent = 3500
  const load = (async () => { while (!isOver) { await post(50); sent += 50 } })()
  const answer = await server.call('POST', `/v0/backup?folder=${encodeURIComponent(backup)}`)
  expect(answer.status, answer.text).toBe(200)
  isOver = true
  await load
  const files = readdirSync(join(backup, 'segments'))
  expect(files.length).toBeGreaterThan(0)
  await flush()
  const second = takeBackup()
  expect(second.text).toContain(`done: ${await allRows(server)} rows of `)
  const looked = cli('doctor', '--data', backup, '--format', 'json')
  expect(looked.status, looked.text).toBe(0)
  expect(JSON.parse(looked.text)).toMatchObject({ rows: await allRows(server), problems: [] })
  expect(cli('doctor', '--data', backup, '--repair')).toMatchObject({ status: 2, text: expect.stringMatching(/is a backup: restore it/) })
  await post(10)
  expect(cli('restore', backup, '--data', restored)).toMatchObject({ status: 0 })
  expect(cli('restore', backup, '--data', restored).text).toMatch(/is not empty/)
  const other = new TestServer(example, restored)
  await other.start()
  expect(await sums(other)).toEqual({ n: sent, u: sent })
  expect(await sums(server)).toEqual({ n: sent + 10, u: sent + 10 })
  rowsRestored = await allRows(other)
  expect(other.token).toBe(server.token)
  expect(await asked(other, `/v0/sql?q=${encodeURIComponent('SELECT sum(id) AS n FROM made FORMAT JSON')}`, reader))
    .toMatchObject({ status: 200, answer: { data: [{ n: 3 }] } })
  expect((await asked(other, '/v0/variables')).answer).toMatchObject({ variables: [{ name: 'secret_word' }] })
  const [set] = readdirSync(backup).filter((name) => name.startsWith('set-'))
  for (const folder of [join(backup, set, 'beside'), restored]) {
    const secrets = readdirSync(folder).filter((name) => /^(tokens|variables)/.test(name))
    expect(secrets.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600])
  }
  await other.stop()
  expect(cli('doctor', '--data', restored)).toMatchObject({ status: 0 })
}, 180_000)

it('verifies a store in use', () => {
  const { status, text } = cli('doctor', '--data', server.data, '--format', 'json')
  expect(status, text).toBe(0)
  expect(JSON.parse(text)).toMatchObject({ problems: [] })
}, 180_000)

it('says which formats there are', () => {
  expect(cli('doctor', '--data', server.data, '--format', 'xml')).toMatchObject({ status: 2, text: expect.stringMatching(/text, json/) })
})

it('names damage, takes the block out with its rows counted, and serves the rest', async () => {
  const segments = join(restored, 'segments')
  const [largest] = readdirSync(segments).sort((a, b) => statSync(join(segments, b)).size - statSync(join(segments, a)).size)
  const bytes = readFileSync(join(segments, largest))
  bytes[bytes.length >> 1] ^= 16
  writeFileSync(join(segments, largest), bytes)
  const found = cli('doctor', '--data', restored)
  expect(found.status).toBe(1)
  expect(found.text).toMatch(new RegExp(`damaged: ${largest}(, column \\w+)?(, block \\d+)?: `))
  const repaired = cli('doctor', '--data', restored, '--repair')
  const gone = Number(/partition \S+; gone are (\d+) rows(?: of block \d+)?, timestamp \d+ to \d+/.exec(repaired.text)?.[1])
  expect(gone, repaired.text).toBeGreaterThan(0)
  expect(existsSync(join(restored, 'damaged', largest))).toBe(true)
  expect(cli('doctor', '--data', restored)).toMatchObject({ status: 0 })
  const other = new TestServer(example, restored)
  await other.start()
  expect(await allRows(other)).toBe(rowsRestored - gone)
  await other.stop()
}, 180_000)
