// A request's body as it comes in, with back-pressure: what nobody has read yet stays small.

/** How a source is held back and let go on. */
export type Flow = { readonly pause: () => void; readonly resume: () => void }

/** Bytes that may wait for the reader. */
const WAITING_BYTES_MAX = 8 * 2 ** 20

/** One body; read by one reader. */
export class BodyStream implements AsyncIterable<Uint8Array> {
  private readonly flow: Flow
  private waiting: Uint8Array[] = []
  private waitingBytes = 0
  /** Its source is held back until somebody reads on. */
  isPaused = false
  private isOver = false
  private isLetGo = false
  private failure: Error | null = null
  private wake = () => {}

  constructor(flow: Flow) { this.flow = flow }

  /** A piece, which is the stream's from then on. */
  push(chunk: Uint8Array, isLast: boolean): void {
    if (!this.isLetGo && chunk.length > 0) {
      this.waiting.push(chunk)
      this.waitingBytes += chunk.length
    }
    this.isOver = isLast
    if (!isLast && !this.isPaused && this.waitingBytes > WAITING_BYTES_MAX) {
      this.isPaused = true
      this.flow.pause()
    }
    this.wake()
  }

  /** The client left. */
  fail(): void {
    this.failure = new Error('The client left before its file was sent')
    this.wake()
  }

  async* [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (let chunk = this.waiting.shift(); chunk !== undefined; chunk = this.waiting.shift()) {
        this.waitingBytes -= chunk.length
        yield chunk
      }
      if (this.failure !== null) throw this.failure
      if (this.isOver) return
      await this.more()
    }
  }

  /** Reads what is left and forgets it; resolves when the body is over. */
  async rest(): Promise<void> {
    this.isLetGo = true
    this.waiting = []
    this.waitingBytes = 0
    while (!this.isOver && this.failure === null) await this.more()
  }

  private async more(): Promise<void> {
    const woken = new Promise<void>((resolve) => { this.wake = resolve })
    if (this.isPaused) {
      this.isPaused = false
      this.flow.resume()
    }
    await woken
  }
}
