// A lock that is one word of shared memory: 0, or the owner's thread number + 1. Whoever waits first spins,
// for critical sections are short; then it sleeps between looks, because an owner that still has not come out
// waits for a core, and who spins may be on it.
//
// Invariant: whoever holds a lock calls nothing that can wait for anything but another such lock.

import { isMainThread, threadId } from 'node:worker_threads'

/** Looks before the first nap: some 20 µs. */
const SPINS_BEFORE_NAP = 2000
/** Looks between naps. */
const SPINS_A_NAP = 16
const NAP_MS = 0.05
/** Looks of the main thread, and naps of a worker, after which the owner must be dead: tens of seconds. */
const SPINS_MAX = 2_000_000_000
const NAPS_MAX = 500_000

/** Takes the lock. The main thread only spins: it must never sleep. Throws when the owner seems to be dead;
 * `what`: what it guards, for the message. */
export function lockWord(words: Int32Array, index: number, what: string): void {
  const owner = threadId + 1
  for (let spins = 1; Atomics.compareExchange(words, index, 0, owner) !== 0; spins++) {
    if (spins < SPINS_BEFORE_NAP) continue
    if (!isMainThread && spins % SPINS_A_NAP === 0) Atomics.wait(words, index, Atomics.load(words, index) || -1, NAP_MS)
    if (spins > (isMainThread ? SPINS_MAX : NAPS_MAX * SPINS_A_NAP)) {
      throw new Error(`${what}: thread ${words[index] - 1} died inside of it`)
    }
  }
}

export function unlockWord(words: Int32Array, index: number): void { Atomics.store(words, index, 0) }
