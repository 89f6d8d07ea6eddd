// The life of a server process: what it prints, refuses at start, follows while it runs, and does when
// it is told to end.

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { crc32c } from '../../storage/bytes/crc32c.ts'
import { TestServer, writeProject } from './server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = join(root, 'examples', 'saas')
const run = promisify(execFile)

/** A line as pasted into a terminal. */
const paste = async (line: string): Promise<string> => (await run('bash', ['-c', line])).stdout

describe('the example', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await new TestServer(example).start()
    await server.call('POST', '/v0/events?name=app_events', new EventGenerator('app_events', 5000).next(5000))
  })
  afterAll(() => server.remove())

  it('says in under ten lines what runs where, with a curl line per endpoint that works when pasted', async () => {
    const lines = server.output.trim().split('\n')
    expect(lines.length).toBeLessThan(10)
    expect(server.output).toMatch(/Pipit \d+\.\d+\.\d+.*\n.*data.*rows/)
    const curls = lines.flatMap((line) => /(curl .*)$/.exec(line)?.[1] ?? [])
    expect(curls.length).toBe(4)
    for (const curl of curls) expect(JSON.parse(await paste(`${curl} -s`)), curl).toHaveProperty('data')
  })

  it('follows the README line by line', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const lines = readme.split('\n').filter((line) => line.startsWith('curl '))
    expect(lines.length).toBeGreaterThanOrEqual(3)
    for (const line of lines) {
      const text = await paste(`TOKEN='${server.token}'; ${line.replaceAll('http://127.0.0.1:7181', server.url)} -sS`)
      expect(text, line).not.toMatch(/"error"/)
      expect(text.trim(), line).not.toBe('')
    }
  })

  it('keeps its tokens in a file for its owner alone', () => {
    expect(statSync(join(server.data, 'tokens.json')).mode & 0o777).toBe(0o600)
  })

  it('names the port that is taken', async () => {
    const second = new TestServer(example)
    const { port } = new URL(server.url)
    await expect(second.start(['--no-demo', '--port', port])).rejects.toThrow(
      new RegExp(`Port ${port} on 127.0.0.1 is in use by another process; stop it, or choose another port`))
    expect(second.output).not.toMatch(/\n\s+at /)
    await second.remove()
  })

  it('answers what is in flight when it is told to end, and exits with 0', async () => {
    const inFlight = server.call('POST', '/v0/sql',
      'SELECT sum(sin(number)) FROM numbers(1000000000000) SETTINGS max_execution_time = 1')
    await new Promise((resolve) => { setTimeout(resolve, 200) })
    const code = server.stop()
    expect((await inFlight).status).toBe(408)
    expect(await code).toBe(0)
  })

  it.each(['uws', 'node'])('sends large answers to their end, and stops beside clients that go on asking (%s)', async (adapter) => {
    await server.stop()
    await server.start(['--no-demo'], { PIPIT_HTTP: adapter })
    const { hostname, port } = new URL(server.url)
    const large = connect(Number(port), hostname)
    let received = 0
    large.write(`GET /v0/sql?token=${server.token}&q=${encodeURIComponent(
      "SELECT repeat('x', 1000) AS x FROM numbers(30000) FORMAT TSV")} HTTP/1.1\r\nHost: x\r\n\r\n`)
    const [head] = await once(large, 'data') as [Buffer]
    received += head.length
    large.pause()
    const asking = connect(Number(port), hostname)
    const ask = () => { asking.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n') }
    asking.on('data', ask)
    asking.on('error', () => {}) // it may write into the end of the server
    ask()
    await once(asking, 'data')
    const code = server.stop()
    await new Promise((resolve) => { setTimeout(resolve, 300) })
    large.on('data', (chunk: Buffer) => { received += chunk.length })
    large.resume()
    await once(large, 'close')
    expect(received).toBeGreaterThanOrEqual(30000 * 1001)
    expect(await code).toBe(0)
    asking.destroy()
  })
})

