// The HTTP port: what the routes see of a server. Two adapters fill it (uws.ts, node-http.ts); the
// same tests run over both.

import type { BodyMemory } from '../engine/engine.ts'

export type HttpRequest = {
  readonly method: string
  /** Percent-encoded path, without the query. */
  readonly path: string
  /** Raw query string without `?`, still encoded. */
  readonly query: string
  /** A header's value by its lower-case name; '' when it is not there. */
  readonly header: (name: string) => string
  /** Text of the peer's address; empty once the client has left. */
  readonly remoteAddress: () => string
  /** The whole body; owned by the handler, one of rows until its answer alone. Empty where it comes as a stream. */
  readonly body: Uint8Array
  /** The body in pieces, of any length in all; null: it is in `body`. Throws when the client leaves. What
   * the handler does not read is read and let go before its answer. */
  readonly stream: AsyncIterable<Uint8Array> | null
  /** Called once when the client leaves before its answer. */
  readonly onAbort: (listener: () => void) => void
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
  /** True: the handler keeps nothing of the request's body, whose memory may serve the next. */
  readonly isBodyFree?: boolean
  /** Called when `body` is not read any more: it was sent, or nobody is there. */
  readonly onOut?: () => void
}

/** A request's headers while it is read; uWebSockets' request is one. */
export type HeaderSource = { readonly getHeader: (lowerCaseName: string) => string }

/** Answers a GET from what came before it; null: the handler has to. */
export type QuickHandler = (path: string, query: string, headers: HeaderSource) => HttpAnswer | null

export type HttpHandler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>

export type ListenOptions = {
  readonly host: string
  readonly port: number
  /** Largest body; above it 413, after the body was drained (else the client sees a reset). */
  readonly bodyBytesMax: number
  readonly handler: HttpHandler
  /** Asked first. */
  readonly quick?: QuickHandler
  /** Where large bodies of rows are taken in, if the adapter can. */
  readonly bodies?: BodyMemory
}

export interface HttpServer {
  readonly adapter: 'uWebSockets.js' | 'node:http'
  readonly port: number
  /** Stops listening, lets what is in flight finish, then closes. */
  close(): Promise<void>
}

/** Another process has the port. */
export class PortInUse extends Error {
  constructor(host: string, port: number) {
    super(`Port ${port} on ${host} is in use by another process; `
      + 'stop it, or choose another port with PIPIT_PORT')
    this.name = 'PortInUse'
  }
}

/** Bodies that are files: they are taken in as they come. */
export const isStreamed = (method: string, path: string): boolean =>
  method === 'POST' && /^\/v0\/(datasources|analyze)\/?$/.test(path)

/** Bodies that are rows: what inserts them reads them where they lie. */
export const isRows = (method: string, path: string): boolean => method === 'POST' && /^\/v0\/events\/?$/.test(path)

/** Headers that routes read; adapters that must copy them copy these. */
export const HEADERS_READ = [
  'authorization', 'accept', 'accept-encoding', 'if-none-match', 'x-request-id', 'user-agent', 'host',
  'content-type', 'content-encoding', 'content-length', 'idempotency-key',
] as const

/** So many of them stand in calls without a body, too; the others speak of the body. */
export const HEADERS_WITHOUT_BODY = 7

export const tooLarge = (bytesMax: number): HttpAnswer => ({
  status: 413, headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ error: `The body is larger than ${bytesMax} bytes; send it in smaller ones` }),
})

/** Reason phrases of the statuses in use. */
export const STATUS_TEXT: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 304: 'Not Modified',
  400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
  408: 'Request Timeout', 409: 'Conflict', 413: 'Payload Too Large', 415: 'Unsupported Media Type', 422: 'Unprocessable Entity',
  429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented',
  503: 'Service Unavailable', 507: 'Insufficient Storage',
}
