// Writers on raw sockets: prepared requests, one after the other on each connection.

import { connect, type Socket } from 'node:net'
import { EventGenerator } from '../generator.ts'
import type { BenchServer } from './server.ts'

/** Prepared bodies that the writers take in turn, at most. */
const BODIES_MAX = 2000

export type Figures = { readonly requests: number; readonly seconds: number; readonly latencies: Float64Array }

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

/** One request after the other; an answer is whole when its body is. */
function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!text.includes('}')) return
      socket.off('data', take)
      if (text.startsWith('HTTP/1.1 200')) resolve()
      else reject(new Error(text.slice(0, 300)))
    }
    socket.on('data', take)
    socket.write(request)
  })
}

/** Writers until the time is over, or `count` requests are done. */
export async function write(
  server: BenchServer, { writers, rows, seconds = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, isUnique = false }: Writing,
): Promise<Figures> {
  const bodies = Math.min(BODIES_MAX, count)
  const requests = requestsOf(server, rows, writers * 1000 + rows, bodies)
  const latencies: number[] = []
  const port = Number(new URL(server.url).port)
  const sockets = await Promise.all(Array.from({ length: writers }, () => new Promise<Socket>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    socket.on('connect', () => resolve(socket)).on('error', reject)
  })))
  const began = performance.now()
  let next = 0
  await Promise.all(sockets.map(async (socket) => {
    while (next < count && performance.now() - began < seconds * 1000) {
      const request = requests[next % bodies]
      if (isUnique && next >= bodies) setTurn(request, Math.floor(next / bodies))
      next++
      const at = performance.now()
      await exchange(socket, request)
      latencies.push(performance.now() - at)
    }
    socket.destroy()
  }))
  return { requests: latencies.length, seconds: (performance.now() - began) / 1000, latencies: Float64Array.from(latencies).sort() }
}
