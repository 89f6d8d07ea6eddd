// `npm run bench:durability`: what durability costs. Writers on raw sockets send prepared requests, each
// answered after its fdatasync, beside SQLite with the same batches; small inserts against large ones;
// recovery of the log after a kill; the doctor's speed; what merging costs; a data set of ten times the memory.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { EventGenerator } from '../generator.ts'
import { fill } from './fill.ts'
import { bytesIn, recovery, restart, RESTARTS } from './recovery.ts'
import { optionsOf } from '../options.ts'
import { BenchServer, root } from './server.ts'
import { larger, merging } from './steady.ts'
import { installSqlite, sqliteFigures } from './sqlite.ts'
import { write, type Figures } from './writers.ts'

const options = optionsOf('bench:durability', 'what durability costs', {
  only: { type: 'string', default: 'inserts,small,restart,recovery,doctor,merging,larger', says: 'what to measure' },
  seconds: { type: 'string', default: '5', says: 'time of each line of inserts' },
  writers: { type: 'string', default: '1,8,64', says: 'connections that insert' },
  rows: { type: 'string', default: '1,100', says: 'rows of an insert' },
  megabytes: { type: 'string', default: '1024', says: 'log to recover' },
  events: { type: 'string', default: '3000000', says: 'events of merging and larger' },
  memory: { type: 'string', default: '320', says: 'budget in MiB of larger' },
  fill: { type: 'string', says: 'internal: fills a store in this folder' },
  batch: { type: 'string', default: '0', says: 'internal: rows of an insert of --fill' },
  most: { type: 'string', default: '0', says: 'internal: bytes of --fill at most' },
})
const SECONDS = Number(options.seconds)
const wanted = (what: string): boolean => options.only.split(',').includes(what)

const say = (text: string): void => { process.stdout.write(`${text}\n`) }
const at = (sorted: ArrayLike<number>, share: number): string => sorted[Math.floor((sorted.length - 1) * share)].toFixed(2)

async function withServer<T>(instructions: string, use: (server: BenchServer) => Promise<T>, options: readonly string[] = []): Promise<T> {
  const server = new BenchServer(instructions, options)
  try {
    await server.start()
    return await use(server)
  } finally {
    await server.remove()
  }
}

type Row = Figures & { readonly syncs: number }

/** Every row is there once before a figure counts. */
const measured = (instructions: string, writers: number, rows: number): Promise<Row> =>
  withServer(instructions, async (server) => {
    const before = await server.metric('pipit_wal_syncs')
    const figures = await write(server, { writers, rows, seconds: SECONDS, isUnique: instructions !== '' })
    const syncs = await server.metric('pipit_wal_syncs') - before
    const [{ n }] = await server.rows('SELECT count() AS n FROM app_events')
    if (n !== figures.sent * rows) throw new Error(`${n} rows, not ${figures.sent * rows}`)
    return { ...figures, syncs: syncs * figures.requests / figures.sent }
  })

const rate = ({ requests, seconds }: Pick<Figures, 'requests' | 'seconds'>): number => requests / seconds

async function inserts(): Promise<void> {
  const hasPeer = installSqlite()
  say('| writers | rows a request | requests/s | rows/s | p50 ms | p99 ms | requests a sync | sender, cores | with DEDUPLICATE_BY | SQLite requests/s | p50 ms | p99 ms |')
  say(`|${' --- |'.repeat(12)}`)
  for (const rows of options.rows.split(',').map(Number)) {
    for (const writers of options.writers.split(',').map(Number)) {
      const plain = await measured('', writers, rows)
      const keyed = await measured('DEDUPLICATE_BY "event_id" 24h', writers, rows)
      const generator = new EventGenerator('app_events', 2000 * rows, 1)
      const bodies = hasPeer ? Array.from({ length: 2000 }, () => generator.next(rows)) : []
      const peer = hasPeer ? sqliteFigures(bodies, writers, rows, SECONDS) : null
      const sorted = Float64Array.from(peer?.latencies ?? []).sort()
      say(`| ${[
        writers, rows, Math.round(rate(plain)), Math.round(rate(plain) * rows), at(plain.latencies, 0.5), at(plain.latencies, 0.99),
        (plain.requests / plain.syncs).toFixed(1), plain.cores.toFixed(2), `${(rate(keyed) / rate(plain)).toFixed(2)}×`,
        ...peer === null ? ['', '', ''] : [Math.round(rate(peer)), at(sorted, 0.5), at(sorted, 0.99)],
      ].join(' | ')} |`)
    }
  }
}

const QUERY = 'SELECT feature, event_type, count() AS c, uniqExact(user_id) AS u FROM app_events GROUP BY feature, event_type'

/** The same rows by small and by large inserts: what is left of the difference for a query. */
async function smallInserts(): Promise<void> {
  const times: number[] = []
  for (const [rows, count] of [[1, 100_000], [100, 1000]] as const) {
    times.push(await withServer('', async (server) => {
      await write(server, { writers: 64, rows, count })
      for (let warm = 0; warm < 3; warm++) await server.rows(QUERY)
      const runs: number[] = []
      for (let run = 0; run < 15; run++) {
        const began = performance.now()
        await server.rows(QUERY)
        runs.push(performance.now() - began)
      }
      return runs.sort((a, b) => a - b)[7]
    }))
  }
  say(`\nquery after 100,000 inserts of a row: ${times[0].toFixed(1)} ms; after 1,000 of 100 rows: ${times[1].toFixed(1)} ms; `
    + `ratio ${(times[0] / times[1]).toFixed(2)}`)
}

/** Inserts of 5,000 rows in the stores of doctor(): one that is read before its code is compiled, and one of
 * some 200 MiB. */
const DOCTOR_INSERTS = [400, 3000]

/** Reads every byte of a store. */
async function doctor(inserts: number): Promise<void> {
  await withServer('', async (server) => {
    await write(server, { writers: 8, rows: 5000, count: inserts })
    await server.stop('SIGTERM')
    const report = JSON.parse(execFileSync(process.execPath,
      [join(root, 'dist', 'cli.js'), 'doctor', '--data', server.store, '--format', 'json'], { encoding: 'utf8' })) as { bytes: number; seconds: number }
    const bytes = report.bytes + bytesIn(server.store, 'wal-')
    say(`\ndoctor: ${(bytes / 2 ** 20).toFixed(0)} MiB in ${report.seconds.toFixed(2)} s, ${Math.round(bytes / 2 ** 20 / report.seconds)} MiB/s`)
  })
}

if (options.fill !== undefined) {
  await fill(options.fill, Number(options.megabytes) * 2 ** 20, Number(options.batch), Number(options.most))
}
if (wanted('inserts')) await inserts()
if (wanted('small')) await smallInserts()
for (const left of wanted('restart') ? RESTARTS : []) await withServer('', async (server) => say(`\n${await restart(server, left)}`))
if (wanted('recovery')) await withServer('', async (server) => say(`\n${await recovery(server, Number(options.megabytes))}`))
for (const inserts of wanted('doctor') ? DOCTOR_INSERTS : []) await doctor(inserts)
if (wanted('merging')) await withServer('', async (server) => say(`\n${await merging(server, Number(options.events))}`))
if (wanted('larger')) {
  const memory = Number(options.memory)
  process.env.PIPIT_QUERY_SECONDS ??= '60' // all of it is read from disk, and by whatever else the cores do
  await withServer('', async (server) => say(`\n${await larger(server, memory, 10)}`), ['--memory', `${memory}MB`])
}
