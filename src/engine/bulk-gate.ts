// Bulk writes beside views that begin to run: what a write has derived is what the views of its beginning
// make, so a view begins when no write is under way, and a write that comes meanwhile waits.
//
//   imports, copies, replays, rebuilds -> shared() ... their rows appear -> leave
//   feeds of new views, one at a time  -> feeding() ... -> alone(): the view runs from then on

export class BulkGate {
  private writers = 0
  private closed: Promise<void> | null = null
  private whenEmpty: (() => void) | null = null
  private feeds: Promise<unknown> = Promise.resolve()

  /** Resolves with the way out, to be called once. */
  async shared(): Promise<() => void> {
    while (this.closed !== null) await this.closed
    this.writers++
    return () => {
      this.writers--
      if (this.writers === 0) this.whenEmpty?.()
    }
  }

  /** Runs one feed after the other: two that wait for writers to end must not wait for each other. */
  feeding<T>(work: () => Promise<T>): Promise<T> {
    const done = this.feeds.then(work)
    this.feeds = done.catch(() => {})
    return done
  }

  /** Runs the last step of a feed while no write is under way. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    let open = () => {}
    this.closed = new Promise((resolve) => { open = resolve })
    try {
      if (this.writers > 0) await new Promise<void>((resolve) => { this.whenEmpty = resolve })
      this.whenEmpty = null
      return await work()
    } finally {
      this.closed = null
      open()
    }
  }
}
