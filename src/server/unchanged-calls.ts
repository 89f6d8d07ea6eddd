// Calls of endpoints that were answered 304 and come again word for word: their answer is found by what the client has
// sent, before anything of it is read. Invariants: a call is known for the same path, query, Authorization and
// If-None-Match, while its token, the project, the secrets and the versions of all that its statement reads are
// those that its answer was made of; it is counted and noted as any other.

import { randomUUID } from 'node:crypto'
import type { Engine } from '../engine/engine.ts'
import type { Versions } from '../engine/versions.ts'
import type { Project } from '../project/definitions.ts'
import { headersOf } from './answer.ts'
import type { HeaderSource, HttpAnswer, HttpRequest } from './http.ts'
import type { Asker, KnownCall } from './known-calls.ts'
import type { Metrics } from './metrics.ts'
import { lineOf, ServiceLog } from './service-log.ts'
import type { Tokens } from './tokens.ts'
import type { Variables } from './variables.ts'

type Unchanged = Asker & {
  readonly pipe: string
  readonly ifNoneMatch: string
  readonly headers: HttpAnswer['headers']
  readonly versions: Versions
  /** Of the service log. */
  readonly line: string
}

/** Who tells whether such a call is still that call, and who notes it. */
export type Surroundings = {
  readonly project: () => Project
  readonly tokens: Pick<Tokens, 'find'>
  readonly variables: Pick<Variables, 'values'>
  readonly engine: Pick<Engine, 'areCurrent'>
  readonly serviceLog: Pick<ServiceLog, 'again'>
  readonly metrics: Pick<Metrics, 'count' | 'countEndpoint'>
}

const KNOWN_MAX = 256
const CHARS_MAX = 2048
/** Of a call that read nothing. */
const OUTCOME = { status: 304, error: null, readRows: 0, readBytes: 0, resultRows: 0, memoryBytes: 0 }

const keyOf = (path: string, query: string, authorization: string): string => `${path}?${query}\n${authorization}`

/** A joined text in one piece: it is read many times. */
const flat = (text: string): string => Buffer.from(text).toString()

export class UnchangedCalls {
  private readonly calls = new Map<string, Unchanged>()
  /** Of all calls that are kept: no other version is held for them. */
  private project: Project | null = null

  get size(): number { return this.calls.size }

  /** Keeps a call of a pipe that was answered 304 with these headers. */
  keep(request: Pick<HttpRequest, 'method' | 'path' | 'query' | 'header'>, pipe: string, known: KnownCall & Asker, headers: HttpAnswer['headers']): void {
    const { own, rendered, etag, project, token, secrets } = known
    const ifNoneMatch = request.header('if-none-match')
    const key = keyOf(request.path, request.query, request.header('authorization'))
    // A JWT ends by itself, or with its second; what reads the service log is not noted, and waits for what is.
    const isSpecial = token.origin === 'jwt' || token.rps !== null || ServiceLog.isAmong(rendered.tables)
    if (request.method !== 'GET' || isSpecial || key.length + ifNoneMatch.length > CHARS_MAX) return
    if (etag.versions === null || etag.text !== headers.ETag) return
    if (this.project !== project) {
      this.calls.clear()
      this.project = project
    }
    if (this.calls.size >= KNOWN_MAX && !this.calls.has(key)) this.calls.delete(this.calls.keys().next().value as string)
    const line = lineOf({ pipe, method: 'GET', url: request.path, token: token.name, parameters: own }, OUTCOME)
    this.calls.set(key, {
      pipe, token, project, secrets, ifNoneMatch, headers, versions: etag.versions, line: flat(line),
    })
  }

  /** The answer to a GET; null: it has to be looked at. */
  answer(path: string, query: string, source: HeaderSource, context: Surroundings): HttpAnswer | null {
    const ifNoneMatch = source.getHeader('if-none-match')
    if (ifNoneMatch === '') return null
    const call = this.calls.get(keyOf(path, query, source.getHeader('authorization')))
    if (call === undefined || call.ifNoneMatch !== ifNoneMatch) return null
    const began = performance.now()
    const { project, token, secrets, versions, pipe, line, headers } = call
    const isSame = context.project() === project && context.tokens.find(token.value) === token && context.variables.values === secrets
      && context.engine.areCurrent(versions)
    if (!isSame) return null
    const requestId = source.getHeader('x-request-id') || randomUUID()
    const ms = performance.now() - began
    context.serviceLog.again(line, { requestId, userAgent: source.getHeader('user-agent') }, ms)
    context.metrics.countEndpoint(pipe, ms, false)
    context.metrics.count(304)
    return { status: 304, headers: headersOf(requestId, headers), body: '' }
  }
}
