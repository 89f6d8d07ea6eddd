// The engine's limits with their reasons; each can be set when the engine is opened.

import { existsSync, readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { TypedPlan } from '../plan/plan.ts'
import { defaultQueryWorkers } from '../workers/pool.ts'

/** Time that a copy, or a view over one segment, may take: it ends by itself, or is cancelled. */
export const BULK_MS = 6 * 3_600_000

const MiB = 2 ** 20
const GiB = 2 ** 30

export type EngineLimits = {
  /** Time of a query: what Tinybird gives an endpoint (PIPIT_QUERY_SECONDS). */
  readonly queryMs: number
  /** Accounted memory of one query in each worker. */
  readonly queryBytes: number
  /** ... and of all of them in a worker: what would take more gets 503. */
  readonly queriesBytes: number
  /** Heap of each worker for objects that were just made. */
  readonly youngBytes: number
  /** Bytes of one result: what Tinybird allows (PIPIT_RESULT_BYTES_MAX). */
  readonly resultBytes: number
  /** Memory parts, bodies in flight, partial states. */
  readonly dataBytes: number
  /** Sections of segment files and shared dictionaries. */
  readonly cacheBytes: number
  /** Free bytes of the disk below which inserts are refused; merges and truncates need some. */
  readonly freeBytesMin: number
  /** How long an Idempotency-Key is remembered. */
  readonly keyMs: number
  /** How long an insert waits for the end of a bulk write that has one of its rows (DEDUPLICATE_BY). */
  readonly keysWaitMs: number
  /** Memory of the keys by which data sources tell rows apart (DEDUPLICATE_BY). */
  readonly rowKeyBytes: number
  /** Bytes of one imported file: a stream that never ends does not fill the disk. */
  readonly importBytes: number
  /** An insert is refused when a view fails over its rows; else the rows are set aside for the view, and
   * the insert stands. */
  readonly refusesFailedViews: boolean
  /** After this time of work the populate of a view notes how far it is. */
  readonly saveMs: number
  readonly queryWorkers: number
  /** How long the thread of flushes and merges stays without one of them. */
  readonly backgroundRestMs: number
}

/** Limits of a container's memory: cgroup 2, cgroup 1. Without one the file is missing or says so. */
const CONTAINER_LIMITS = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']

/** The machine's memory, or the container's limit where that is smaller. */
function memoryBytes(): number {
  const limits = CONTAINER_LIMITS.flatMap((file) => {
    const limit = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN
    return Number.isFinite(limit) && limit > 0 ? [limit] : []
  })
  return Math.min(totalmem(), ...limits)
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: MiB, g: GiB, t: 2 ** 40 }

/** Bytes of `4GB`, `512M`, `1.5g` or plain bytes; null: it is none of these. */
export function parseBytes(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim())
  return found === null ? null : Math.floor(Number(found[1]) * UNITS[found[2].toLowerCase()])
}

/** A size from the environment. Throws when it is none. */
export function bytesOf(name: string): number | null {
  const text = process.env[name]
  if (text === undefined || text === '') return null
  const bytes = parseBytes(text)
  if (bytes === null) throw new Error(`${name} is '${text}'; give bytes, or a size such as 512MB or 4GB`)
  return bytes
}

/** Milliseconds of so many seconds from the environment. Throws when they are none. */
export function secondsOf(name: string, usual: number): number {
  const text = process.env[name]?.trim() ?? ''
  const seconds = text === '' ? usual : Number(text)
  if (!(seconds >= 0 && Number.isFinite(seconds))) throw new Error(`${name} is '${text}'; give a number of seconds`)
  return seconds * 1000
}

/** What a view's failure does to the insert (PIPIT_VIEW_ERRORS). Throws when it is nothing known. */
function viewErrors(): 'quarantine' | 'refuse' {
  const text = process.env.PIPIT_VIEW_ERRORS ?? 'quarantine'
  if (text === 'quarantine' || text === 'refuse') return text
  throw new Error(`PIPIT_VIEW_ERRORS is '${text}'; it can be quarantine or refuse`)
}

/** What flushes and merges work in, in shares: up to ten times an eighth of that for rows (storage/limits.ts). */
const MERGE_SHARES = 1.25
/** Query workers that are counted with a share each. More than these are not counted: all of them at their limit
 * at once is rare, and a query's last step, in one of them, needs room. One alone has that of two: all of a query. */
