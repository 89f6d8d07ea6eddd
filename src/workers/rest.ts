// A thread at rest gives back what its garbage holds: V8 collects by how much is allocated, so after a
// burst of work a thread that then waits would keep tens of megabytes for hours.
// Invariant: never while there is work; a fixed number of times after each time of work.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Longer than the pauses of somebody who clicks through a dashboard. */
export const REST_MS = 4000

/** Between the collections of one rest. The first leaves pages that only a second gives back (12 MiB after
 * the demo load). The young generation shrinks when V8 saw little allocated for five seconds, and the
 * collection after that gives its pages back (31 MiB). */
const AGAIN_MS: readonly number[] = [50, 6000, 6000]

let known: (() => void) | null = null

/** Collects all garbage of this thread. The flag only makes the function known to new contexts, of which that of a thread
 * which has begun under it is one (src/launch/program.ts); elsewhere the first call makes one. */
export function collectGarbage(): void {
  if (known === null) {
    setFlagsFromString('--expose-gc')
    known = globalThis.gc ?? runInNewContext('gc') as () => void
  }
  known()
}

/** Answers what to call after each piece of work: once no other came for a few seconds, garbage goes. */
export function restAfterWork(restMs = REST_MS, collect = collectGarbage): () => void {
  let last = 0
  let isArmed = false
  const look = () => {
    const left = last + restMs - performance.now()
    if (left > 0) {
      setTimeout(look, left).unref()
      return
    }
    isArmed = false
    collectAgain(last, 0)
  }
  const collectAgain = (since: number, turn: number) => {
    if (last !== since) return
    collect()
    if (turn < AGAIN_MS.length) setTimeout(() => { collectAgain(since, turn + 1) }, AGAIN_MS[turn]).unref()
  }
  return () => {
    last = performance.now()
    if (isArmed) return
    isArmed = true
    setTimeout(look, restMs).unref()
  }
}
