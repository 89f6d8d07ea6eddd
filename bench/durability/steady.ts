// What merging costs: bytes written for bytes kept, on rows that hardly repeat, and what point lookups
// wait while segments are merged one after the other. And a data set of many times the memory.

import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { request } from 'undici'
import { EventGenerator } from '../generator.ts'
import { bytesIn } from './recovery.ts'
import type { BenchServer } from './server.ts'

const MiB = 2 ** 20
/** Rows of one insert. */
const BATCH = 10_000
const LOOKUP_SECONDS = 8

const at = (sorted: ArrayLike<number>, share: number): number => sorted[Math.floor((sorted.length - 1) * share)]
const pause = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms) })

async function insert(server: BenchServer, name: string, body: string): Promise<void> {
  for (;;) {
    const answer = await request(`${server.url}/v0/events?name=${name}&wait=true`, {
      method: 'POST', body, headers: { authorization: `Bearer ${server.token}` },
      reset: true, // on a busy machine the next body takes so long that the server has closed an idle connection
    })
    const text = await answer.body.text()
    if (answer.statusCode === 200) return
    if (answer.statusCode !== 503) throw new Error(text)
    await pause(200)
  }
}

const ofProcess = (server: BenchServer, file: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${server.pid}/${file}`, 'latin1'))?.[1])

/** Until nothing is written for a while. */
async function settled(server: BenchServer): Promise<void> {
  for (let before = -1; before !== ofProcess(server, 'io', 'write_bytes');) {
    before = ofProcess(server, 'io', 'write_bytes')
    await pause(2000)
  }
}

async function load(server: BenchServer, rows: number): Promise<void> {
  const generator = new EventGenerator('hard_events', rows, 7)
  const waiting: Promise<void>[] = []
  for (let sent = 0; sent < rows; sent += BATCH) {
    if (waiting.length >= 3) await waiting.shift()
    waiting.push(insert(server, 'app_events', generator.next(BATCH)))
  }
  await Promise.all(waiting)
}

/** Times of point lookups, one after the other, for a while. */
async function lookups(server: BenchServer): Promise<Float64Array> {
  const times: number[] = []
  for (const until = performance.now() + LOOKUP_SECONDS * 1000; performance.now() < until;) {
    const began = performance.now()
    await server.endpoint(`session_insights.json?user_id=user_${times.length % 5000}`)
    times.push(performance.now() - began)
  }
  return Float64Array.from(times).sort()
}

/** Deletes of single users have every segment written anew, one merge after the other. */
async function keepMerging(server: BenchServer, isOver: () => boolean): Promise<void> {
  for (let user = 0; !isOver(); user++) {
    await request(`${server.url}/v0/datasources/app_events/delete`, {
      method: 'POST', body: `delete_condition=${encodeURIComponent(`user_id = 'user_${user}'`)}`,
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/x-www-form-urlencoded' },
    }).then(({ body }) => body.text())
    await pause(200)
  }
}

export async function merging(server: BenchServer, rows: number): Promise<string> {
  const before = ofProcess(server, 'io', 'write_bytes')
  await load(server, rows)
  await settled(server)
  const written = ofProcess(server, 'io', 'write_bytes') - before
  const kept = bytesIn(`${server.store}/segments`, 'segment-')
  const quiet = await lookups(server)
  let isOver = false
  const merges = keepMerging(server, () => isOver)
  const busy = await lookups(server)
  isOver = true
  await merges
  return `write amplification, hard_events, ${rows} rows: ${(written / MiB).toFixed(0)} MiB written, the log with it, `
    + `for ${(kept / MiB).toFixed(0)} MiB kept: ${(written / kept).toFixed(2)}\n`
    + `point lookup, p50 and p99 in ms: ${at(quiet, 0.5).toFixed(2)}, ${at(quiet, 0.99).toFixed(2)}; while segments are merged: `
    + `${at(busy, 0.5).toFixed(2)}, ${at(busy, 0.99).toFixed(2)}; p99 ${(at(busy, 0.99) / at(quiet, 0.99)).toFixed(2)} times`
}

const QUERIES = [
  'SELECT count() AS n, uniqExact(length(metadata)) AS u, max(event_id) AS m FROM app_events',
  'SELECT feature, count() AS n, sum(length(metadata)) AS b FROM app_events GROUP BY feature ORDER BY feature',
  "SELECT count() AS n FROM app_events WHERE metadata LIKE '%zzz%'",
  "SELECT event_id, metadata FROM app_events ORDER BY metadata LIMIT 5",
]

/** Rows of random text until the segments have `times` the memory; every query answers, and the process
 * stays small. */
export async function larger(server: BenchServer, memoryMiB: number, times: number): Promise<string> {
  let rows = 0
  let most = 0
  const look = setInterval(() => { most = Math.max(most, ofProcess(server, 'status', 'VmRSS') / 1024) }, 100)
  try {
    while (bytesIn(`${server.store}/segments`, 'segment-') < times * memoryMiB * MiB) {
      const lines = Array.from({ length: 5000 }, () => JSON.stringify({
        timestamp: '2024-05-01 00:00:00', user_id: `user_${rows % 5000}`, session_id: 's', event_id: `e${rows++}`,
        event_type: 'a', device_type: 'd', browser: 'b', os: 'o', location: 'l', feature: `f${rows % 20}`, metadata: randomBytes(600).toString('base64'),
      }))
      await insert(server, 'app_events', lines.join('\n'))
    }
    await settled(server)
    const afterLoad = most
    const seconds: string[] = []
    for (const sql of QUERIES) {
      const began = performance.now()
      const [first] = await server.rows(`${sql} SETTINGS max_execution_time = 60`)
      seconds.push(((performance.now() - began) / 1000).toFixed(1))
      if (sql.includes('uniqExact') && first.n !== rows) throw new Error(`${first.n} rows, not ${rows}`)
    }
    return `--memory ${memoryMiB}MB, ${(bytesIn(`${server.store}/segments`, 'segment-') / MiB).toFixed(0)} MiB in segments, ${rows} rows: `
      + `resident at most ${afterLoad.toFixed(0)} MiB while loading, ${most.toFixed(0)} MiB in all; queries ${seconds.join(', ')} s`
  } finally {
    clearInterval(look)
  }
}