describe('at start', () => {
  it('refuses a data folder that it cannot write, by name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipit-file-'))
    writeFileSync(join(folder, 'file'), '')
    const server = new TestServer(example, join(folder, 'file', 'data'))
    await expect(server.start()).rejects.toThrow(/The data folder .*file.data cannot be made/)
    rmSync(folder, { recursive: true })
  })

  it('refuses a store of a newer format and leaves it alone', async () => {
    const server = await new TestServer(example).start()
    await server.stop()
    const manifest = readdirSync(server.data).filter((name) => /^manifest-\d+$/.test(name)).sort().at(-1)
    const file = join(server.data, manifest ?? 'manifest')
    const bytes = readFileSync(file)
    bytes.writeUInt32LE(99, 8)
    bytes.writeUInt32LE(crc32c(bytes.subarray(0, 28)), 28)
    writeFileSync(file, bytes)
    await expect(server.start()).rejects.toThrow(/format version 99; this Pipit knows up to version/)
    expect(readFileSync(file).equals(bytes)).toBe(true)
    await server.remove()
  })

  it('makes a data source anew whose key has changed while it has no rows, and says in a sentence what else it cannot change', async () => {
    const source = (key: string) => `SCHEMA >\n  \`k\` String,\n  \`id\` UInt32\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "${key}"\n`
    const project = writeProject({ 'ev.datasource': source('k, id') })
    const server = await new TestServer(project).start()
    await server.stop()
    writeFileSync(join(project, 'ev.datasource'), source('id'))
    await server.start()
    expect((await server.call('POST', '/v0/events?name=ev', '{"k":"a","id":1}')).status).toBe(202)
    await server.stop()
    writeFileSync(join(project, 'ev.datasource'), source('k'))
    const failure = await server.start([], {}, 'start').then(() => '', (error: Error) => error.message)
    expect(failure).toMatch(/ev cannot be changed in place, as it has rows: its sorting key was \(id\)/)
    expect(failure).not.toMatch(/\n\s+at /)
    writeFileSync(join(project, 'ev.datasource'), source('id').replace(/ENGINE[^]*/, 'ENGINE "Join"\nENGINE_JOIN_STRICTNESS "ANY"\nENGINE_JOIN_TYPE "LEFT"\nENGINE_KEY_COLUMNS "id"\n'))
    await expect(server.start([], {}, 'start')).rejects.toThrow(/its engine was MergeTree and is now Join \(any left, by id\)/)
    writeFileSync(join(project, 'ev.datasource'), source('id'))
    await server.start()
    expect(await server.rows('SELECT k, id FROM ev')).toEqual([{ k: 'a', id: 1 }])
    await server.remove()
    rmSync(project, { recursive: true })
    await expect(new TestServer(project).start()).rejects.toThrow(/There is no folder/)
  })

  it('names every error of a broken project with file, line and a caret', async () => {
    const project = writeProject({
      'a.datasource': 'SCHEMA >\n  `x` Strin `json:$.x`\n',
      'b.pipe': 'NODE n\nSQL >\n  SELECT x FROM nowhere\nTYPE endpoint\n',
    })
    const server = new TestServer(project)
    await expect(server.start([], {}, 'start')).rejects.toThrow(/a\.datasource:2:\d+[\s\S]*\^/)
    expect(server.output).toMatch(/b\.pipe:3/)
    await server.remove()
    rmSync(project, { recursive: true })
  })
})

const PIPE = (value: number) => `NODE n\nSQL >\n  SELECT ${value} AS v\nTYPE endpoint\n`

describe('in development', () => {
  const project = writeProject({ 'p.pipe': PIPE(1) })
  let server: TestServer
  beforeAll(async () => { server = await new TestServer(project).start() })
  afterAll(async () => {
    await server.remove()
    rmSync(project, { recursive: true })
  })
  const value = async () => (JSON.parse((await server.call('GET', '/v0/pipes/p.json')).text) as { data: { v: number }[] }).data[0].v

  it('serves a saved file soon, and the last good version while a file is broken', async () => {
    expect(await value()).toBe(1)
    writeFileSync(join(project, 'p.pipe'), PIPE(2))
    // Within a second on an idle machine; other tests share these cores.
    await expect.poll(value, { timeout: 5000, interval: 20 }).toBe(2)
    writeFileSync(join(project, 'p.pipe'), PIPE(3).replace('SELECT', 'SELEC'))
    await expect.poll(() => server.output, { timeout: 5000 }).toMatch(/p\.pipe:3:\d+[\s\S]*\^/)
    expect(server.output).toMatch(/the last good version keeps serving/)
    expect(await value()).toBe(2)
    writeFileSync(join(project, 'p.pipe'), PIPE(4))
    await expect.poll(value, { timeout: 5000, interval: 20 }).toBe(4)
  })
})

