// A log read back after a kill: by the store alone, and by a server until the example's three endpoints
// have answered right.

import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createArena } from '../../storage/arena/create.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { openStore } from '../../storage/index.ts'
import { noTasks, unlimited } from './fill.ts'
import { root, type BenchServer } from './server.ts'

const CALLS = ['session_insights.json?user_id=user_42', 'feature_usage.json?limit=1000', 'active_users.json?limit=1000']
const MiB = 2 ** 20
/** What a killed process leaves: five times the commits that a server leaves at most (flushCommits), groups of
 * inserts of one row; and a log of more than 200 MB by bodies of a thousand rows, as behind a slow disk. */
export const RESTARTS = [
  { megabytes: 250, batch: 50, most: 500_000 }, { megabytes: 210, batch: 1000, most: Number.MAX_SAFE_INTEGER },
] as const
/** Rows of a part in a long log. */
const LONG_BATCH = 20_000

/** A server at work removes files while they are looked at. */
export const bytesIn = (folder: string, prefix: string): number => readdirSync(folder)
  .filter((name) => name.startsWith(prefix))
  .reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0)

/** Ties of an ORDER BY may come in any order. */
const answers = async (server: BenchServer): Promise<string> => JSON.stringify(await Promise.all(
  CALLS.map(async (call) => (await server.endpoint(call)).map((row) => JSON.stringify(row)).sort())))

/** Lets a killed process leave a log of so many bytes in the store of a server that is down. */
function fillIn(server: BenchServer, megabytes: number, batch: number, most: number): string {
  const { signal, stderr } = spawnSync(process.execPath,
    [join(root, 'dist', 'durability.js'), '--fill', server.store, '--megabytes', String(megabytes),
      '--batch', String(batch), '--most', String(most)], { encoding: 'utf8' })
  if (signal !== 'SIGKILL') throw new Error(stderr)
  return `${(bytesIn(server.store, 'wal-') / MiB).toFixed(0)} MiB of log`
}

/** Until a server over the killed store has given the answers that it gives an hour later, too. */
export async function restart(server: BenchServer, { megabytes, batch, most }: typeof RESTARTS[number]): Promise<string> {
  await server.atRest() // as what is killed has been for long: its code is kept
  await server.stop('SIGTERM')
  const log = fillIn(server, megabytes, batch, most)
  const began = performance.now()
  await server.start()
  const up = performance.now() - began
  const found = await answers(server)
  const answered = performance.now() - began
  const [{ n }] = await server.rows('SELECT count() AS n FROM app_events')
  await server.stop('SIGTERM')
  await server.start()
  if (await answers(server) !== found) throw new Error('the endpoints answered otherwise than later')
  return `server after a kill with ${log}, ${n} rows in commits of ${batch}: up in ${(up / 1000).toFixed(2)} s, `
    + `right answers of the three endpoints after ${(answered / 1000).toFixed(2)} s`
}

/** The store alone: until all rows of the log are in memory and may be read. */
export async function recovery(server: BenchServer, megabytes: number): Promise<string> {
  await server.stop('SIGTERM')
  const log = fillIn(server, megabytes, LONG_BATCH, Number.MAX_SAFE_INTEGER)
  const arena = createArena({ budgetBytes: megabytes * MiB * 1.25 })
  const began = performance.now()
  const store = await openStore(server.store, { disk: nodeDisk(), arena, tasks: noTasks, limits: unlimited })
  const seconds = (performance.now() - began) / 1000
  const [{ rowCount }] = store.stats().filter(({ name }) => name === 'app_events')
  await store.close()
  return `recovery of ${log}, ${rowCount} rows: ${seconds.toFixed(2)} s`
}
