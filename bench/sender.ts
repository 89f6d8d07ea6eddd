// The load of the ingest benchmark: prepared HTTP bytes on raw sockets, so that sending costs as little
// as it can on the cores that it shares with the server.

import { connect, type Socket } from 'node:net'
import { createReadStream } from 'node:fs'

/** Body bytes of a request: a part of 25,000 rows or so, of which dictionaries are worth their sorting. */
const BODY_BYTES = 8 * 2 ** 20
/** Servers close connections that are idle, maybe just as a body is on its way: one that was idle for so
 * long is not used again. */
const IDLE_MS = 4000
/** Two are parsed while a third waits for the disk. */
const CONNECTIONS = 3

/** Cuts a file into bodies that end at line ends. */
async function* bodiesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: BODY_BYTES })) {
    const piece = rest.length === 0 ? chunk as Buffer : Buffer.concat([rest, chunk as Buffer])
    const end = piece.lastIndexOf(10) + 1
    rest = piece.subarray(end)
    if (end > 0) yield piece.subarray(0, end)
  }
  if (rest.length > 0) yield rest
}

type Counts = { successful_rows: number; quarantined_rows: number }

function send(socket: Socket, head: string, body: Buffer): Promise<Counts> {
  return new Promise((resolve, reject) => {
    let text = ''
    const closed = () => reject(new Error('the server closed the connection before its answer'))
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const end = /\{"successful_rows".*?\}/.exec(text)
      if (end === null && !/^HTTP\/1.1 [45]/.test(text)) return
      socket.off('data', take).off('close', closed)
      if (end === null) reject(new Error(text.slice(0, 300)))
      else resolve(JSON.parse(end[0]) as Counts)
    }
    socket.on('data', take).on('close', closed)
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n`)
    socket.write(body)
  })
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve, reject) => { socket.on('connect', resolve).on('error', reject) })
  return socket
}

type Sent = { readonly seconds: number; readonly rows: number; readonly quarantined: number }

/** Sends a file as durable inserts; answers seconds and rows. */
export const sendFile = (port: number, token: string, table: string, file: string): Promise<Sent> =>
  sendBodies(port, token, table, bodiesOf(file))

/** Sends bodies of whole lines as durable inserts. */
export async function sendBodies(
  port: number, token: string, table: string, bodies: AsyncGenerator<Buffer>,
): Promise<Sent> {
  const head = `POST /v0/events?name=${table}&wait=true HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
  let rows = 0
  let quarantined = 0
  const began = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    let socket = await open(port)
    let used = performance.now()
    for (;;) {
      const { value, done } = await bodies.next()
      if (done === true) break
      // On a busy machine bodies take their time.
      if (socket.readyState !== 'open' || performance.now() - used > IDLE_MS) {
        socket.destroy()
        socket = await open(port)
      }
      const counts = await send(socket, head, value)
      used = performance.now()
      rows += counts.successful_rows
      quarantined += counts.quarantined_rows
    }
    socket.destroy()
  }))
  return { seconds: (performance.now() - began) / 1000, rows, quarantined }
}
