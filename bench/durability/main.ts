// `npm run bench:durability`: what durability costs. Writers on raw sockets send prepared requests, each
// answered after its fdatasync; then recovery of the log after a kill, and the doctor's speed.

import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { EventGenerator } from '../generator.ts'
import { BenchServer, root } from './server.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '5' }, megabytes: { type: 'string', default: '200' } } })
const RUN_MS = Number(options.seconds) * 1000
const LOG_BYTES = Number(options.megabytes) * 2 ** 20
/** Prepared bodies that the writers take in turn. */
const BODIES = 2000

const say = (text: string): void => { process.stdout.write(`${text}\n`) }

function requestsOf(server: BenchServer, rows: number, seed: number): Buffer[] {
  const generator = new EventGenerator('app_events', BODIES * rows, seed)
  return Array.from({ length: BODIES }, () => {
    const body = generator.next(rows)
    return Buffer.from(`POST /v0/events?name=app_events&wait=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token}\r\n`
      + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
}

/** One request after the other; an answer is whole when its body is. */
function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!text.includes('}')) return
      socket.off('data', take)
      if (text.startsWith('HTTP/1.1 200')) resolve()
      else reject(new Error(text.slice(0, 300)))
    }
    socket.on('data', take)
    socket.write(request)
  })
}

type Figures = { readonly requests: number; readonly seconds: number; readonly latencies: Float64Array }

/** Writers until the time is over, or `count` requests are done. */
async function write(server: BenchServer, writers: number, rows: number, count = Number.POSITIVE_INFINITY): Promise<Figures> {
  const requests = requestsOf(server, rows, writers * 1000 + rows)
  const latencies: number[] = []
  const port = Number(new URL(server.url).port)
  const began = performance.now()
  let next = 0
  await Promise.all(Array.from({ length: writers }, async () => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    await new Promise((resolve, reject) => { socket.on('connect', resolve).on('error', reject) })
    while (next < count && (count < Number.POSITIVE_INFINITY || performance.now() - began < RUN_MS)) {
      const at = performance.now()
      await exchange(socket, requests[next++ % BODIES])
      latencies.push(performance.now() - at)
    }
    socket.destroy()
  }))
  return { requests: latencies.length, seconds: (performance.now() - began) / 1000, latencies: Float64Array.from(latencies).sort() }
}

const at = (sorted: Float64Array, share: number): string => sorted[Math.floor((sorted.length - 1) * share)].toFixed(2)

async function latencies(): Promise<void> {
  say('| writers | rows a request | requests/s | rows/s | p50 ms | p99 ms |\n| --- | --- | --- | --- | --- | --- |')
  for (const rows of [1, 100]) {
    for (const writers of [1, 8, 64]) {
      await withServer(async (server) => {
        const { requests, seconds, latencies } = await write(server, writers, rows)
        const [{ n }] = await server.rows('SELECT count() AS n FROM app_events')
        if (n !== requests * rows) throw new Error(`${n} rows, not ${requests * rows}`)
        say(`| ${writers} | ${rows} | ${Math.round(requests / seconds)} | ${Math.round(requests * rows / seconds)} | `
          + `${at(latencies, 0.5)} | ${at(latencies, 0.99)} |`)
      })
    }
  }
}

const QUERY = 'SELECT feature, event_type, count() AS c, uniqExact(user_id) AS u FROM app_events GROUP BY feature, event_type'

/** The same rows by small and by large inserts: what is left of the difference for a query. */
async function smallInserts(): Promise<void> {
  const times: number[] = []
  for (const [rows, count] of [[1, 100_000], [100, 1000]] as const) {
    await withServer(async (server) => {
      await write(server, 64, rows, count)
      for (let warm = 0; warm < 3; warm++) await server.rows(QUERY)
      const runs = []
      for (let run = 0; run < 15; run++) {
        const began = performance.now()
        await server.rows(QUERY)
        runs.push(performance.now() - began)
      }
      times.push(runs.sort((a, b) => a - b)[7])
    })
  }
  say(`\nquery after 100,000 inserts of a row: ${times[0].toFixed(1)} ms; after 1,000 of 100 rows: ${times[1].toFixed(1)} ms; `
    + `ratio ${(times[0] / times[1]).toFixed(2)}`)
}

const bytesIn = (folder: string, prefix: string): number => readdirSync(folder)
  .filter((name) => name.startsWith(prefix)).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

/** A log of some size is read back after a kill; then every byte of the store is verified. */
async function recovery(): Promise<void> {
  await withServer(async (server) => {
    while (bytesIn(server.data, 'wal-') < LOG_BYTES) {
      const before = bytesIn(server.data, 'wal-')
      await write(server, 8, 5000, 100)
      if (bytesIn(server.data, 'wal-') <= before) break // a flush has recycled it
    }
    const logBytes = bytesIn(server.data, 'wal-')
    const [{ n }] = await server.rows('SELECT count() AS n FROM app_events')
    await server.stop('SIGKILL')
    const began = performance.now()
    await server.start()
    const seconds = (performance.now() - began) / 1000
    const [{ n: after }] = await server.rows('SELECT count() AS n FROM app_events')
    if (after !== n) throw new Error(`${after} rows, not ${n}`)
    await server.stop('SIGTERM')
    say(`\nstart after a kill: ${seconds.toFixed(2)} s with ${(logBytes / 2 ** 20).toFixed(0)} MiB of log, ${n} rows in all`)
    const report = JSON.parse(execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), 'doctor', '--data', server.data, '--format', 'json'],
      { encoding: 'utf8' })) as { bytes: number; seconds: number }
    const bytes = report.bytes + bytesIn(server.data, 'wal-')
    say(`doctor: ${(bytes / 2 ** 20).toFixed(0)} MiB in ${report.seconds.toFixed(2)} s, ${Math.round(bytes / 2 ** 20 / report.seconds)} MiB/s`)
  })
}

async function withServer(use: (server: BenchServer) => Promise<void>): Promise<void> {
  const server = new BenchServer()
  try {
    await server.start()
    await use(server)
  } finally {
    await server.remove()
  }
}

await latencies()
await smallInserts()
await recovery()
