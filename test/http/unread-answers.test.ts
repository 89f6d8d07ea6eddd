// Answers that nobody reads: how long a client is waited for, by a clock that the test moves.

import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { HttpServer } from '../../src/server/http.ts'
import { listenUws, loadUws } from '../../src/server/uws.ts'

/** More than the socket buffers of both ends hold. */
const BYTES = 64 * 2 ** 20
let server: HttpServer
let out = 0
beforeEach(async () => {
  out = 0
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  const body = new Uint8Array(BYTES)
  server = await listenUws(await loadUws(), {
    host: '127.0.0.1', port: 0, bodyBytesMax: 1000, handler: () => ({ status: 200, headers: {}, body, onOut: () => { out++ } }),
  })
})
afterEach(async () => {
  await server.close()
  vi.useRealTimers()
})

/** A client that has begun to read its answer and stopped. */
async function stalled(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1').on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise((resolve) => { socket.once('data', resolve) })
  socket.pause()
  await new Promise((resolve) => { setTimeout(resolve, 200) }) // what its socket has room for is on its way
  return socket
}

it('one that reads nothing for a minute is given up, and its answer is let go', async () => {
  const socket = await stalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(out).toBe(0)
  await vi.advanceTimersByTimeAsync(9_000)
  expect(out).toBe(1)
  socket.destroy()
})

it('one that reads a little now and then is waited for, and has all of it in the end', async () => {
  const socket = await stalled()
  let got = socket.bytesRead
  for (let minute = 0; minute < 5; minute++) {
    await vi.advanceTimersByTimeAsync(45_000)
    const wanted = socket.bytesRead + 8 * 2 ** 20
    socket.on('data', () => { if (socket.bytesRead > wanted) socket.pause() }).resume()
    await vi.waitFor(() => { expect(socket.isPaused()).toBe(true) })
    socket.removeAllListeners('data')
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
  expect(out).toBe(0)
  socket.on('data', () => { got = socket.bytesRead }).resume()
  await vi.waitFor(() => { expect(out).toBe(1) }, { timeout: 10_000 })
  await vi.waitFor(() => { expect(got).toBeGreaterThan(BYTES) })
  socket.destroy()
}, 30_000)
