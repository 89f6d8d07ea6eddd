// Bulk writes beside views that begin to run: what a write has derived is what the views of its beginning
// make, so a view begins when no write is under way, and a write that comes meanwhile waits.
//
//   imports, copies, replays, rebuilds -> enter() ... their rows appear -> leave
//   feeds of new views, one at a time  -> feeding() ... -> alone(): the view runs from then on

import { CommitGate } from './commit-gate.ts'

export class BulkGate extends CommitGate {
  private feeds: Promise<unknown> = Promise.resolve()

  /** Runs one feed after the other: two that wait for writers to end must not wait for each other. */
  feeding<T>(work: () => Promise<T>): Promise<T> {
    const done = this.feeds.then(work)
    this.feeds = done.catch(() => {})
    return done
  }
}
