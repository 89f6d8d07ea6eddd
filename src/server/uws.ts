// HTTP over uWebSockets.js. Its rules: request and chunk views die with their callback (copy), after
// onAborted the response is gone (never touch it), every write is corked, one answer.

import type { HttpResponse, HttpRequest as UwsRequest, TemplatedApp, us_listen_socket } from 'uWebSockets.js'
import { copyBytes } from '../engine/body-room.ts'
import { BodyStream } from './body-stream.ts'
import {
  HEADERS_READ, HEADERS_WITHOUT_BODY, isRows, isStreamed, PortInUse, STATUS_TEXT, tooLarge, type HttpAnswer, type HttpServer, type ListenOptions,
} from './http.ts'

type Uws = typeof import('uWebSockets.js')

/** Answers above this, more than a new connection's socket takes at once, are sent piecewise. */
const WHOLE_BYTES_MAX = 16 * 1024

const EMPTY = new Uint8Array(0)

/** Throws whatever the binding's load throws (old glibc, other Node): the caller falls back. */
export async function loadUws(): Promise<Uws> {
  // Its types describe the default export alone; what is loaded has it or is it.
  const loaded = await import('uWebSockets.js') as unknown as { default?: Uws } & Uws
  return loaded.default ?? loaded
}

/** Listens; rejects with PortInUse when the port is taken. */
export async function listenUws(uws: Uws, options: ListenOptions): Promise<HttpServer> {
  const app: TemplatedApp = uws.App()
  let inFlight = 0
  let isStopping = false
  let whenIdle: (() => void) | null = null
  const finish = () => {
    inFlight--
    if (inFlight === 0) whenIdle?.()
  }
  const { quick } = options
  app.any('/*', (res, req) => {
    const method = methodOf(req.getMethod())
    if (quick !== undefined && method === 'GET') {
      const answer = quick(req.getUrl(), req.getQuery() ?? '', req)
      if (answer !== null) {
        writeWhole(res, answer, false, isStopping)
        return
      }
    }
    inFlight++
    serve(res, req, method, options, () => isStopping, finish)
  })
  // The binding takes (host, port, options, callback) and holds the constant; its types know neither.
  const { LIBUS_LISTEN_EXCLUSIVE_PORT } = uws as unknown as { LIBUS_LISTEN_EXCLUSIVE_PORT: number }
  const listenOn = app.listen.bind(app) as unknown as (
    host: string, port: number, options: number, callback: (socket: us_listen_socket | false) => void) => void
  const socket = await new Promise<us_listen_socket>((resolve, reject) => {
    listenOn(options.host, options.port, LIBUS_LISTEN_EXCLUSIVE_PORT, (listening) => {
      if (listening) resolve(listening)
      else reject(new PortInUse(options.host, options.port))
    })
  })
  return {
    adapter: 'uWebSockets.js',
    port: uws.us_socket_local_port(socket),
    close: async () => {
      isStopping = true
      uws.us_listen_socket_close(socket)
      if (inFlight > 0) await new Promise<void>((resolve) => { whenIdle = resolve })
      app.close()
    },
  }
}

const NAMES_READ: readonly string[] = HEADERS_READ

/** The library's is in lower case. */
const methodOf = (name: string): string => (name === 'get' ? 'GET' : name === 'post' ? 'POST' : name.toUpperCase())

