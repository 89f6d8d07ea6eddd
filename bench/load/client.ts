// The load generator of bench/load, in its own process: prepared HTTP bytes on raw sockets, one
// request in flight a connection, so that sending costs little of the cores it shares with the server.
//
//   stdin  one JSON line: LoadOrder      stdout  one JSON line: LoadReport

import { connect } from 'node:net'

export type LoadOrder = {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Whole requests as text; connection c sends numbers c, c + connections, … round and round. */
  readonly requests: readonly string[]
  /** Requests a second over all connections, sent at their times; null: as fast as answers come. */
  readonly rate: number | null
}

export type LoadReport = {
  readonly requests: number
  readonly seconds: number
  /** Answers that were neither 2xx nor 304, nor a refusal (429, 503); and the first of them. */
  readonly failed: number
  readonly refused: number
  readonly firstFailure: string
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly cpuSeconds: number
}

/** Latencies kept; beyond it the newest overwrite the oldest. */
const SAMPLES_MAX = 1 << 20
/** Requests of a second before counting begins: connections are up, code is warm. */
const WARM_SECONDS = 1

class Load {
  private readonly samples = new Float64Array(SAMPLES_MAX)
  private count = 0
  private failed = 0
  private refused = 0
  private firstFailure = ''
  private stopAt = Number.POSITIVE_INFINITY
  private countFrom = Number.POSITIVE_INFINITY
  private open = 0
  private readonly bytes: readonly Buffer[]
  private readonly order: LoadOrder

  constructor(order: LoadOrder) {
    this.order = order
    this.bytes = order.requests.map((text) => Buffer.from(text))
  }

  async run(): Promise<LoadReport> {
    const began = performance.now()
    this.countFrom = began + WARM_SECONDS * 1000
    this.stopAt = this.countFrom + this.order.seconds * 1000
    let cpu = process.cpuUsage()
    setTimeout(() => { cpu = process.cpuUsage() }, WARM_SECONDS * 1000)
    await new Promise<void>((resolve, reject) => {
      for (let index = 0; index < this.order.connections; index++) this.connection(index, resolve, reject)
    })
    const used = process.cpuUsage(cpu)
    const sorted = this.samples.slice(0, Math.min(this.count, SAMPLES_MAX)).sort()
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return {
      requests: this.count, seconds: (performance.now() - this.countFrom) / 1000,
      failed: this.failed, refused: this.refused, firstFailure: this.firstFailure,
      p50: at(0.5), p99: at(0.99), p999: at(0.999), cpuSeconds: (used.user + used.system) / 1e6,
    }
  }

  /** Latencies are those of requests that were answered; a refusal is quick. */
  private note(head: string, now: number, ms: number): void {
    const status = head.slice(9, 12)
    if (status === '429' || status === '503') this.refused++
    else if (status[0] === '2' || status === '304') {
      if (now > this.countFrom) this.samples[this.count++ % SAMPLES_MAX] = ms
    } else {
      this.failed++
      this.firstFailure ||= head.slice(0, 400)
    }
  }

  private connection(index: number, resolve: () => void, reject: (error: Error) => void): void {
    const { port, connections, rate } = this.order
    const socket = connect(port, '127.0.0.1')
    this.open++
    let next = index % this.bytes.length
    const pauseMs = rate === null ? 0 : connections / rate * 1000
    // Of a paced request the time that it was due counts: one that waits for the last is late already.
    let sentAt = performance.now() + pauseMs * index / connections - pauseMs
    let pieces: Buffer[] = []
    let missing = -1
    const write = () => {
      socket.write(this.bytes[next])
      next = (next + connections) % this.bytes.length
    }
    const send = () => {
      const now = performance.now()
      sentAt = rate === null ? now : sentAt + pauseMs
      if (sentAt > now) setTimeout(write, sentAt - now)
      else write()
    }
    const finished = (head: string) => {
      const now = performance.now()
      this.note(head, now, now - sentAt)
      if (now < this.stopAt) return send()
      socket.destroy()
      if (--this.open === 0) resolve()
    }
    socket.setNoDelay(true)
    socket.on('connect', send).on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      pieces.push(chunk)
      if (missing < 0) {
        const all = pieces.length === 1 ? chunk : Buffer.concat(pieces)
        const end = all.indexOf('\r\n\r\n')
        if (end < 0) return
        const length = /content-length: (\d+)/i.exec(all.toString('latin1', 0, end))
        missing = end + 4 + Number(length?.[1] ?? 0) - all.length
        pieces = [all]
      } else missing -= chunk.length
      if (missing > 0) return
      const head = pieces[0].toString('latin1', 0, 400)
      pieces = []
      missing = -1
      finished(head)
    })
  }
}

let input = ''
for await (const chunk of process.stdin) input += String(chunk)
process.stdout.write(`${JSON.stringify(await new Load(JSON.parse(input) as LoadOrder).run())}\n`)
