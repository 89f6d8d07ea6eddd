// The load of the ingest benchmark: prepared HTTP bytes on raw sockets, so that sending costs as little
// as it can on the cores that it shares with the server.

import { connect, type Socket } from 'node:net'
import { closeSync, openSync, readSync } from 'node:fs'

/** Body bytes of a request: a part of 25,000 rows or so, of which dictionaries are worth their sorting. */
const BODY_BYTES = 8 * 2 ** 20
/** Servers close connections that are idle, maybe just as a body is on its way: one that was idle for so
 * long is not used again. */
const IDLE_MS = 4000
/** Two are parsed while a third waits for the disk. */
const CONNECTIONS = 3

/** The next body of a connection, null behind the last. Its bytes stay until the connection asks again. */
export type NextBody = (connection: number) => Buffer | null

/** Cuts a file into bodies that end at line ends. Each connection's lie in a buffer of its own: new ones would cost
 * the sender as much as reading. */
function bodiesOf(file: string): NextBody {
  const fd = openSync(file, 'r')
  const buffers = Array.from({ length: CONNECTIONS }, () => Buffer.alloc(BODY_BYTES))
  let position = 0
  let isOver = false
  return (connection) => {
    const buffer = buffers[connection]
    const length = isOver ? 0 : readSync(fd, buffer, 0, BODY_BYTES, position)
    if (length === 0) {
      if (!isOver) closeSync(fd)
      isOver = true
      return null
    }
    const end = length < BODY_BYTES ? length : buffer.lastIndexOf(10) + 1
    if (end === 0) throw new Error(`a line of ${file} is longer than a body`)
    position += end
    return buffer.subarray(0, end)
  }
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
  port: number, token: string, table: string, nextBody: NextBody,
): Promise<Sent> {
  const head = `POST /v0/events?name=${table}&wait=true HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
  let rows = 0
  let quarantined = 0
  const began = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, async (_, connection) => {
    let socket = await open(port)
    let used = performance.now()
    for (;;) {
      const body = nextBody(connection)
      if (body === null) break
      // On a busy machine bodies take their time.
      if (socket.readyState !== 'open' || performance.now() - used > IDLE_MS) {
        socket.destroy()
        socket = await open(port)
      }
      const counts = await send(socket, head, body)
      used = performance.now()
      rows += counts.successful_rows
      quarantined += counts.quarantined_rows
    }
    socket.destroy()
  }))
  return { seconds: (performance.now() - began) / 1000, rows, quarantined }
}
