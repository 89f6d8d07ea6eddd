// Answers as the contract words them: JSON bodies, errors as {"error": sentence}, formats' types.

import { EngineError, type EngineErrorKind } from '../engine/engine-error.ts'
import type { HttpAnswer } from './http.ts'

const DOCUMENTATION = 'https://www.tinybird.co/docs/api-reference'

/** A refusal of a route: status and a sentence; or `body`, JSON text that a template words itself. */
export class HttpError extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}, body: string | null = null) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.headers = headers
    this.body = body
  }
}

export const jsonAnswer = (status: number, value: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
})

const EXPOSED = 'X-Request-Id, X-DB-Statistics, Retry-After, ETag, X-RateLimit-Limit, '
  + 'X-RateLimit-Remaining, X-RateLimit-Reset'

/** An answer's own headers with those of every answer. One object, filled: spreading three costs a small
 * insert as much as reading its headers. */
export function headersOf(requestId: string, own: HttpAnswer['headers']): HttpAnswer['headers'] {
  const headers: Record<string, string> = {
    'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': EXPOSED, 'X-Request-Id': requestId.slice(0, 128),
  }
  for (const name in own) headers[name] = own[name]
  return headers
}

const STATUS_OF_KIND: Readonly<Record<EngineErrorKind, number>> = {
  query: 400, limit: 400, deadline: 408, cancelled: 499, 'not-found': 404, conflict: 422,
  busy: 503, storage: 507, internal: 500,
}

/** Any error of a route as its answer; what is our own fault is reported through `report` and
 * answered without details. */
export function errorAnswer(error: unknown, report: (error: unknown) => void): HttpAnswer {
  if (error instanceof HttpError) {
    if (error.body !== null) return { ...jsonAnswer(error.status, null, error.headers), body: error.body }
    return jsonAnswer(error.status, { error: error.message, documentation: DOCUMENTATION }, error.headers)
  }
  if (error instanceof EngineError) {
    const status = STATUS_OF_KIND[error.kind]
    if (status === 500) report(error)
    const text = status === 500 ? error.message.split('\n')[0] : error.message
    const retry: Record<string, string> = error.kind === 'busy' ? { 'Retry-After': '1' } : {}
    return jsonAnswer(status, {
      error: error.code === '' ? text : `[Error] ${text} (${error.code})`, documentation: DOCUMENTATION,
    }, retry)
  }
  report(error)
  return jsonAnswer(500, { error: 'The server failed to answer; its log says why' })
}

/** Content types of output formats, by ClickHouse's format name. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  JSON: 'application/json; charset=utf-8',
  JSONCompact: 'application/json; charset=utf-8',
  JSONEachRow: 'application/x-ndjson; charset=utf-8',
  JSONLines: 'application/x-ndjson; charset=utf-8',
  NDJSON: 'application/x-ndjson; charset=utf-8',
  JSONCompactEachRow: 'application/x-ndjson; charset=utf-8',
  JSONStringsEachRow: 'application/x-ndjson; charset=utf-8',
  JSONColumns: 'application/json; charset=utf-8',
  CSV: 'text/csv; charset=utf-8; header=absent',
  CSVWithNames: 'text/csv; charset=utf-8; header=present',
  Parquet: 'application/vnd.apache.parquet',
  Prometheus: 'text/plain; version=0.0.4; charset=utf-8',
}

export const contentTypeOf = (format: string): string =>
  CONTENT_TYPES[format] ?? 'text/plain; charset=utf-8'
