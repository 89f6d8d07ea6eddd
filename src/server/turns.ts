// Long answers of the main thread: cut up, so that small ones do not wait for them.

/** How long an answer has the main thread at a time. */
const TURN_MS = 8

/** Looks at the clock between pieces of work: `if (turns.isOver()) await turns.next()`. */
export class Turns {
  #began = performance.now()

  isOver(): boolean { return performance.now() - this.#began > TURN_MS }

  async next(): Promise<void> {
    await new Promise((resolve) => { setImmediate(resolve) })
    this.#began = performance.now()
  }
}
