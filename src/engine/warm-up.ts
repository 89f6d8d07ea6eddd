// Code before it is needed: after a start, while nobody asks, the project's endpoints run as they are
// called by default, so that the first callers do not pay for compiling (measured: the first calls of a
// new process take ten to a hundred times as long as later ones). In a store without rows they would
// show little: a few statements of common kinds run over a small table of this file's own instead.
// Invariants: nothing of it is stored, counted or logged; it waits while anybody else has work, ends
// when its time is over, and takes its rows with it.

import { setFlagsFromString } from 'node:v8'
import type { Arena } from '../../storage/arena/arena.ts'
import type { ColumnSpec, NewPart, PartRef, TableMeta } from '../../storage/face.ts'
import { analyze } from '../plan/analyze.ts'
import type { TypedPlan } from '../plan/plan.ts'
import { parseQuery } from '../sql/parse.ts'
import type { IngestSpec, TableRows } from '../workers/messages.ts'
import type { WorkerPool } from '../workers/pool.ts'
import { optimizeAsUsual } from '../workers/start-tiers.ts'

export type WarmUpWorld = {
  readonly pool: WorkerPool
  readonly arena: Arena
  readonly queryWorkers: number
  /** Numbers by which workers know plans and lists. */
  readonly newPlanId: () => number
  readonly newListId: () => number
  /** Calls of the project's endpoints; their answers and errors are nobody's. */
  readonly calls: readonly (() => Promise<unknown>)[]
  readonly hasRows: boolean
  /** Whether anybody has work in the pool, merges of what a log left in thousands of parts too. */
  readonly isBusy: () => boolean
}

/** Time of the whole process, over all its threads, that the warm-up may take ... */
const CPU_MS_A_WORKER = 1300
/** ... until when it has to be over, and how long it waits for others between two looks. */
const WALL_MS_MAX = 30_000
const BUSY_MS = 100
const ROUNDS_MAX = 40
/** ... of a store with rows: more make a server at rest larger, and first calls hardly faster. */
const ROUNDS_WITH_ROWS = 2
/** What takes longer is stopped, and endpoints that take more memory: what a worker has once touched of
 * its memory stays resident (12 MiB in all so; 40 without, and with more rounds). */
export const WARM_QUERY_MS = 100
export const WARM_ENDPOINT_BYTES = 2 ** 20
const STATEMENT_BYTES = 64 * 2 ** 20

/** No table of a store reaches this number. */
const TABLE_ID = 2 ** 30
const QUARANTINE_ID = TABLE_ID + 1
const ROWS_A_BODY = 2048
/** Merged with itself so often, a part has rows enough for postings. */
const COPIES = 9

const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['id', 'String'], ['at', 'DateTime'], ['session', 'String'], ['person', 'String'], ['kind', 'String'],
  ['place', 'String'], ['amount', 'Float64'], ['size', 'UInt64'], ['tags', 'Array(String)'], ['payload', 'String'],
]

const columns: readonly ColumnSpec[] = COLUMNS.map(([name, type], index) =>
  ({ id: index + 1, name, type, defaultExpr: null }))

const tableOf = (id: number, name: string): TableMeta => ({
  id, name, columns, schemaVersion: 1, engine: 'ReplacingMergeTree', partitionBy: '', sortBy: ['person', 'kind'], ttl: null, settings: {},
  engineArgs: { version: 'at', isDeleted: null, sign: null, columns: [] },
})
const TABLE = tableOf(TABLE_ID, 'warm_up')

const SPEC: IngestSpec = {
  table: TABLE, quarantine: tableOf(QUARANTINE_ID, 'warm_up_quarantine'), keyColumn: null,
  columns: columns.map(({ id, name, type }) =>
    ({ id, name, type, jsonPath: name === 'tags' ? '$.tags[:]' : `$.${name}`, defaultText: null, defaultValue: null })),
}