function serve(
  res: HttpResponse, req: UwsRequest, method: string, options: ListenOptions, isStopping: () => boolean, finish: () => void,
): void {
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
  const headers: string[] = []
  for (let i = 0; i < (hasBody ? HEADERS_READ.length : HEADERS_WITHOUT_BODY); i++) headers.push(req.getHeader(HEADERS_READ[i]))
  const header = (name: string): string => headers[NAMES_READ.indexOf(name)] ?? ''
  const path = req.getUrl()
  const query = req.getQuery() ?? ''
  let isGone = false
  let isOver = false
  let whenOut: (() => void) | undefined
  const end = () => {
    if (isOver) return
    isOver = true
    whenOut?.()
    finish()
  }
  const listeners: (() => void)[] = []
  let room: Uint8Array | null = null
  let isHandled = false
  const giveBackRoom = () => {
    if (room !== null) options.bodies?.giveBack(room)
    room = null
  }
  res.onAborted(() => {
    // In the midst of its answer nobody is left to tell.
    if (!isGone) for (const listener of listeners) listener()
    isGone = true
    if (!isHandled) giveBackRoom()
    end()
  })
  const send = (answer: HttpAnswer) => {
    if (isGone) {
      answer.onOut?.()
      return
    }
    isGone = true
    whenOut = answer.onOut
    write(res, answer, method === 'HEAD', isStopping(), end, () => isOver)
  }
  const handle = (body: Uint8Array, stream: BodyStream | null = null) => {
    isHandled = true
    const answer = options.handler({
      method, path, query, body, stream,
      remoteAddress: () => isGone ? '' : Buffer.from(res.getRemoteAddressAsText()).toString('latin1'),
      header,
      onAbort: (listener) => { listeners.push(listener) },
    })
    if (stream !== null) {
      void Promise.resolve(answer).then(async (ready) => {
        await stream.rest()
        send(ready)
      })
    } else if (answer instanceof Promise) {
      void answer.then((ready) => {
        send(ready)
        giveBackRoom()
        if (ready.isBodyFree === true) giveBack(body)
      })
    } else {
      send(answer)
      giveBackRoom()
    }
  }
  if (!hasBody) handle(EMPTY)
  else if (isStreamed(method, path)) {
    const stream = new BodyStream({
      pause: () => { if (!isGone) res.pause() }, resume: () => { if (!isGone) res.resume() },
    })
    listeners.push(() => stream.fail())
    const waitOn = patience(res)
    res.onData((chunk, isLast) => {
      // One that is held back has no ten seconds, and would be let go on.
      if (!isLast && !stream.isPaused) waitOn()
      stream.push(new Uint8Array(chunk).slice(), isLast)
    })
    handle(EMPTY, stream)
  }
  else {
    const announced = Number(header('content-length') || -1)
    const isWanted = announced > 0 && announced <= options.bodyBytesMax
    // A key's hash of a body is made of ordinary memory.
    if (isWanted && announced >= SPARE_BYTES_MIN && isRows(method, path) && header('idempotency-key') === '') {
      room = options.bodies?.take(announced) ?? null
    }
    readBody(res, room ?? roomFor(isWanted ? announced : 0), options.bodyBytesMax, handle, (answer) => {
      send(answer)
      giveBackRoom()
    })
  }
}

/** Buffers of large bodies whose answers are out: new ones cost a page fault every 4 KiB and the
 * collector's time, a third of what taking in a body costs. */
const spareBodies: Uint8Array<ArrayBuffer>[] = []
const SPARE_BODIES_MAX = 4
const SPARE_BYTES_MIN = 64 * 1024
const SPARE_STEP_BYTES = 64 * 1024
const SPARE_BYTES_MAX = 16 * 1024 * 1024
/** Kept while there are such bodies. */
const SPARE_MS = 5000
let spareTimer: NodeJS.Timeout | null = null

/** Bodies up to this share pieces of memory: one of its own each is another thread's work to let go. */
const SHARED_BYTES_MAX = 2048

function roomFor(bytes: number): Uint8Array<ArrayBuffer> {
  if (bytes <= SHARED_BYTES_MAX) return Buffer.allocUnsafe(bytes)
  const index = spareBodies.findIndex((spare) => spare.length >= bytes && spare.length <= 4 * bytes)
  if (index >= 0) return spareBodies.splice(index, 1)[0]
  // Bodies of one sender differ by little: the buffer of one is to do for the next.
  return new Uint8Array(bytes < SPARE_BYTES_MIN ? bytes : Math.ceil(bytes / SPARE_STEP_BYTES) * SPARE_STEP_BYTES)
}

/** The handler has no use for the body any more. Small ones are pieces of what others are in, too. */
function giveBack(body: Uint8Array): void {
  if (Buffer.isBuffer(body)) return
  const { buffer } = body
  const isWorthIt = buffer.byteLength >= SPARE_BYTES_MIN && buffer.byteLength <= SPARE_BYTES_MAX
  if (!isWorthIt || !(buffer instanceof ArrayBuffer)) return
  if (spareBodies.length === SPARE_BODIES_MAX) spareBodies.shift()
  spareBodies.push(new Uint8Array(buffer))
  if (spareTimer === null) spareTimer = setTimeout(() => { spareBodies.length = 0 }, SPARE_MS).unref()
  else spareTimer.refresh()
}

/** Collects the chunks in `room`, in more where there are more; a body above the limit is drained and answered with
 * 413. */
function readBody(
  res: HttpResponse, room: Uint8Array, bytesMax: number,
  handle: (body: Uint8Array) => void, send: (answer: HttpAnswer) => void,
): void {
  let body = room
  let length = 0
  const waitOn = patience(res)
  res.onData((chunk, isLast) => {
    if (!isLast) waitOn()
    const end = length + chunk.byteLength
    if (end <= bytesMax) {
      if (end > body.length) {
        const grown = new Uint8Array(isLast ? end : Math.max(end, body.length * 2))
        grown.set(body.subarray(0, length))
        body = grown
      }
      copyBytes(body, length, new Uint8Array(chunk))
    }
    length = end
    if (!isLast) return
    if (length > bytesMax) send(tooLarge(bytesMax))
    else handle(body.subarray(0, length))
  })
}

