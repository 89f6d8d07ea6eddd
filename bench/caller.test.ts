// Answers arrive whole however the network cuts them, and a connection that was lost is made anew.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Caller } from './caller.ts'

const TEXT = 'größer als ein Paket'.repeat(20_000)
let server: Server
let connections = 0
/** What the server does with a request. */
let answer: (socket: Socket, request: string) => void = () => {}

beforeAll(async () => {
  server = createServer((socket) => {
    connections++
    socket.on('data', (request: Buffer) => answer(socket, request.toString()))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
})
afterAll(() => { server.close() })

const head = (length: number, status = '200 OK') => `HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\n\r\n`

it('reads answers in pieces, one after the other over one connection', async () => {
  const caller = new Caller((server.address() as AddressInfo).port, 'secret')
  const before = connections
  let asked = ''
  answer = (socket, request) => {
    asked = request
    const bytes = Buffer.from(head(Buffer.byteLength(TEXT)) + TEXT)
    socket.write(bytes.subarray(0, 20))
    setTimeout(() => {
      socket.write(bytes.subarray(20, 70))
      socket.write(bytes.subarray(70))
    }, 5)
  }
  expect(await caller.post('/v0/sql', 'SELECT ö')).toMatchObject({ status: 200, text: TEXT })
  expect(asked).toBe('POST /v0/sql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer secret\r\nContent-Length: 9\r\n\r\nSELECT ö')
  answer = (socket) => { socket.write(`${head(2, '400 Bad Request')}no`) }
  expect(await caller.post('/v0/sql', 'x')).toMatchObject({ status: 400, text: 'no' })
  expect(connections - before).toBe(1)
  answer = (socket) => { socket.destroy() }
  await expect(caller.post('/v0/sql', 'x')).rejects.toThrow('closed the connection')
  answer = (socket) => { socket.write(`${head(0)}`) }
  expect(await caller.post('/v0/sql', 'x')).toMatchObject({ status: 200, text: '' })
  answer = (socket) => { socket.write(`HTTP/1.1 200 OK\r\n\r\n`) }
  await expect(caller.post('/v0/sql', 'x')).rejects.toThrow('does not say its length')
  expect(connections - before).toBe(2)
  caller.close()
})
