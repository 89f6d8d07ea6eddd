// Writers on raw sockets: prepared requests, one after the other on each connection.

import { connect, type Socket } from 'node:net'
import { EventGenerator } from '../generator.ts'
import type { BenchServer } from './server.ts'

/** Prepared bodies that the writers take in turn, at most. */
const BODIES_MAX = 2000

/** Before the figures: code is compiled, as it is in a server that has been up for a while. */
const WARM_MS = 1000

export type Figures = {
  /** All requests; `requests` are those that count. */
  readonly sent: number
  readonly requests: number
  readonly seconds: number
  readonly latencies: Float64Array
  /** Cores that the sender has taken. */
  readonly cores: number
}

export type Writing = {
  readonly writers: number
  readonly rows: number
  /** Until then ... */
  readonly seconds?: number
  /** ... or so many requests. */
  readonly count?: number
  /** Every event_id once, though bodies come again. */
  readonly isUnique?: boolean
}

const ID = '"event_id":"evt_'

function requestsOf(server: BenchServer, rows: number, seed: number, bodies: number): Buffer[] {
  const generator = new EventGenerator('app_events', bodies * rows, seed)
  return Array.from({ length: bodies }, () => {
    // As many digits in every id: a later turn puts its number in place.
    const body = generator.next(rows).replaceAll(ID, `${ID}00000_`)
    return Buffer.from(`POST /v0/events?name=app_events&wait=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token}\r\n`
      + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
}

/** Writes the number of its turn into the ids of a request. */
function setTurn(request: Buffer, turn: number): void {
  const digits = Buffer.from(String(turn).padStart(5, '0'))
  for (let at = request.indexOf(ID); at >= 0; at = request.indexOf(ID, at + ID.length)) request.set(digits, at + ID.length)
}

const HEAD_END = Buffer.from('\r\n\r\n')

/** One connection: sends what `next` gives, one request after the other, until it gives null. An answer is
 * whole when its body is. No promise, listener or text a request: the sender has the server's cores. */
function run(socket: Socket, next: () => Buffer | null, onAnswer: (sentAt: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    const send = () => {
      const request = next()
      if (request === null) return resolve()
      sentAt = performance.now()
      socket.write(request)
    }
    let before: Buffer | null = null
    socket.on('data', (chunk: Buffer) => {
      const answer: Buffer = before === null ? chunk : Buffer.concat([before, chunk])
      const isWhole = answer.indexOf(HEAD_END) >= 0 && answer[answer.length - 1] === 0x7d // }
      before = isWhole ? null : answer
      if (!isWhole) return
      if (answer[9] !== 0x32) return reject(new Error(answer.toString('latin1').slice(0, 300))) // 2xx
      onAnswer(sentAt)
      send()
    })
    socket.on('error', reject)
    send()
  })
}

/** Writers until the time is over, or `count` requests are done; of a time the first second, in which code
 * is compiled, does not count. */
export async function write(
  server: BenchServer, { writers, rows, seconds = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, isUnique = false }: Writing,
): Promise<Figures> {
  const bodies = Math.min(BODIES_MAX, count)
  const requests = requestsOf(server, rows, writers * 1000 + rows, bodies)
  const latencies: number[] = []
  const port = Number(new URL(server.url).port)
  const sockets = await Promise.all(Array.from({ length: writers }, () => new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })))
  const began = performance.now()
  const countsFrom = began + (Number.isFinite(seconds) ? WARM_MS : 0)
  const stopsAt = countsFrom + seconds * 1000
  let cpu = process.cpuUsage()
  if (countsFrom > began) setTimeout(() => { cpu = process.cpuUsage() }, WARM_MS)
  let next = 0
  await Promise.all(sockets.map((socket) => run(socket, () => {
    if (next >= count || performance.now() >= stopsAt) return null
    const request = requests[next % bodies]
    if (isUnique && next >= bodies) setTurn(request, Math.floor(next / bodies))
    next++
    return request
  }, (sentAt) => {
    const now = performance.now()
    if (now >= countsFrom) latencies.push(now - sentAt)
  })))
  const { user, system } = process.cpuUsage(cpu)
  const measured = (performance.now() - countsFrom) / 1000
  for (const socket of sockets) socket.destroy()
  return {
    sent: next, requests: latencies.length, seconds: measured, cores: (user + system) / 1e6 / measured,
    latencies: Float64Array.from(latencies).sort(),
  }
}