/** Statements of the kinds that people write; `{n}` is another number in each round. */
const STATEMENTS: readonly string[] = [
  "SELECT session, person, min(at) AS first, max(at) AS last, dateDiff('second', min(at), max(at)) AS seconds, count() AS n, "
    + "kind, place FROM warm_up WHERE at BETWEEN '2024-01-01 00:00:00' AND '2024-12-31 00:00:{n}' AND person = 'person {n}' "
    + 'GROUP BY session, person, kind, place HAVING n > 0 ORDER BY first DESC, session LIMIT 100',
  "SELECT kind, place, count() AS n, uniqExact(person) AS people, uniq(session) AS sessions, sum(amount), avg(size), "
    + "quantile(0.9)(amount), min(at), max(at) FROM warm_up WHERE at > '2024-01-01 00:00:{n}' GROUP BY kind, place ORDER BY n DESC, kind, place",
  "SELECT toStartOfInterval(at, INTERVAL 1 week) AS week, toDate(at) AS day, uniqExact(person), countIf(kind = 'kind {n}'), "
    + "sumIf(amount, place != 'x') FROM warm_up WHERE at < '2024-11-01 00:00:{n}' GROUP BY week, day ORDER BY week, day",
  "SELECT JSONExtractString(payload, 'tier') AS tier, avg(JSONExtractFloat(payload, 'took')) AS took, count() FROM warm_up "
    + 'WHERE size >= {n} GROUP BY tier ORDER BY tier',
  "SELECT count() FROM warm_up WHERE payload LIKE '%\"took\":{n}%' AND lower(kind) != 'x'",
  "SELECT * FROM warm_up WHERE kind IN ('kind 1', 'kind 2') AND amount > {n} ORDER BY at DESC LIMIT 20",
  'SELECT w.kind AS kind, sum(u.n) AS n FROM warm_up AS w JOIN (SELECT person, count() AS n FROM warm_up GROUP BY person) AS u '
    + 'ON u.person = w.person WHERE w.size > {n} GROUP BY kind ORDER BY kind',
  'SELECT sum(gap) FROM (SELECT at - lagInFrame(at, 1, at) OVER (PARTITION BY session ORDER BY at) AS gap FROM warm_up WHERE size < 5{n})',
  'SELECT arrayJoin(tags) AS tag, if(amount > {n}, 1, 0) AS large, count() AS n FROM warm_up GROUP BY tag, large ORDER BY n DESC, tag, large LIMIT 10',
  "SELECT * FROM warm_up WHERE at BETWEEN '2024-02-01 00:00:{n}' AND '2024-05-01 00:00:00' ORDER BY at, id",
  'SELECT id, at FROM warm_up WHERE size != {n} ORDER BY id LIMIT 10 OFFSET 5000',
  "SELECT count() FROM warm_up WHERE size != {n} AND (match(payload, '\"took\":[1-4]7[,}]') OR id LIKE '%42%7%')",
  'SELECT count(), max(n) FROM (SELECT id, sum(length(payload)) AS n FROM warm_up WHERE size != {n} GROUP BY id)',
  'SELECT DISTINCT place, kind FROM warm_up WHERE size != {n} ORDER BY place, kind LIMIT 5',
  // Behind a PREWHERE rows combine anew each time.
  'SELECT kind, count() AS n, uniqExact(person) AS people FROM warm_up FINAL PREWHERE size != {n} WHERE amount >= 1 GROUP BY kind ORDER BY kind',
]

/** Lines of a body; they look like events. */
function body(): Uint8Array {
  let text = ''
  for (let i = 0; i < ROWS_A_BODY; i++) {
    const at = new Date(Date.UTC(2024, 0, 1) + i * 12_000_000).toISOString().slice(0, 19)
    text += `{"id":"${(i * 2654435761 >>> 0).toString(16)}-${i}","at":"${at.replace('T', ' ')}","session":"session ${i % 1000}",`
      + `"person":"person ${i * 7 % 400}","kind":"kind ${i % 7}","place":"place ${i % 11}","amount":${i % 97 / 4},"size":${i % 61},`
      + `"tags":["a${i % 3}","b"],"payload":"{\\"took\\":${i % 89},\\"tier\\":\\"tier ${i % 4}\\",\\"n\\":{\\"x\\":${i}}}"}\n`
  }
  return new TextEncoder().encode(text)
}

/** Runs until its time is over or `signal` says so. Resolves with what its statements were refused for (a
 * test asks); never rejects. */
export async function warmUp(world: WarmUpWorld, signal: AbortSignal): Promise<string[]> {
  // V8 forgets code that some collections have not seen run: a load of rows would undo all of this.
  setFlagsFromString('--no-flush-bytecode')
  optimizeAsUsual()
  const parts: { readonly address: number; readonly bytes: number }[] = []
  const refused: string[] = []
  const note = (error: unknown) => { refused.push((error as Error).message) }
  const budget = new Budget(CPU_MS_A_WORKER * world.queryWorkers, signal)
  try {
    const list = world.hasRows ? null : { table: TABLE, listId: world.newListId(), rows: await makeRows(world, parts) }
    for (let round = 0; round < (world.hasRows ? ROUNDS_WITH_ROWS : ROUNDS_MAX); round++) {
      for (let i = 0; i < Math.max(world.calls.length, STATEMENTS.length); i++) {
        if (!await budget.allows(world)) return refused
        const call = world.calls[i]
        if (call !== undefined) await everywhere(world, () => call().catch(() => {})) // it may want parameters
        if (i >= STATEMENTS.length || !await budget.allows(world)) continue
        const plan = planned(STATEMENTS[i].replaceAll('{n}', String(10 + round)))
        if (list !== null) await everywhere(world, query(world, plan, list)).catch(note)
      }
    }
  } catch (error) {
    note(error)
  } finally {
    // An empty list last: workers close what they have open of the rows.
    if (parts.length > 0) {
      const list = { table: TABLE, listId: world.newListId(), rows: [] }
      await everywhere(world, query(world, planned(STATEMENTS[4]), list)).catch(() => {})
      world.pool.forgetTable(TABLE_ID)
    }
    for (const { address, bytes } of parts) world.arena.free(address, bytes)
  }
  return refused
}