describe('a project of which some files do not hold', () => {
  const source = (column: string) => `SCHEMA >\n  ${column}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "x"\n`
  const pipe = (sql: string, type = 'endpoint') => `NODE n\nSQL >\n  ${sql}\n\nTYPE ${type}\n`
  const files = {
    'good.datasource': source('`x` UInt32'), 'changed.datasource': source('`x` UInt32'), 'filled.datasource': source('`x` UInt32'),
    'reads_good.pipe': pipe('SELECT sum(x) AS v FROM good'), 'reads_changed.pipe': pipe('SELECT sum(x) AS v FROM changed'),
    'fill.pipe': pipe('SELECT x FROM good', 'materialized\nDATASOURCE filled'),
  }
  const project = writeProject(files)
  afterAll(() => rmSync(project, { recursive: true }))
  const write = (file: string, text: string) => writeFileSync(join(project, file), text)

  it('is served without them in development, until they are mended, and refused in production', async () => {
    const server = await new TestServer(project).start()
    const insert = (name: string) => server.call('POST', `/v0/events?name=${name}&wait=true`, '{"x":1}')
    const value = async (name: string) => (JSON.parse((await server.call('GET', `/v0/pipes/${name}.json`)).text) as { data?: { v: number }[] }).data?.[0].v
    try {
      for (const name of ['good', 'changed']) expect((await insert(name)).status).toBe(200)
      await server.stop()
      write('changed.datasource', source('`x` String'))
      write('broken.datasource', 'SCHEMA >\n  `x` Uint33\n')
      write('reads_broken.pipe', pipe('SELECT x FROM broken'))
      write('fill.pipe', pipe('SELECT y AS x FROM good', 'materialized\nDATASOURCE filled'))
      await server.start()
      for (const line of [/broken\.datasource:2:\d+: error: [\s\S]*\^/, /fill\.pipe:3:\d+: error:/, /served without .*reads_broken\.pipe/,
        /changed\.datasource:2:\d+: Data source changed cannot be changed in place, as it has rows: column x/,
        /served without .*changed\.datasource/, /fill does not run, so filled get no rows; pipit mv rebuild fill/]) {
        expect(server.output).toMatch(line)
      }
      expect(server.output.match(/pipes\/\w+\.json/g)).toEqual(['pipes/reads_good.json'])
      expect(server.output).not.toMatch(/no file describes/)
      expect((await insert('good')).status).toBe(200)
      expect([await value('reads_good'), await value('reads_broken')]).toEqual([2, undefined])
      expect((await insert('changed')).status).toBe(404)
      write('reads_good.pipe', pipe('SELECT sum(x) * 10 AS v FROM good')) // a good file is followed meanwhile
      await expect.poll(() => value('reads_good'), { timeout: 20_000, interval: 20 }).toBe(20)
      const refused = await new TestServer(project).start([], {}, 'start').catch((error: Error) => error.message)
      expect(refused).toMatch(/broken\.datasource:2:\d+: error:[\s\S]*fill\.pipe:3:\d+: error:/)
      for (const file of ['changed.datasource', 'fill.pipe'] as const) write(file, files[file])
      write('broken.datasource', source('`x` UInt32'))
      await expect.poll(async () => [(await insert('broken')).status, (await insert('changed')).status], { timeout: 20_000 }).toEqual([200, 200])
      expect(await value('reads_changed')).toBeGreaterThanOrEqual(2)
    } finally {
      await server.remove()
    }
  })
})

describe('in production', () => {
  const secret = 'p.a-token-that-must-not-be-in-any-log'
  let server: TestServer
  beforeAll(async () => {
    server = await new TestServer(example).start(['--no-demo'],
      { PIPIT_ADMIN_TOKEN: secret, PIPIT_LOG: 'trace', PIPIT_MEMORY_BYTES: '320MB' }, 'start')
  })
  afterAll(() => server.remove())

  it('hands out no tokens and writes none to its log', async () => {
    expect((await server.call('GET', '/tokens')).status).toBe(404)
    await server.call('GET', `/v0/pipes/session_insights.json?token=${secret}`, undefined, { authorization: '' })
    await server.call('GET', `/v0/pipes/nothing.json?token=${secret}`)
    await server.call('POST', '/v0/sql', 'SELECT throwIf(1)')
    await server.call('GET', `/v0/pipes/session_insights.json?limit=x&token=${secret}`)
    expect(server.output).not.toContain(secret)
    expect(server.output).not.toContain('token-that-must')
  })

  it('answers 503 with Retry-After while it has no room, loses nothing of what it took, and recovers', async () => {
    const [row] = new EventGenerator('app_events', 1).next(1).split('\n')
    const body = Buffer.from(row.replace(/"metadata":".*"/, `"metadata":"${'x'.repeat(6_000_000)}"`))
    const answers = await Promise.all(Array.from({ length: 40 }, () => server.call('POST', '/v0/events?name=app_events&wait=true', body)))
    const taken = answers.filter(({ status }) => status === 200).length
    const refused = answers.filter(({ status }) => status === 503)
    expect(taken + refused.length).toBe(40)
    expect(taken).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0].headers['retry-after']).toBe('1')
    expect(await server.rows('SELECT count() AS n FROM app_events')).toEqual([{ n: taken }])
    await expect.poll(async () => (await server.call('POST', '/v0/events?name=app_events&wait=true', body)).status,
      { timeout: 20_000 }).toBe(200)
  })
})
