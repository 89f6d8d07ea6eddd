// Bodies that come slowly, or stop: uWebSockets.js by itself closes a connection that brings less than 160 KB in ten
// seconds.

import { connect } from 'node:net'
import { expect, it } from 'vitest'
import type { HttpHandler, ListenOptions } from '../../src/server/http.ts'
import { listenNode } from '../../src/server/node-http.ts'
import { listenUws, loadUws } from '../../src/server/uws.ts'

const ROWS = '/v0/events?name=a'
const PIECES = 15
const PIECE_MS = 1000

const handler: HttpHandler = async ({ body, stream }) => {
  let text = Buffer.from(body).toString('latin1')
  if (stream !== null) for await (const chunk of stream) text += Buffer.from(chunk).toString('latin1')
  return { status: 200, headers: {}, body: text.slice(-PIECES) }
}

/** Sends a body of `bytes` bytes, of which all but PIECES come at once, these one a second; `isStopped`: no more come
 * behind the first. Answers all that comes back until the server closes the connection. */
async function slowly(port: number, path: string, bytes: number, isStopped = false): Promise<string> {
  const socket = connect(port, '127.0.0.1').setNoDelay().on('error', () => {})
  let text = ''
  socket.on('data', (data) => { text += data.toString() })
  const closed = new Promise((resolve) => { socket.once('close', resolve) })
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes - PIECES)}`)
  for (let piece = 0; piece < (isStopped ? 1 : PIECES) && !socket.closed; piece++) {
    await new Promise((resolve) => { setTimeout(resolve, PIECE_MS) })
    socket.write(String.fromCharCode(65 + piece))
  }
  if (text !== '') socket.end()
  await closed
  return text
}

it('are waited for while something comes, and what stops leaves no memory behind', async () => {
  let rooms = 0
  let taken = 0
  const options: ListenOptions = {
    host: '127.0.0.1', port: 0, bodyBytesMax: 1_000_000, handler,
    bodies: {
      take: (bytes) => {
        rooms++
        taken++
        return new Uint8Array(new SharedArrayBuffer(bytes))
      },
      giveBack: () => { rooms-- },
    },
  }
  const servers = [await listenUws(await loadUws(), options), await listenNode(options)]
  const [fast, plain] = servers.map(({ port }) => port)
  const answers = await Promise.all([
    slowly(fast, ROWS, 100_000), slowly(fast, '/v0/sql', 20), slowly(fast, '/v0/datasources', 1000), slowly(plain, ROWS, 100_000),
    slowly(fast, ROWS, 200_000, true),
  ])
  const whole: unknown = expect.stringMatching(/^HTTP\/1.1 200 [^]*ABCDEFGHIJKLMNO/)
  expect(answers).toEqual([whole, whole, whole, whole, ''])
  expect([taken, rooms]).toEqual([2, 0])
  for (const server of servers) await server.close()
}, 40_000)
