// Work that has failed is left alone for a while, each table's, or each run's of segments, by itself: what one of
// them can't do keeps no other waiting.

const RETRY_MS_MIN = 200

type Failure = { readonly error: Error; readonly delayMs: number; readonly retryAtMs: number; readonly number: number }

export type RetryOptions<Key> = {
  readonly nowMs: () => number
  /** Numbers from 0 to 1. */
  readonly random: () => number
  /** Longest pause; a pause is twice the one before it. */
  readonly delayMsMax: number
  /** Whether there is still something to try: failures of what is gone are forgotten. */
  readonly isThere: (key: Key) => boolean
}

/** Failures of all kinds of work, in order. */
let failuresSoFar = 0

/** Failures of one kind of work, by what it works on. */
export class Retries<Key> {
  private readonly options: RetryOptions<Key>
  private readonly failures = new Map<Key, Failure>()

  constructor(options: RetryOptions<Key>) { this.options = options }

  /** False within the pause after a failure. */
  mayTry(key: Key): boolean {
    const failure = this.failures.get(key)
    if (failure === undefined) return true
    const leftMs = failure.retryAtMs - this.options.nowMs()
    return leftMs <= 0 || leftMs > 2 * failure.delayMs // more than ever: the clock was set back
  }

  get isEmpty(): boolean { return this.failures.size === 0 }

  /** Whether the last try has failed. */
  hasFailed(key: Key): boolean { return this.failures.has(key) }

  succeeded(key: Key): void { this.failures.delete(key) }

  failed(key: Key, error: Error): void {
    const { nowMs, random, delayMsMax, isThere } = this.options
    for (const other of this.failures.keys()) if (!isThere(other)) this.failures.delete(other)
    const delayMs = Math.min(delayMsMax, 2 * (this.failures.get(key)?.delayMs ?? RETRY_MS_MIN / 2))
    this.failures.set(key, { error, delayMs, retryAtMs: nowMs() + delayMs * (0.5 + random()), number: ++failuresSoFar })
  }

  /** The newest failure of what was not done since; null: there is none. */
  get last(): Failure | null {
    let last: Failure | null = null
    for (const [key, failure] of this.failures) {
      if (failure.number > (last?.number ?? 0) && this.options.isThere(key)) last = failure
    }
    return last
  }
}
