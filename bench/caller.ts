// Calls of one server over one connection, a prepared request each: as with the load (sender.ts), what
// calling costs must not count as the server's time. Measured, CPU of the caller in its first ten calls, on a
// busy machine: 1 to 10 ms each with undici, whose code is as new as that of the statement, 0.3 this way. An answer
// is put together in memory that stays, and becomes a text after its time was taken: of 74 MB that were 310 ms of
// 1,170 on a busy machine, while the peers' answers of that line go nowhere.

import { connect, type Socket } from 'node:net'

/** Servers close connections that are idle. */
const IDLE_MS = 4000

/** Bytes that are read from the socket at once. */
const READ_BYTES = 1 << 18
const HEAD_END = '\r\n\r\n'

/** `ms`: from the call until its last byte was here. */
export type Answer = { readonly status: number; readonly text: string; readonly ms: number }

/** One caller of the server on `port` of this machine; one call at a time. */
export class Caller {
  private readonly port: number
  private readonly token: string
  private socket: Socket | null = null
  private usedAt = 0
  private readonly read = Buffer.allocUnsafe(READ_BYTES)
  /** The answer that comes, its head included. */
  private answer = Buffer.allocUnsafe(READ_BYTES)
  private onData: ((piece: Buffer) => void) | null = null

  constructor(port: number, token: string) {
    this.port = port
    this.token = token
  }

  /** Connects, unless there is a connection that was used just now. */
  async open(): Promise<Socket> {
    if (this.socket?.readyState === 'open' && performance.now() - this.usedAt < IDLE_MS) return this.socket
    this.close()
    const callback = (count: number): boolean => {
      this.onData?.(this.read.subarray(0, count))
      return true
    }
    const socket = connect({ port: this.port, host: '127.0.0.1', onread: { buffer: this.read, callback } })
    await new Promise<void>((resolve, reject) => { socket.once('connect', resolve).once('error', reject) })
    // One that ends between two calls is no error: the next call connects anew.
    socket.removeAllListeners('error').on('error', () => {}).setNoDelay(true)
    this.usedAt = performance.now()
    return this.socket = socket
  }

  /** Posts a body; resolves when the whole answer has come. Rejects when the connection ends before. */
  async post(path: string, body: string): Promise<Answer> {
    const socket = await this.open()
    const began = performance.now()
    const whole = this.whole(socket)
    socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${this.token}\r\n`
      + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    try {
      const { end, bodyAt } = await whole
      const ms = performance.now() - began
      const { answer } = this
      return { status: Number(answer.toString('latin1', 9, 12)), text: answer.toString('utf8', bodyAt, end), ms }
    } finally {
      this.usedAt = performance.now()
    }
  }

  close(): void {
    this.socket?.destroy()
    this.socket = null
  }

  /** The next answer that comes on a connection, in `answer`. */
  private whole(socket: Socket): Promise<{ readonly bodyAt: number; readonly end: number }> {
    return new Promise((resolve, reject) => {
      let [length, bodyAt, end] = [0, 0, Infinity]
      const settle = (act: () => void) => {
        this.onData = null
        socket.off('close', lost).off('error', lost)
        act()
      }
      const lost = () => settle(() => reject(new Error('the server closed the connection before its answer')))
      this.onData = (piece) => {
        this.reserve(length + piece.length)
        piece.copy(this.answer, length)
        length += piece.length
        if (bodyAt === 0) {
          const headEnd = this.answer.subarray(0, length).indexOf(HEAD_END)
          if (headEnd < 0) return
          const said = /\r\ncontent-length: (\d+)/i.exec(this.answer.toString('latin1', 0, headEnd))
          if (said === null) return settle(() => reject(new Error('an answer does not say its length')))
          bodyAt = headEnd + HEAD_END.length
          end = bodyAt + Number(said[1])
          this.reserve(end)
        }
        if (length >= end) settle(() => resolve({ bodyAt, end }))
      }
      socket.on('close', lost).on('error', lost)
    })
  }

  private reserve(bytes: number): void {
    if (bytes <= this.answer.length) return
    const larger = Buffer.allocUnsafe(bytes)
    this.answer.copy(larger)
    this.answer = larger
  }
}
