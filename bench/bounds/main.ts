// `npm run bench:bounds -- --rows 5000000`: how far each line is from what the machine can do. Of each line
// that reads all its rows: the server's CPU a row once its code is compiled, the bytes a row that its columns
// have in the store, and the time below which no engine gets that reads these bytes and touches as much
// memory at random as the line's groups ask for, by the limits measured in the same run.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFile } from '../data-file.ts'
import { userCount } from '../generator.ts'
import { median, statement } from '../measure.ts'
import { optionsOf } from '../options.ts'
import { CORE_QUERIES, type BenchQuery } from '../queries.ts'
import { sendFile } from '../sender.ts'
import { Server } from '../server.ts'
import { SETS, type SetName } from '../sets.ts'
import { STRONG_QUERIES } from '../strong-queries.ts'
import { settle, threadTimes } from '../thread-times.ts'
import { columnBytes, columnsIn } from './columns.ts'
import { measureLimits, TOUCHED_BYTES, touchOf, type Limits } from './limits.ts'

const MiB = 2 ** 20
/** Calls until a line's code is compiled, and calls that count. */
const WARM_CALLS = 25
const CALLS = 15
/** Rows of a month of the two years. */
const MONTH_SHARE = 31 / 731
/** Events of a session, as the generator closes them. */
const SESSION_EVENTS = 12
/** Features times types of events. */
const FEATURE_GROUPS = 160
const BITS = 8
/** Bytes of a group's record, and of a slot and key of 16 bytes. */
const RECORD_BYTES = 16
const KEY_BYTES = 32
const SETS_ASKED: readonly SetName[] = ['app_events', 'hard_events']

/** Memory that a row touches somewhere: once in each of these sizes. Rows of app_events come in the order of
 * time, so that a session's rows, or a week's, are near each other and touch what is in the cache. */
type Touches = (rows: number) => readonly number[]

const sessionsOf = (rows: number): number => rows / SESSION_EVENTS
const bitmaps: Touches = (rows) => [FEATURE_GROUPS * userCount(rows) / BITS, FEATURE_GROUPS * sessionsOf(rows) / BITS]

/** Lines that are not here touch nothing but what they read. */
const TOUCHES: Readonly<Record<string, Partial<Record<SetName, Touches>>>> = {
  'sessions of all users': { hard_events: (rows) => [sessionsOf(rows) * RECORD_BYTES] },
  'features, exact distinct': { app_events: bitmaps, hard_events: bitmaps },
  'features, approximate': { app_events: bitmaps, hard_events: bitmaps },
  'active users by week': { hard_events: (rows) => [userCount(rows) / BITS, sessionsOf(rows) / BITS] },
  // The built side is grouped first, over all rows.
  'join with all users': {
    app_events: (rows) => [userCount(rows) * RECORD_BYTES, userCount(rows) * RECORD_BYTES],
    hard_events: (rows) => [userCount(rows) * RECORD_BYTES, userCount(rows) * RECORD_BYTES],
  },
  'sums by a unique key': { app_events: (rows) => [rows * KEY_BYTES], hard_events: (rows) => [rows * KEY_BYTES] },
  'top ten of all sessions': { hard_events: (rows) => [sessionsOf(rows) * RECORD_BYTES] },
}

const options = optionsOf('bench:bounds', 'how far each line is from what the machine can do', {
  rows: { type: 'string', default: '5000000', says: 'rows of each set' },
  set: { type: 'string', multiple: true, says: 'one set of rows; again for more' },
  only: { type: 'string', default: '', says: 'lines whose name has this text' },
})
const rows = Number(options.rows)
const names = SETS_ASKED.filter((name) => options.set?.includes(name) ?? true)
const unknown = options.set?.find((set) => !SETS_ASKED.some((name) => name === set))
if (unknown !== undefined) {
  process.stderr.write(`--set is '${unknown}'; there are ${SETS_ASKED.join(', ')}\n`)
  process.exit(2)
}

function showLimits({ readBytes, touchNs, socketNs }: Limits): void {
  const touches = TOUCHED_BYTES.map((bytes, i) => `${bytes / MiB} MiB ${touchNs[i].toFixed(1)}`).join(', ')
  process.stdout.write(`one thread: reads ${readBytes.toFixed(1)} GB/s in order; a word at random, ns: ${touches}; `
    + `a byte through a socket ${socketNs.toFixed(2)} ns\n`)
}

/** A line's CPU in milliseconds: the least and the median of calls behind those that compile it; and its answer's bytes. */
async function costOf(server: Server, query: BenchQuery, set: SetName): Promise<{ least: number; middle: number; bytes: number }> {
  const cpu: number[] = []
  let bytes = 0
  for (let call = 0; call < WARM_CALLS + CALLS; call++) {
    const before = threadTimes(server.pid).cpuMs
    const { rows: found } = await server.query(statement(query, 'pipit', set, rows, call))
    if (call >= WARM_CALLS) cpu.push(threadTimes(server.pid).cpuMs - before)
    bytes = found.length < 1000 ? 0 : Buffer.byteLength(JSON.stringify(found))
  }
  return { least: Math.min(...cpu), middle: median(cpu), bytes }
}

async function boundsOf(set: SetName, limits: Limits): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pipit-bounds-'))
  const server = await Server.start(SETS[set].project, folder)
  try {
    await sendFile(server.port, server.token, set, dataFile(set, rows))
    await settle([server.pid])
    const stored = columnBytes(folder)
    for (const query of [...CORE_QUERIES, ...STRONG_QUERIES]) {
      // One user is found by postings: what it reads is no share of the rows.
      if (!query.sets.includes(set) || query.name === 'one user' || !query.name.includes(options.only)) continue
      const { least, middle, bytes } = await costOf(server, query, set)
      const read = query.range === 'all' ? rows : rows * MONTH_SHARE
      const rowBytes = columnsIn(query.sql, stored.keys()).reduce((sum, name) => sum + (stored.get(name) ?? 0), 0)
      const touched = (TOUCHES[query.name]?.[set]?.(rows) ?? []).reduce((sum, size) => sum + touchOf(limits, size), 0)
      const bound = rowBytes / limits.readBytes + touched + bytes / read * limits.socketNs
      const cells = [least * 1e6 / read, middle * 1e6 / read, rowBytes, bound, least * 1e6 / read / bound]
      process.stdout.write(`${set.padEnd(13)}${query.name.padEnd(30)}${cells.map((cell) => cell.toFixed(1).padStart(9)).join('')}\n`)
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const limits = await measureLimits()
showLimits(limits)
process.stdout.write(`${''.padEnd(43)}${['ns/row', 'median', 'bytes', 'bound', 'times'].map((head) => head.padStart(9)).join('')}\n`)
for (const set of names) await boundsOf(set, limits)
