// A store of many times the memory that it may use: everything is answered, right, and the process stays as
// small as it is with a little data. PIPIT_LARGER_TIMES: how many times; PIPIT_LARGER_MEMORY: of which memory, in MiB.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { TestServer, writeProject } from '../http/server.ts'

const MiB = 2 ** 20
const TIMES = Number(process.env.PIPIT_LARGER_TIMES ?? 10)
/** By default the least that may be asked for (RELIABILITY.md, Bounds). */
const MEMORY_MIB = Number(process.env.PIPIT_LARGER_MEMORY ?? 320)
/** Callers that ask the same at once. */
const CALLERS = 6
const ROWS = 5000
const NAMES = 20

const server = new TestServer(writeProject({
  'texts.datasource': 'SCHEMA >\n  `id` UInt32 `json:$.id`,\n  `name` String `json:$.name`,\n  `text` String `json:$.text`\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "name"\n',
}), mkdtempSync(join(tmpdir(), 'pipit-larger-')))
afterAll(() => server.remove())

const residentMiB = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))?.[1]) / 1024
const stored = () => readdirSync(join(server.data, 'segments'))
  .reduce((sum, name) => sum + (statSync(join(server.data, 'segments', name), { throwIfNoEntry: false })?.size ?? 0), 0)

it.runIf(process.platform === 'linux')(`answers from a store of ${TIMES} times its memory, and stays small`, async () => {
  // How long it takes is not asked here: a loaded machine reads the whole store in more than the usual ten seconds.
  await server.start([], { PIPIT_MEMORY_BYTES: `${MEMORY_MIB}MB`, PIPIT_QUERY_SECONDS: '60' })
  let most = 0
  const look = setInterval(() => { most = Math.max(most, residentMiB()) }, 100)
  const bytes = new Map<string, number>()
  const firsts: string[] = []
  let rows = 0
  try {
    while (stored() < TIMES * MEMORY_MIB * MiB) {
      const batch = Array.from({ length: ROWS }, (_, index) => (
        { id: rows + index, name: `n${index % NAMES}`, text: randomBytes(400 + index % 200).toString('base64') }))
      const { status, text } = await server.call('POST', '/v0/events?name=texts&wait=true', batch.map((row) => JSON.stringify(row)).join('\n'))
      if (status === 503) continue // memory for new rows is bounded, too
      expect([status, text]).toEqual([200, expect.stringContaining(`"successful_rows":${ROWS}`)])
      rows += ROWS
      for (const row of batch) bytes.set(row.name, (bytes.get(row.name) ?? 0) + row.text.length)
      firsts.push(...batch.map((row) => row.text))
      firsts.splice(0, firsts.length, ...firsts.sort().slice(0, 5))
    }
    expect(await server.rows('SELECT count() AS n, uniqExact(id) AS u FROM texts')).toEqual([{ n: rows, u: rows }])
    const sums = await server.rows('SELECT name, sum(length(text)) AS b FROM texts GROUP BY name')
    expect(new Map(sums.map(({ name, b }) => [name, b]))).toEqual(bytes)
    expect((await server.rows('SELECT text FROM texts ORDER BY text LIMIT 5')).map(({ text }) => text)).toEqual(firsts)
    expect(await server.rows(`SELECT count() AS n FROM texts WHERE text = '${firsts[0]}'`)).toEqual([{ n: 1 }])
    const heavy = 'SELECT name, uniqExact(text) AS u, max(text) AS m FROM texts GROUP BY name ORDER BY name'
    const answers = await Promise.all(Array.from({ length: CALLERS }, () => server.call('POST', '/v0/sql', heavy)))
    // Each query has a bound, and all together.
    for (const { status, text } of answers) if (status !== 200) expect(text).toMatch(/Memory limit exceeded|Other queries hold the memory|Timeout/)
    expect(most).toBeLessThan(MEMORY_MIB)
    process.stderr.write(`larger: ${rows} rows, ${TIMES} times ${MEMORY_MIB} MiB; resident ${most.toFixed(0)} MiB at most\n`)
  } finally {
    clearInterval(look)
  }
}, 1_800_000)
