// What a worker does next: jobs run in slices of a few milliseconds, those first that came first. What ends
// within a turn of some slices is run as it came; each slice beyond it puts a job behind all that come within
// many times its length. So a point query never waits for a long one (design: morsels of at most 2 ms), and a
// long one is not put off for ever by small ones that keep coming: under a steady load it gets a
// USED_WEIGHT-th of the time.

/** Work that can be cut in slices. */
export interface Job {
  /** Runs one slice (aim: ≤ 2 ms). 'waiting': has nothing to do until resume() is called on it. */
  step(): 'more' | 'waiting' | 'done'
  /** Called when step threw: answers with the error and frees what the job holds. */
  fail(error: unknown): void
}

/** Time that a job may have in its turn: what ends in it is run as it came. Were its second slice behind all that
 * came in the meantime, a busy worker would have many begun and few answered. */
const TURN_MS = 8
/** Time that a job has had beyond it, so many times, counts as time that it came later. */
const USED_WEIGHT = 16
/** A slice counts as no more than this, two slices: what took longer is, nearly always, a core that another process
 * had, or the collector. Counted whole, a query that was held up once had all others go before it as well. */
const COUNTED_MS_MAX = 4

type Entry = { readonly job: Job; dueMs: number; usedMs: number; waitsFromMs: number; isWaiting: boolean }

/** The jobs of one worker. */
export class JobQueue {
  private readonly entries: Entry[] = []

  /** No job at all, not even a waiting one. */
  get isEmpty(): boolean { return this.entries.length === 0 }

  /** Jobs, those that wait for something too. */
  get size(): number { return this.entries.length }

  /** A new job is due now: it goes before everything that has had more than a little time. */
  add(job: Job): void { this.entries.push({ job, dueMs: performance.now(), usedMs: 0, waitsFromMs: 0, isWaiting: false }) }

  /** A waiting job has something to do again. So long it came later: it was nobody's turn that it waited for, and
   * all its slices at once would hold up the small ones. */
  resume(job: Job): void {
    const entry = this.entries.find((candidate) => candidate.job === job)
    if (entry === undefined || !entry.isWaiting) return
    entry.isWaiting = false
    entry.dueMs += performance.now() - entry.waitsFromMs
  }

  /** Runs one slice of the job that is due first. False: nothing to run. */
  runSlice(): boolean {
    let next: Entry | null = null
    for (const entry of this.entries) {
      if (!entry.isWaiting && (next === null || entry.dueMs < next.dueMs)) next = entry
    }
    if (next === null) return false
    const began = performance.now()
    let outcome: 'more' | 'waiting' | 'done'
    try {
      outcome = next.job.step()
    } catch (error) {
      next.job.fail(error)
      outcome = 'done'
    }
    const now = performance.now()
    const usedMs = Math.min(now - began, COUNTED_MS_MAX)
    const beyondMs = Math.min(usedMs, next.usedMs + usedMs - TURN_MS)
    next.usedMs += usedMs
    // From now on: what it had while nobody else waited is no debt.
    if (beyondMs > 0) next.dueMs = Math.min(next.dueMs, began) + beyondMs * USED_WEIGHT
    if (outcome === 'done') this.entries.splice(this.entries.indexOf(next), 1)
    else if (outcome === 'waiting') {
      next.isWaiting = true
      next.waitsFromMs = now
    }
    return true
  }
}
