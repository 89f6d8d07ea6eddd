// How many statements may wait for a worker: what is more than a moment's work is refused at once (503),
// so that those who wait are answered, and an overload is over soon after its end.
// Invariant: a few hundred always may, however long those before them take: callers who wait for each
// other's long queries are no overload.

/** So many may run or wait in any case. */
const WAITING_MIN = 512
/** Beyond that: what the server has lately answered in this time. */
const WAITING_SECONDS = 0.5
const WINDOW_MS = 1000

/** One server's statements. */
export class Backlog {
  private answered = 0
  private since: number
  /** Answers a second, as of the last whole window. */
  private rate = 0

  constructor(nowMs: number) { this.since = nowMs }

  /** A statement has ended, however. */
  note(): void { this.answered++ }

  /** How many may wait now. */
  limit(nowMs: number): number {
    const passedMs = nowMs - this.since
    if (passedMs >= WINDOW_MS) {
      this.rate = this.answered / passedMs * 1000
      this.answered = 0
      this.since = nowMs
    }
    return Math.max(WAITING_MIN, this.rate * WAITING_SECONDS)
  }
}
