// What stands between a running program and the one that has launched it: a bundle knows its launcher by a
// symbol of the thread alone.

const KEEP = Symbol.for('pipit.keepCode')
type Thread = { [KEEP]?: () => void }

/** By whom code is kept that was compiled in this thread. */
export function keepCodeBy(keep: () => void): void { (globalThis as Thread)[KEEP] = keep }

/** Keeps what is compiled now for the next start, once; for when nobody waits: some 30 ms. Nothing, where
 * code of this build is kept already, or the program runs from its sources. */
export function keepCode(): void {
  const thread = globalThis as Thread
  thread[KEEP]?.()
  delete thread[KEEP]
}
