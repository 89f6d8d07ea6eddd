// What the routes work with: the engine, the project as it serves now, the tokens.

import type { Engine } from '../engine/engine.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Project } from '../project/definitions.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import type { CopyClocks } from './copy-clocks.ts'
import type { Jwts } from './jwt.ts'
import type { RateLimits } from './rate-limits.ts'
import { scopeText, type ScopeType } from './scopes.ts'
import { allows, type Token, type Tokens } from './tokens.ts'
import type { Variables } from './variables.ts'
import type { Workspace } from './workspace.ts'
import type { Metrics } from './metrics.ts'
import type { KnownCalls } from './known-calls.ts'
import type { UnchangedCalls } from './unchanged-calls.ts'
import type { ServiceLog } from './service-log.ts'
import { HttpError } from './answer.ts'

export type Log = {
  readonly info: (fields: Record<string, unknown>, message: string) => void
  readonly error: (fields: Record<string, unknown>, message: string) => void
}

export type ServerContext = {
  readonly engine: Engine
  readonly jobs: Jobs
  /** The last good version of the project. */
  readonly project: () => Project
  readonly tokens: Tokens
  readonly jwts: Jwts
  readonly rateLimits: RateLimits
  readonly variables: Variables
  readonly copyClocks: CopyClocks
  readonly workspace: Workspace
  /** Adds a data source beside those of the project's files; throws HttpError for what its text says. */
  readonly createDatasource: (name: string, text: string) => Promise<void>
  /** Drops one of those, or the rows of one that no file describes any more. Throws HttpError 409 where a
   * file of the project describes or needs it. */
  readonly dropDatasource: (name: string) => Promise<void>
  /** `pipit dev`: GET /tokens answers (loopback only). */
  readonly isLocal: boolean
  readonly log: Log
  readonly version: string
  readonly metrics: Metrics
  readonly serviceLog: ServiceLog
  readonly knownCalls: KnownCalls
  readonly unchangedCalls: UnchangedCalls
}

/** A call that has a token. `rest` are the captured parts of the path. */
export type Call = {
  readonly request: HttpRequest
  readonly context: ServerContext
  readonly token: Token
  readonly rest: readonly string[]
  /** Of the request, for people who look for it in logs. */
  readonly requestId: string
}

export type Route = (call: Call) => HttpAnswer | Promise<HttpAnswer>

/** Where the client found this server: what URLs in answers begin with. */
export const originOf = (call: Call): string => `http://${call.request.header('host')}`

/** Throws 403 naming the scope that the token lacks. */
export function requireScope(call: Call, type: ScopeType, resource: string): void {
  if (allows(call.token, type, resource)) return
  const scope = type === 'ADMIN' ? 'ADMIN' : `${scopeText({ type, resource })}, or ADMIN`
  throw new HttpError(403, `The token '${call.token.name}' lacks the scope ${scope}`)
}
