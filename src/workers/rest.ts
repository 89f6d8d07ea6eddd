// A thread at rest gives back what its garbage holds: V8 collects by how much is allocated, so after a
// burst of work a thread that then waits would keep tens of megabytes for hours.
// Invariant: never while there is work; at most twice after each time of work.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Longer than the pauses of somebody who clicks through a dashboard. */
const REST_MS = 4000

/** The first collection leaves pages that only a second one gives back: 12 MiB after the demo load. */
const AGAIN_MS = 50

/** Collects all garbage of this thread. The flag only makes the function known to new contexts. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** Answers what to call after each piece of work: once no other came for a few seconds, garbage goes (in two collections). */
export function restAfterWork(restMs = REST_MS, collect = collector()): () => void {
  let last = 0
  let isArmed = false
  const look = () => {
    const left = last + restMs - performance.now()
    if (left > 0) {
      setTimeout(look, left).unref()
      return
    }
    isArmed = false
    collect()
    const before = last
    setTimeout(() => { if (last === before) collect() }, AGAIN_MS).unref()
  }
  return () => {
    last = performance.now()
    if (isArmed) return
    isArmed = true
    setTimeout(look, restMs).unref()
  }
}
