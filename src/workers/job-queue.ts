// What a worker does next: jobs run in slices of a few milliseconds, the job that has had the least
// time first, so a point query never waits for a long one (design: morsels of at most 2 ms).

/** Work that can be cut in slices. */
export interface Job {
  /** Runs one slice (aim: ≤ 2 ms). 'waiting': has nothing to do until resume() is called on it. */
  step(): 'more' | 'waiting' | 'done'
  /** Called when step threw: answers with the error and frees what the job holds. */
  fail(error: unknown): void
}

type Entry = { readonly job: Job; usedMs: number; isWaiting: boolean }

/** The jobs of one worker. */
export class JobQueue {
  private readonly entries: Entry[] = []

  /** No job at all, not even a waiting one. */
  get isEmpty(): boolean { return this.entries.length === 0 }

  /** A new job starts with no time used: it goes before everything that has run already. */
  add(job: Job): void { this.entries.push({ job, usedMs: 0, isWaiting: false }) }

  /** A waiting job has something to do again. */
  resume(job: Job): void {
    const entry = this.entries.find((candidate) => candidate.job === job)
    if (entry !== undefined) entry.isWaiting = false
  }

  /** Runs one slice of the job with the least time used. False: nothing to run. */
  runSlice(): boolean {
    let next: Entry | null = null
    for (const entry of this.entries) {
      if (!entry.isWaiting && (next === null || entry.usedMs < next.usedMs)) next = entry
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
    next.usedMs += performance.now() - began
    if (outcome === 'done') this.entries.splice(this.entries.indexOf(next), 1)
    else if (outcome === 'waiting') next.isWaiting = true
    return true
  }
}