/** One run for each worker: work of one turn goes to one each. Resolves when all have ended, so that none
 * is left that reads what is freed. */
async function everywhere<T>(world: WarmUpWorld, run: () => Promise<T>): Promise<T[]> {
  const runs = Array.from({ length: world.queryWorkers }, run)
  await Promise.allSettled(runs)
  return await Promise.all(runs)
}

/** A part without postings and one with them. What is to be freed is noted in `made`. */
async function makeRows(
  world: WarmUpWorld, made: { readonly address: number; readonly bytes: number }[],
): Promise<PartRef[]> {
  const { pool, arena } = world
  const lines = body()
  const address = arena.allocate(lines.length)
  if (address === 0) throw new Error('no room')
  arena.bytes(address, lines.length).set(lines)
  made.push({ address, bytes: lines.length })
  const planId = world.newPlanId()
  const parts = (await everywhere(world, async () => {
    const { part } = await pool.ingest(planId, SPEC, {
      bodies: [{ address, bytes: lines.length, format: 'ndjson', gzip: false }], importId: '', nowMs: Date.now(),
    })
    if (part === null) throw new Error('no rows')
    made.push(part)
    return part
  })).map(refOf)
  const merged = await pool.runTask({
    kind: 'merge-parts', table: TABLE, isAwaited: false, nowMs: Date.now(), parts: Array.from({ length: COPIES }, () => parts[0]),
  })
  if (merged === null || !('address' in merged)) throw new Error('no part')
  made.push(merged)
  // As a start merges what a log left, so that its code is kept with the rest.
  await everywhere(world, async () => {
    const gathered = await pool.runTask({ kind: 'merge-parts', table: TABLE, isAwaited: true, nowMs: Date.now(), parts: [...parts, ...parts] })
    if (gathered !== null && 'address' in gathered) made.push(gathered)
  })
  return [...parts, refOf(merged, parts.length)]
}

const refOf = (part: Pick<NewPart, 'address' | 'bytes' | 'rowCount'>, index: number): PartRef => ({
  kind: 'part', id: -1 - index, address: part.address, bytes: part.bytes, rowCount: part.rowCount,
  firstSequence: 1 + index, lastSequence: 1 + index,
})

/** As a statement that nobody sent before. */
const planned = (sql: string): TypedPlan => analyze(parseQuery(sql), {
  table: (name) => (name === TABLE.name ? TABLE : null), tableNames: () => [TABLE.name],
})

function query(world: WarmUpWorld, plan: TypedPlan, list: TableRows): () => Promise<unknown> {
  const planId = world.newPlanId()
  return () => {
    const nowMs = Date.now()
    return world.pool.query({
      planId, plan, slots: [], format: 'JSON', explain: false, nowMs, tables: [list],
      deadlineMs: nowMs + WARM_QUERY_MS, memoryBytes: STATEMENT_BYTES, resultBytesMax: STATEMENT_BYTES,
    })
  }
}

function msSince(cpu: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(cpu)
  return (user + system) / 1000
}

/** How much time is left; what the process does for others is not counted. */
class Budget {
  private readonly cpu = process.cpuUsage()
  private readonly began = performance.now()
  private othersMs = 0
  private readonly cpuMs: number
  private readonly signal: AbortSignal

  constructor(cpuMs: number, signal: AbortSignal) {
    this.cpuMs = cpuMs
    this.signal = signal
  }

  private get isLeft(): boolean {
    return !this.signal.aborted && msSince(this.cpu) - this.othersMs < this.cpuMs
      && performance.now() - this.began < WALL_MS_MAX
  }

  /** Lets the event loop take what has come in, and waits until nobody else has work; false: the time is over. Planning
   * all statements is some 50 ms of the main thread's CPU, and whoever calls would wait for it. */
  async allows({ isBusy }: WarmUpWorld): Promise<boolean> {
    await new Promise((resolve) => { setImmediate(resolve) })
    while (this.isLeft && isBusy()) {
      const before = process.cpuUsage()
      await new Promise((resolve) => { setTimeout(resolve, BUSY_MS).unref() })
      this.othersMs += msSince(before)
    }
    return this.isLeft
  }
}