/** How long a body may take whose sender is slower than the library waits for, as long as node:http waits. */
const SLOW_BODY_MS = 300_000

/** Answers what to call with each piece of a body but the last. The library closes a connection that has not brought
 * 160 KB within ten seconds: many a phone does not. One that brings nothing for ten seconds is closed all the same. */
function patience(res: HttpResponse): () => void {
  let began = 0
  let since = 0
  return () => {
    const now = performance.now()
    if (began === 0) began = since = now
    if (now - since < AGAIN_MS || now - began > SLOW_BODY_MS) return
    since = now
    // Its ten seconds begin anew.
    res.pause()
    res.resume()
  }
}

/** Calls `onOut` once the socket has taken all of the answer: a stop waits for that. A last answer closes
 * its connection, or a client that asks again and again would never let a server stop. */
function write(
  res: HttpResponse, answer: HttpAnswer, isHead: boolean, isLast: boolean, onOut: () => void, isOver: () => boolean,
): void {
  res.cork(() => {
    if (!isHead && answer.body.length > WHOLE_BYTES_MAX) {
      writeHead(res, answer)
      if (isLast) res.writeHeader('Connection', 'close')
      writeLarge(res, answer.body, onOut, isOver)
      return
    }
    writeWhole(res, answer, isHead, isLast)
    onOut()
  })
}

/** Headers go as the value of the first one, in one call of the library instead of six. */
function writeHead(res: HttpResponse, { status, headers }: HttpAnswer): void {
  if (status !== 200) res.writeStatus(`${status} ${STATUS_TEXT[status] ?? ''}`) // 200 is what it says by itself
  let first = ''
  let text = ''
  for (const name in headers) {
    if (first === '') {
      first = name
      text = headers[name]
    } else text += `\r\n${name}: ${headers[name]}`
  }
  if (first !== '') res.writeHeader(first, text)
}

function writeWhole(res: HttpResponse, answer: HttpAnswer, isHead: boolean, isLast: boolean): void {
  writeHead(res, answer)
  if (isHead) res.endWithoutBody(answer.body.length, isLast)
  else res.end(sendable(answer.body), isLast)
}

/** uWebSockets reads shared memory, too; its types do not say so. */
const sendable = <Body extends string | Uint8Array>(body: Body) => body as Body & (string | Uint8Array<ArrayBuffer>) // as said above

/** Sends as much as the socket takes and goes on when it drains. Nothing is copied: what is sent is read
 * where it lies, so the body stays as it is until it is out. */
function writeLarge(res: HttpResponse, body: Uint8Array | string, onOut: () => void, isOver: () => boolean): void {
  const bytes = sendable(typeof body === 'string' ? Buffer.from(body) : body)
  const sendFrom = (offset: number): boolean => {
    const [, done] = res.tryEnd(bytes.subarray(offset), bytes.length)
    if (done) onOut()
    return done
  }
  if (sendFrom(0)) return
  res.onWritable(sendFrom)
  keepOpen({ res, isOver, sendAgain: () => sendFrom(res.getWriteOffset()), offset: res.getWriteOffset(), since: performance.now() })
}

type Unsent = {
  readonly res: HttpResponse
  readonly isOver: () => boolean
  readonly sendAgain: () => boolean
  /** Bytes that the socket has taken, and since when it has taken no more. */
  offset: number
  since: number
}

/** Large answers that their sockets have not taken yet. The library closes a connection on which it has not been able to
 * write for ten seconds, and hears that it can from a socket of which a third is free: that is a megabyte and more, which
 * a slow client reads in longer. So it tries again before. */
const unsent = new Set<Unsent>()
const AGAIN_MS = 3000
/** A client that reads nothing for so long, of a socket that is full, is given up. */
const STALLED_MS = 60_000
let againTimer: NodeJS.Timeout | null = null

function keepOpen(one: Unsent): void {
  unsent.add(one)
  againTimer ??= setInterval(sendUnsent, AGAIN_MS).unref()
}

function sendUnsent(): void {
  const now = performance.now()
  for (const one of unsent) {
    const { res } = one
    if (!one.isOver()) res.cork(one.sendAgain)
    if (one.isOver()) {
      unsent.delete(one)
      continue
    }
    const offset = res.getWriteOffset()
    if (offset > one.offset) Object.assign(one, { offset, since: now })
    else if (now - one.since > STALLED_MS) {
      unsent.delete(one)
      res.close()
    }
  }
  if (unsent.size > 0 || againTimer === null) return
  clearInterval(againTimer)
  againTimer = null
}
