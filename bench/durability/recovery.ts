// A log of some size read back after a kill: until the server takes requests, and until the example's
// three endpoints have given the answers that they gave before.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchServer } from './server.ts'
import { write } from './writers.ts'

const PIPES = ['session_insights', 'feature_usage', 'active_users']

export const bytesIn = (folder: string, prefix: string): number => readdirSync(folder)
  .filter((name) => name.startsWith(prefix)).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

/** Ties of an ORDER BY may come in any order. */
const answers = async (server: BenchServer): Promise<string> => JSON.stringify(await Promise.all(
  PIPES.map(async (pipe) => (await server.endpoint(pipe)).map((row) => JSON.stringify(row)).sort())))

export async function recovery(server: BenchServer, logBytes: number): Promise<string> {
  for (;;) {
    const before = bytesIn(server.store, 'wal-')
    if (before >= logBytes) break
    await write(server, { writers: 8, rows: 5000, count: 40 })
    if (bytesIn(server.store, 'wal-') <= before) break // a flush has recycled it
  }
  const megabytes = bytesIn(server.store, 'wal-') / 2 ** 20
  const [{ n }] = await server.rows('SELECT count() AS n FROM app_events')
  const expected = await answers(server)
  await server.stop('SIGKILL')
  const began = performance.now()
  await server.start()
  const up = performance.now() - began
  const found = await answers(server)
  const answered = performance.now() - began
  if (found !== expected) throw new Error('the endpoints answer otherwise than before')
  const [{ n: after }] = await server.rows('SELECT count() AS n FROM app_events')
  if (after !== n) throw new Error(`${after} rows, not ${n}`)
  return `after a kill with ${megabytes.toFixed(0)} MiB of log and ${n} rows in all: up in ${(up / 1000).toFixed(2)} s, `
    + `right answers of the three endpoints after ${(answered / 1000).toFixed(2)} s`
}
