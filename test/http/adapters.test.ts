import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpAnswer, HttpHandler, HttpServer, QuickHandler } from '../../src/server/http.ts'
import { listenNode } from '../../src/server/node-http.ts'
import { listenUws, loadUws } from '../../src/server/uws.ts'

const BODY_MAX = 1_000_000
const big = new Uint8Array(5_000_000).map((_, index) => index % 251)
let aborted = 0
let out = 0

/** Tells what it was asked; some paths do what a test needs. */
const handler: HttpHandler = async (call): Promise<HttpAnswer> => {
  if (call.path === '/big') return { status: 200, headers: {}, body: big, onOut: () => { out++ } }
  if (call.path === '/slow') {
    await new Promise<void>((resolve) => { call.onAbort(() => { aborted++; resolve() }) })
  }
  return {
    status: 201, headers: { 'X-Test': 'yes' },
    body: JSON.stringify({
      method: call.method, path: call.path, query: call.query, type: call.header('content-type'),
      loopback: /127\.0\.0\.1|::1|ffff:7f00:0001/.test(call.remoteAddress()),
      body: Buffer.from(call.body).toString('latin1').slice(0, 20), bytes: call.body.length,
    }),
  }
}

const quick: QuickHandler = (path, query, headers) => (path !== '/known' ? null : {
  status: 304, headers: { ETag: headers.getHeader('if-none-match'), 'X-Query': query }, body: '',
})

const adapters = {
  'uWebSockets.js': async (port: number) =>
    listenUws(await loadUws(), { host: '127.0.0.1', port, bodyBytesMax: BODY_MAX, handler, quick }),
  'node:http': async (port: number) =>
    listenNode({ host: '127.0.0.1', port, bodyBytesMax: BODY_MAX, handler, quick }),
}

describe.each(Object.entries(adapters))('%s', (name, start) => {
  let server: HttpServer
  let url: string
  beforeAll(async () => {
    server = await start(0)
    url = `http://127.0.0.1:${server.port}`
  })
  afterAll(() => server.close())

  it('hands on method, path, query, headers and body as they came', async () => {
    const answer = await request(`${url}/a%20b?x=1&y=%2F`, {
      method: 'POST', body: 'hello', headers: { 'content-type': 'text/x' },
    })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['x-test']).toBe('yes')
    expect(await answer.body.json()).toEqual({
      method: 'POST', path: '/a%20b', query: 'x=1&y=%2F', type: 'text/x', loopback: true, body: 'hello', bytes: 5,
    })
    expect(server.adapter).toBe(name)
  })

  it('asks for a quick answer to a GET first', async () => {
    const headers = { 'if-none-match': 'W/"1"' }
    const known = await request(`${url}/known?a=1`, { headers })
    expect([known.statusCode, known.headers.etag, known.headers['x-query'], await known.body.text()]).toEqual([304, 'W/"1"', 'a=1', ''])
    for (const method of ['POST', 'HEAD'] as const) {
      const other = await request(`${url}/known?a=1`, { method, headers })
      expect(other.statusCode).toBe(201)
      await other.body.dump()
    }
  })

  it('takes a body in many chunks without an announced length', async () => {
    async function* pieces() {
      for (let index = 0; index < 50; index++) yield Buffer.alloc(10_000, 65 + index % 26)
    }
    const answer = await request(`${url}/up`, { method: 'POST', body: Readable.from(pieces()) })
    expect(await answer.body.json()).toMatchObject({ bytes: 500_000, body: 'A'.repeat(20) })
  })

  it('answers 413 after the whole body was taken, and the connection goes on', async () => {
    const answer = await request(`${url}/up`, { method: 'POST', body: Buffer.alloc(BODY_MAX + 1) })
    expect(answer.statusCode).toBe(413)
    expect(await answer.body.json()).toEqual({ error: expect.stringContaining(`${BODY_MAX} bytes`) })
    const next = await request(`${url}/after`)
    expect(next.statusCode).toBe(201)
    await next.body.dump()
  })

  it('sends a large answer whole', async () => {
    const answer = await request(`${url}/big`)
    expect(Buffer.compare(Buffer.from(await answer.body.arrayBuffer()), big)).toBe(0)
  })

  it('says once of each answer that its bytes are not read any more, also where the client has left', async () => {
    const before = out
    await (await request(`${url}/big`)).body.dump()
    await (await request(`${url}/big`, { method: 'HEAD' })).body.dump()
    await expect.poll(() => out).toBe(before + 2)
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET /big HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => { socket.once('data', resolve) })
    socket.destroy()
    await expect.poll(() => out).toBe(before + 3)
  })

  it('answers HEAD without a body', async () => {
    const answer = await request(`${url}/a`, { method: 'HEAD' })
    expect(answer.statusCode).toBe(201)
    expect(await answer.body.text()).toBe('')
  })

  it('says when the client leaves before its answer', async () => {
    const before = aborted
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => { setTimeout(resolve, 100) })
    socket.destroy()
    await expect.poll(() => aborted).toBe(before + 1)
  })

  it('refuses a port that is taken, by name', async () => {
    await expect(start(server.port)).rejects.toThrow(new RegExp(`Port ${server.port} on 127.0.0.1 is in use`))
  })
})
