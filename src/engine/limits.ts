// The engine's limits with their reasons; each can be set when the engine is opened.

import { existsSync, readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

const MiB = 2 ** 20
const GiB = 2 ** 30

export type EngineLimits = {
  /** Time of a query: what Tinybird gives an endpoint. */
  readonly queryMs: number
  /** Accounted memory of one query in each worker. */
  readonly queryBytes: number
  /** Bytes of one result. */
  readonly resultBytes: number
  /** Memory parts, bodies in flight, partial states. */
  readonly dataBytes: number
  /** Sections of segment files and shared dictionaries. */
  readonly cacheBytes: number
  /** null: one a core, at least two. */
  readonly queryWorkers: number | null
}

/** The machine's memory, or the container's limit where that is smaller. */
function memoryBytes(): number {
  const file = '/sys/fs/cgroup/memory.max'
  const limit = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN
  return Number.isFinite(limit) ? Math.min(limit, totalmem()) : totalmem()
}

/** Half of the machine's memory in all, as design says. */
export function defaultLimits(): EngineLimits {
  const half = Number(process.env.PIPIT_MEMORY_BYTES ?? memoryBytes() / 2)
  return {
    queryMs: 10_000,
    queryBytes: Math.min(1 * GiB, half / 4),
    resultBytes: 100 * MiB,
    dataBytes: Math.max(64 * MiB, Math.min(1 * GiB, half / 4)),
    cacheBytes: Math.max(64 * MiB, Math.min(2 * GiB, half / 4)),
    queryWorkers: null,
  }
}
