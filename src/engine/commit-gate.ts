// A door that commits pass: closing it waits for those inside and keeps the others outside, so that a
// view can begin to run between two commits and not in the midst of one.

export class CommitGate {
  private inside = 0
  private closed: Promise<void> | null = null
  private whenEmpty: (() => void) | null = null

  /** Resolves with the way out, to be called once. */
  async enter(): Promise<() => void> {
    while (this.closed !== null) await this.closed
    this.inside++
    return () => {
      this.inside--
      if (this.inside === 0) this.whenEmpty?.()
    }
  }

  /** Runs `work` while nobody is inside. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.closed !== null) await this.closed
    let open = () => {}
    this.closed = new Promise((resolve) => { open = resolve })
    try {
      if (this.inside > 0) await new Promise<void>((resolve) => { this.whenEmpty = resolve })
      this.whenEmpty = null
      return await work()
    } finally {
      this.closed = null
      open()
    }
  }
}
