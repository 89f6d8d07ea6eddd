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
}

export type LoadReport = {
  readonly requests: number
  readonly seconds: number
  /** Answers that were not 2xx, and the first of them. */
  readonly failed: number
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
      failed: this.failed, firstFailure: this.firstFailure,
      p50: at(0.5), p99: at(0.99), p999: at(0.999), cpuSeconds: (used.user + used.system) / 1e6,
    }
  }

  private connection(index: number, resolve: () => void, reject: (error: Error) => void): void {
    const { port, connections } = this.order
    const socket = connect(port, '127.0.0.1')
    this.open++
    let next = index % this.bytes.length
    let sentAt = 0
    let pieces: Buffer[] = []
    let missing = -1
    const send = () => {
      sentAt = performance.now()
      socket.write(this.bytes[next])
      next = (next + connections) % this.bytes.length
    }
    const finished = (head: string) => {
      const now = performance.now()
      if (now > this.countFrom) this.samples[this.count++ % SAMPLES_MAX] = now - sentAt
      if (!head.startsWith('HTTP/1.1 2')) {
        this.failed++
        this.firstFailure ||= head.slice(0, 400)
      }
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
