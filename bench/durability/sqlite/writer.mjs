// SQLite under the same batches: writers in threads, each with a connection of its own (WAL,
// synchronous=FULL), a transaction a batch. Prints requests, seconds and latencies in ms as JSON.
//
//   node writer.mjs FOLDER BODIES WRITERS ROWS SECONDS      BODIES: NDJSON, ROWS lines a batch

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const COLUMNS = ['event_id', 'user_id', 'session_id', 'event_type', 'feature', 'timestamp', 'device_type',
  'browser', 'os', 'location', 'metadata']
const BUSY_MS = 30_000

function open(folder) {
  const database = new Database(join(folder, 'events.db'), { timeout: BUSY_MS })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`CREATE TABLE IF NOT EXISTS app_events (${COLUMNS.join(' TEXT, ')} TEXT)`)
  return database
}

function batches(file, rows) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => {
    const event = JSON.parse(line)
    return COLUMNS.map((column) => event[column])
  })
  return Array.from({ length: lines.length / rows }, (_, index) => lines.slice(index * rows, (index + 1) * rows))
}

if (isMainThread) {
  const [folder, file, writers, rows, seconds] = process.argv.slice(2)
  const database = open(folder)
  const started = new Int32Array(new SharedArrayBuffer(4))
  const threads = Array.from({ length: Number(writers) }, (_, writer) => new Worker(new URL(import.meta.url), {
    workerData: { folder, file, rows: Number(rows), seconds: Number(seconds), writer, started },
  }))
  await Promise.all(threads.map((thread) => new Promise((resolve) => { thread.once('message', resolve) })))
  const done = threads.map((thread) => new Promise((resolve) => { thread.once('message', resolve) }))
  const began = performance.now()
  Atomics.store(started, 0, 1)
  Atomics.notify(started, 0)
  const latencies = (await Promise.all(done)).flat()
  const took = (performance.now() - began) / 1000
  const { n } = database.prepare('SELECT count(*) AS n FROM app_events').get()
  if (n !== latencies.length * Number(rows)) throw new Error(`SQLite has ${n} rows`)
  process.stdout.write(JSON.stringify({ requests: latencies.length, seconds: took, latencies }))
} else {
  const { folder, file, rows, seconds, writer, started } = workerData
  const database = open(folder)
  const insert = database.prepare(`INSERT INTO app_events VALUES (${COLUMNS.map(() => '?').join()})`)
  // Immediate: a transaction that has begun does not fail for another's lock.
  const write = database.transaction((batch) => { for (const row of batch) insert.run(row) }).immediate
  const all = batches(file, rows)
  parentPort.postMessage('ready')
  Atomics.wait(started, 0, 0)
  const latencies = []
  const until = performance.now() + seconds * 1000
  for (let next = writer; performance.now() < until; next++) {
    const began = performance.now()
    write(all[next % all.length])
    latencies.push(performance.now() - began)
  }
  parentPort.postMessage(latencies)
}
