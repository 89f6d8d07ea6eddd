// How many statements may run or wait for a worker: what is more than a second's work is refused at once
// (503), so that those who wait are answered, and an overload is over within a second of its end.
// Invariant: some tens always may, however long those before them take: callers who wait for each other's
// long queries are no overload.

import { EngineError } from './engine-error.ts'

/** One for all: an overload refuses thousands a second, and a trace of each would cost as much as the rest of it. */
export const TOO_MANY = new EngineError('busy',
  'More queries are running or waiting already than are answered in a second; try again in a second', 'TOO_MANY_QUERIES')

const WAITING_MIN = 64
const WAITING_SECONDS = 1
/** Answers a second, while nothing is known. */
const CAPACITY_FIRST = 512
const WINDOW_MS = 1000
/** While at least so many wait all the time, what is answered is all that can be. */
const WAITING_AT_CAPACITY = 16

/** One server's statements. */
export class Backlog {
  /** Answers a second that the server is able to give, as far as it has been seen. */
  private capacity = CAPACITY_FIRST
  private answered = 0
  private since: number
  private leastWaiting = Number.POSITIVE_INFINITY

  constructor(nowMs: number) { this.since = nowMs }

  /** A statement has ended, however; `waiting` others run or wait. */
  note(waiting: number): void {
    this.answered++
    this.leastWaiting = Math.min(this.leastWaiting, waiting)
  }

  /** Whether one more is too much for those `waiting`. */
  isFull(waiting: number, nowMs: number): boolean {
    this.leastWaiting = Math.min(this.leastWaiting, waiting)
    const passedMs = nowMs - this.since
    if (passedMs >= WINDOW_MS) this.close(passedMs, nowMs)
    return waiting >= Math.max(WAITING_MIN, this.capacity * WAITING_SECONDS)
  }

  /** What was answered in a window is what can be, where the workers had enough to do; else at least that. */
  private close(passedMs: number, nowMs: number): void {
    const rate = this.answered / passedMs * 1000
    this.capacity = this.leastWaiting >= WAITING_AT_CAPACITY ? rate : Math.max(this.capacity, rate)
    this.answered = 0
    this.leastWaiting = Number.POSITIVE_INFINITY
    this.since = nowMs
  }
}
