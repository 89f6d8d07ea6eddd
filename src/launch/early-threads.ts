// Worker threads that begin before the program itself is loaded: a start has one thread for its first 0.3 s, while the
// other cores have nothing to do, and a thread takes 0.2 s until it can work. The pool takes them (src/workers/pool.ts);
// like code to keep, they are known by a symbol of the thread alone.
//
// Invariants: they keep no process alive, so a verb that fails ends as without them; those that nobody takes are ended.

import { availableParallelism, totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'

const MiB = 2 ** 20
const EARLY = Symbol.for('pipit.earlyThreads')
type Early = { readonly file: string; readonly youngMb: number; readonly workers: Worker[] }
/** What stands under a symbol of this program is known to no type. */
const thread = globalThis as { [EARLY]?: Early } // its type knows no symbol of ours

/** Young objects of a thread where there is memory in plenty, and what that is: src/engine/limits.ts. */
const YOUNG_MB = 48
const MEMORY_BYTES_MIN = 2 * YOUNG_MB * 32 * MiB
/** Further ones begin with the pool. */
const THREADS_MAX = 8

/** How many threads a call of the program will surely want; 0 where it serves nothing, or says itself what memory it is
 * to take. */
export function threadsWanted(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>, memoryBytes: number): number {
  const isServing = argv[0] === 'dev' || argv[0] === 'start'
  const isLimited = argv.some((each) => each.startsWith('--memory')) || (environment.PIPIT_MEMORY_BYTES ?? '') !== ''
  return !isServing || isLimited || memoryBytes < MEMORY_BYTES_MIN ? 0 : Math.min(THREADS_MAX, Math.max(2, availableParallelism()))
}

/** The machine's, or the container's where that is less. */
function memoryBytes(): number {
  const container = process.constrainedMemory()
  return Math.min(totalmem(), container > 0 ? container : Number.POSITIVE_INFINITY)
}

/** Begins the threads that this process will want, by the launcher of their bundle. */
export function beginThreads(file: string, memory = memoryBytes()): void {
  const count = threadsWanted(process.argv.slice(2), process.env, memory)
  if (count === 0) return
  const workers = Array.from({ length: count }, () => new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } }))
  for (const worker of workers) worker.unref()
  thread[EARLY] = { file, youngMb: YOUNG_MB, workers }
}

/** A thread of this launcher with so much room for young objects; null: none is left. */
export function takeThread(file: string, youngMb: number): Worker | null {
  const early = thread[EARLY]
  const worker = early?.file === file && early.youngMb === youngMb ? early.workers.shift() : undefined
  worker?.ref()
  return worker ?? null
}

/** Ends those that nobody has taken. */
export function dropThreads(): void {
  for (const worker of thread[EARLY]?.workers.splice(0) ?? []) void worker.terminate()
}
