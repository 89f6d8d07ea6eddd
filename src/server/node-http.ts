// HTTP over node:http: where uWebSockets.js has no binding for this system. The same contract as
// uws.ts, at about a quarter of its rate.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BodyStream } from './body-stream.ts'
import { isStreamed, PortInUse, tooLarge, type HttpAnswer, type HttpServer, type ListenOptions } from './http.ts'

/** Listens; rejects with PortInUse when the port is taken. */
export async function listenNode(options: ListenOptions): Promise<HttpServer> {
  let isStopping = false
  let inFlight = 0
  let whenIdle: (() => void) | null = null
  const server = createServer((request, response) => {
    inFlight++
    response.on('close', () => {
      inFlight--
      if (inFlight === 0) whenIdle?.()
    })
    // Or a client that asks again and again would never let a server stop.
    if (isStopping) response.shouldKeepAlive = false
    void serve(request, response, options)
  })
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUse(options.host, options.port) : error)
    })
    server.listen({ host: options.host, port: options.port, exclusive: true }, resolve)
  })
  return {
    adapter: 'node:http',
    port: (server.address() as AddressInfo).port,
    close: async () => {
      isStopping = true
      // Closing a server destroys connections whose answer is written but not out yet.
      server.maxConnections = 1
      if (inFlight > 0) await new Promise<void>((resolve) => { whenIdle = resolve })
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      })
    },
  }
}

async function serve(
  request: IncomingMessage, response: ServerResponse, options: ListenOptions,
): Promise<void> {
  const listeners: (() => void)[] = []
  response.on('close', () => {
    if (!response.writableFinished) for (const listener of listeners) listener()
  })
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const header = (name: string): string => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ') ?? ''
  }
  const quick = request.method === 'GET' ? options.quick?.(path, query, { getHeader: header }) ?? null : null
  if (quick !== null) return send(response, quick)
  const stream = isStreamed(request.method ?? 'GET', path) ? streamOf(request, listeners) : null
  const body = stream === null ? await readBody(request, options.bodyBytesMax) : new Uint8Array(0)
  if (response.destroyed) return
  if (body === null) {
    send(response, tooLarge(options.bodyBytesMax))
    return
  }
  const answer = await options.handler({
    method: request.method ?? 'GET',
    path, stream, query, body, header,
    remoteAddress: () => request.socket.remoteAddress ?? '',
    onAbort: (listener) => { listeners.push(listener) },
  })
  await stream?.rest()
  send(response, answer)
}

function streamOf(request: IncomingMessage, listeners: (() => void)[]): BodyStream {
  const stream = new BodyStream({ pause: () => { request.pause() }, resume: () => { request.resume() } })
  request.on('data', (chunk: Buffer) => { stream.push(chunk, false) })
  request.on('end', () => { stream.push(new Uint8Array(0), true) })
  listeners.push(() => stream.fail())
  return stream
}

/** The whole body, or null when it is above the limit (it is drained all the same). */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Uint8Array | null> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length
      if (length <= bytesMax) chunks.push(chunk as Buffer)
    }
  } catch {
    // The client left in the middle of its body: nobody waits for an answer.
    return new Uint8Array(0)
  }
  return length > bytesMax ? null : Buffer.concat(chunks)
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed) {
    answer.onOut?.()
    return
  }
  if (answer.onOut !== undefined) response.on('close', answer.onOut)
  response.writeHead(answer.status, answer.headers)
  response.end(answer.body)
}
