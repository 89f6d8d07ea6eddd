// Calls of one server over one connection, a prepared request each: as with the load (sender.ts), what
// calling costs must not count as the server's time. Measured, CPU of the caller in its first ten calls, on a
// busy machine: 1 to 10 ms each with undici, whose code is as new as that of the statement, 0.3 this way.

import { connect, type Socket } from 'node:net'

/** Servers close connections that are idle. */
const IDLE_MS = 4000

export type Answer = { readonly status: number; readonly text: string }

/** One caller of the server on `port` of this machine; one call at a time. */
export class Caller {
  private readonly port: number
  private readonly token: string
  private socket: Socket | null = null
  private usedAt = 0

  constructor(port: number, token: string) {
    this.port = port
    this.token = token
  }

  /** Connects, unless there is a connection that was used just now. */
  async open(): Promise<Socket> {
    if (this.socket?.readyState === 'open' && performance.now() - this.usedAt < IDLE_MS) return this.socket
    this.close()
    const socket = connect(this.port, '127.0.0.1')
    await new Promise<void>((resolve, reject) => { socket.once('connect', resolve).once('error', reject) })
    // One that ends between two calls is no error: the next call connects anew.
    socket.removeAllListeners('error').on('error', () => {}).setNoDelay(true)
    this.usedAt = performance.now()
    return this.socket = socket
  }

  /** Posts a body; resolves when the whole answer has come. Rejects when the connection ends before. */
  async post(path: string, body: string): Promise<Answer> {
    const socket = await this.open()
    const answer = answerOn(socket)
    socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${this.token}\r\n`
      + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    try {
      return await answer
    } finally {
      this.usedAt = performance.now()
    }
  }

  close(): void {
    this.socket?.destroy()
    this.socket = null
  }
}

/** The next answer that comes on a connection; it says its length. */
function answerOn(socket: Socket): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let pieces: Buffer[] = []
    let [bodyAt, missing] = [-1, 0]
    const end = (settle: () => void) => {
      socket.off('data', take).off('close', lost).off('error', lost)
      settle()
    }
    const lost = () => end(() => reject(new Error('the server closed the connection before its answer')))
    const take = (chunk: Buffer) => {
      pieces.push(chunk)
      if (bodyAt < 0) {
        const all = Buffer.concat(pieces)
        const headEnd = all.indexOf('\r\n\r\n')
        if (headEnd < 0) return
        bodyAt = headEnd + 4
        const length = /\r\ncontent-length: (\d+)/i.exec(all.toString('latin1', 0, headEnd))
        if (length === null) return end(() => reject(new Error('an answer does not say its length')))
        missing = bodyAt + Number(length[1]) - all.length
        pieces = [all]
      } else missing -= chunk.length
      if (missing > 0) return
      const all = Buffer.concat(pieces)
      end(() => resolve({ status: Number(all.toString('latin1', 9, 12)), text: all.toString('utf8', bodyAt) }))
    }
    socket.on('data', take).on('close', lost).on('error', lost)
  })
}