const QUERY_SHARES_MAX = 4
const QUERY_SHARES_MIN = 2
/** Young objects of a thread: V8's own bound, and the part of the memory that it may be. */
const YOUNG_BYTES_MAX = 48 * MiB
const YOUNG_SHARE = 1 / 32

/** What the process takes without a row, and for each query worker: threads and code, and their heaps at work. Seen
 * with one: 141 MiB at rest and 147 under load, with two 168 and 195. */
const PROCESS_BYTES = 128 * MiB
const WORKER_BYTES = 45 * MiB
/** Memory that queries of one worker may have together, in shares of one query. */
const QUERIES_SHARES = 1.25
/** Longer than the pauses between what an insert or a start has it do; to begin anew costs it a tenth of a second. */
const BACKGROUND_REST_MS = 5000
/** With less, a body of 10 MB, its rows and those of a few others have no room, nor a query's blocks and tables. */
const MEMORY_BYTES_MIN = 320 * MiB
/** There is a query worker for each so many bytes above so many. */
const WORKERS_FROM_BYTES = 256 * MiB
const WORKERS_EACH_BYTES = 128 * MiB

/** Bytes of memory in all: what was asked for (--memory, PIPIT_MEMORY_BYTES), else half of what there
 * is. What the process leaves of it is divided among rows not yet on disk, the cache, the work of flushes and merges,
 * and that of queries in each worker, of which there are fewer than cores where it is little. Throws where less was
 * asked for than the process can keep. */
export function defaultLimits(
  memory: number | null = bytesOf('PIPIT_MEMORY_BYTES'), mostWorkers = defaultQueryWorkers(),
): EngineLimits {
  if (memory !== null && memory < MEMORY_BYTES_MIN) {
    throw new Error(`The memory is to be ${(memory / MiB).toFixed(0)} MiB (--memory, PIPIT_MEMORY_BYTES); give ${MEMORY_BYTES_MIN / MiB}MB or more: `
      + `${(PROCESS_BYTES + WORKER_BYTES) / MiB} MiB are the process itself`)
  }
  const all = memory ?? Math.max(MEMORY_BYTES_MIN, memoryBytes() / 2)
  const queryWorkers = Math.max(1, Math.min(mostWorkers, Math.floor((all - WORKERS_FROM_BYTES) / WORKERS_EACH_BYTES)))
  const counted = Math.min(queryWorkers, QUERY_SHARES_MAX)
  const queryShares = Math.max(QUERY_SHARES_MIN, counted)
  const share = Math.floor((all - PROCESS_BYTES - queryWorkers * WORKER_BYTES) / (2 + MERGE_SHARES + queryShares * QUERIES_SHARES))
  const queryBytes = Math.min(1 * GiB, Math.floor(share * queryShares / counted))
  return {
    queryMs: secondsOf('PIPIT_QUERY_SECONDS', 10),
    queryBytes,
    queriesBytes: queryBytes * QUERIES_SHARES,
    youngBytes: Math.min(YOUNG_BYTES_MAX, all * YOUNG_SHARE),
    resultBytes: bytesOf('PIPIT_RESULT_BYTES_MAX') ?? 100 * MiB,
    dataBytes: Math.min(1 * GiB, share),
    cacheBytes: Math.min(2 * GiB, share),
    freeBytesMin: bytesOf('PIPIT_MIN_FREE_BYTES') ?? 64 * MiB,
    keyMs: secondsOf('PIPIT_IDEMPOTENCY_SECONDS', 3600),
    keysWaitMs: 30_000,
    rowKeyBytes: bytesOf('PIPIT_DEDUPLICATE_BYTES') ?? share / 2,
    importBytes: bytesOf('PIPIT_IMPORT_BYTES_MAX') ?? 256 * GiB,
    refusesFailedViews: viewErrors() === 'refuse',
    saveMs: secondsOf('PIPIT_POPULATE_SAVE_SECONDS', 5),
    queryWorkers,
    backgroundRestMs: BACKGROUND_REST_MS,
  }
}

/** A limit that the statement's SETTINGS may lower, in units of `unit`. */
export function limitOf(plan: TypedPlan, setting: string, unit: number, limit: number): number {
  const asked = Number(plan.settings[setting] ?? 0) * unit
  return asked > 0 ? Math.min(asked, limit) : limit
}
