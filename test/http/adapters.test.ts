import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpAnswer, HttpHandler, HttpServer, ListenOptions, QuickHandler } from '../../src/server/http.ts'
import { listenNode } from '../../src/server/node-http.ts'
import { listenUws, loadUws } from '../../src/server/uws.ts'
import { collectGarbage } from '../../src/workers/rest.ts'

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

it.each(['uWebSockets.js', 'node:http'])('%s keeps nothing of a call that is over for a connection that stays open', async (name) => {
  const held: WeakRef<Uint8Array>[] = []
  const options: ListenOptions = {
    host: '127.0.0.1', port: 0, bodyBytesMax: BODY_MAX, handler: async ({ body }) => {
      await new Promise((resolve) => { setTimeout(resolve, 1) })
      const answer = new Uint8Array(3_000_000)
      held.push(new WeakRef(body), new WeakRef(answer))
      return { status: 200, headers: {}, body: answer, onOut: () => answer.fill(1) }
    },
  }
  const server = name === 'node:http' ? await listenNode(options) : await listenUws(await loadUws(), options)
  const socket = connect(server.port, '127.0.0.1')
  let bytes = 0
  socket.on('data', (data) => { bytes += data.length })
  socket.write(`POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n${'x'.repeat(500_000)}`)
  await expect.poll(() => bytes).toBeGreaterThan(3_000_000)
  await expect.poll(() => {
    collectGarbage()
    return held.map((ref) => ref.deref()?.length)
  }, { timeout: 5000 }).toEqual([undefined, undefined])
  expect(socket.closed).toBe(false)
  socket.destroy()
  await server.close()
})

describe('bodies of rows over uWebSockets.js', () => {
  const shared = new SharedArrayBuffer(4_000_000)
  let taken: Uint8Array[] = []
  let back: Uint8Array[] = []
  let server: HttpServer
  /** The next room begins at one of eight places within eight bytes. */
  let start = 0
  const seen: Uint8Array[] = []
  beforeAll(async () => {
    server = await listenUws(await loadUws(), {
      host: '127.0.0.1', port: 0, bodyBytesMax: BODY_MAX,
      handler: async ({ body }) => {
        await new Promise((resolve) => { setTimeout(resolve, 5) })
        if (taken.length > 0 && back.length === taken.length) throw new Error('its memory went back before the answer')
        seen.push(Uint8Array.from(body))
        return { status: 200, headers: {}, body: String(body.buffer === shared) }
      },
      bodies: {
        take: (bytes) => {
          const room = new Uint8Array(shared, start++ % 8, bytes)
          taken.push(room)
          return room
        },
        giveBack: (room) => { back.push(room) },
      },
    })
  })
  beforeEach(() => { taken = []; back = []; seen.length = 0 })
  afterAll(() => server.close())

  /** Sends a request in pieces; answers the text of its answer, '' where `isCut` ends the connection before. */
  async function sent(head: string, body: Uint8Array, cuts: readonly number[], isCut = false): Promise<string> {
    const socket = connect(server.port, '127.0.0.1').setNoDelay()
    const answer = new Promise<string>((resolve) => { socket.once('data', (data) => { resolve(data.toString()) }).once('close', () => { resolve('') }) })
    socket.write(`${head}Host: x\r\nContent-Length: ${body.length}\r\n\r\n`)
    let from = 0
    for (const cut of [...cuts, ...isCut ? [] : [body.length]]) {
      socket.write(body.subarray(from, cut))
      from = cut
      await new Promise((resolve) => { setTimeout(resolve, 2) })
    }
    if (isCut) {
      await expect.poll(() => taken.length).toBe(1) // it has been seen
      socket.destroy()
    }
    const text = await answer
    socket.destroy()
    return text
  }
  const areBack = () => back.length === taken.length && taken.every((room) => back.includes(room))
  const bytesOf = (length: number) => new Uint8Array(length).map((_, index) => index * 7 + (index >> 8))
  const POST = 'POST /v0/events?name=a HTTP/1.1\r\n'

  it('come whole into the memory for them, wherever chunks end, and it goes back behind the answer', async () => {
    for (const length of [65_536, 65_543, 300_001, BODY_MAX]) {
      for (const cuts of [[], [1, 2, 5], [40_001], [16_383, 16_390, 33_333, 60_000]]) {
        const body = bytesOf(length)
        expect(await sent(POST, body, cuts)).toMatch(/^HTTP\/1.1 200 [^]*true$/)
        expect(Buffer.compare(seen.at(-1) ?? new Uint8Array(), body)).toBe(0)
      }
    }
    await expect.poll(areBack).toBe(true)
    expect(taken).toHaveLength(16)
  })

  it('leave no memory behind where their sender goes', async () => {
    expect(await sent(POST, bytesOf(500_000), [100_000], true)).toBe('')
    await expect.poll(areBack).toBe(true)
    expect([taken.length, seen.length]).toEqual([1, 0])
  })

  it('come elsewhere where they are small, have a key, are too large, or are no rows', async () => {
    expect(await sent(POST, bytesOf(65_535), [])).toMatch(/false$/)
    expect(await sent(`${POST}Idempotency-Key: a\r\n`, bytesOf(100_000), [])).toMatch(/false$/)
    expect(await sent('POST /v0/sql HTTP/1.1\r\n', bytesOf(100_000), [])).toMatch(/false$/)
    expect(await sent(POST, bytesOf(BODY_MAX + 1), [])).toMatch(/^HTTP\/1.1 413/)
    expect(taken).toEqual([])
  })
})
