// The table of routes, and what every call goes through: CORS, request id, token, rate, errors,
// encoding.

import { randomUUID } from 'node:crypto'
import { resourceName } from '../project/versions.ts'
import { errorAnswer, headersOf, HttpError, jsonAnswer } from './answer.ts'
import { compressed } from './compress.ts'
import type { Route, ServerContext } from './context.ts'
import { dropDatasource, getDatasource, listDatasources, truncateDatasource } from './datasources.ts'
import { makeBackup } from './backup.ts'
import { runCopy, runRebuild, runVerify } from './copies.ts'
import { cancelCopies, pauseCopy, resumeCopy } from './copy-clock-routes.ts'
import { deleteRows } from './deletes.ts'
import { analyzeFile } from './analyze.ts'
import { importFile } from './imports.ts'
import { cancelJob, getJob, listJobs } from './jobs.ts'
import { postEvents } from './events.ts'
import { replayQuarantine } from './quarantine.ts'
import type { HttpAnswer, HttpHandler, HttpRequest, QuickHandler } from './http.ts'
import { looksLikeJwt } from './jwt.ts'
import { getMetrics } from './metrics-route.ts'
import { getOpenApi } from './openapi.ts'
import { explainPipe, getPipe, listPipes, runEndpoint } from './pipes.ts'
import { runSql } from './sql.ts'
import { changeToken, createToken, dropToken, getToken, listTokens, refreshToken } from './token-routes.ts'
import type { Token } from './tokens.ts'
import { changeVariable, createVariable, dropVariable, getVariable, listVariables } from './variable-routes.ts'
import { getWorkspace } from './workspace-route.ts'

type Entry = { readonly methods: readonly string[]; readonly path: RegExp; readonly route: Route }

/** Order matters: the first path that matches answers. Paths come without a slash at their end; HEAD
 * is a GET whose body the adapter leaves out. */
const ROUTES: readonly Entry[] = [
  { methods: ['POST'], path: /^\/v0\/events$/, route: postEvents },
  { methods: ['GET'], path: /^\/v0\/pipes\/openapi\.json$/, route: getOpenApi },
  {
    methods: ['GET', 'POST'],
    path: /^\/v0\/pipes\/([A-Za-z_]\w*)\.(json|csv|ndjson|parquet|prometheus)$/, route: runEndpoint,
  },
  { methods: ['GET', 'POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)(?:\/nodes\/([A-Za-z_]\w*))?\/explain$/, route: explainPipe },
  { methods: ['GET', 'POST'], path: /^\/v0\/sql$/, route: runSql },
  { methods: ['GET'], path: /^\/v0\/datasources$/, route: listDatasources },
  { methods: ['POST'], path: /^\/v0\/datasources$/, route: importFile },
  { methods: ['POST'], path: /^\/v0\/analyze$/, route: analyzeFile },
  { methods: ['POST'], path: /^\/v0\/datasources\/([A-Za-z_]\w*)\/truncate$/, route: truncateDatasource },
  { methods: ['POST'], path: /^\/v0\/datasources\/([A-Za-z_]\w*)\/delete$/, route: deleteRows },
  { methods: ['POST'], path: /^\/v0\/datasources\/([A-Za-z_]\w*)\/quarantine\/replay$/, route: replayQuarantine },
  { methods: ['POST'], path: /^\/v0\/backup$/, route: makeBackup },
  { methods: ['GET'], path: /^\/v0\/jobs$/, route: listJobs },
  { methods: ['GET'], path: /^\/v0\/jobs\/([\w-]+)$/, route: getJob },
  { methods: ['POST'], path: /^\/v0\/jobs\/([\w-]+)\/cancel$/, route: cancelJob },
  { methods: ['POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)\/copy$/, route: runCopy },
  { methods: ['POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)\/copy\/pause$/, route: pauseCopy },
  { methods: ['POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)\/copy\/resume$/, route: resumeCopy },
  { methods: ['POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)\/copy\/cancel$/, route: cancelCopies },
  { methods: ['POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)\/rebuild$/, route: runRebuild },
  { methods: ['POST'], path: /^\/v0\/pipes\/([A-Za-z_]\w*)\/verify$/, route: runVerify },
  { methods: ['GET'], path: /^\/v0\/datasources\/([A-Za-z_]\w*(?:\.datasource)?)$/, route: getDatasource },
  { methods: ['DELETE'], path: /^\/v0\/datasources\/([A-Za-z_]\w*)$/, route: dropDatasource },
  { methods: ['GET'], path: /^\/v0\/pipes$/, route: listPipes },
  { methods: ['GET'], path: /^\/v0\/pipes\/([A-Za-z_]\w*(?:\.pipe)?)$/, route: getPipe },
  { methods: ['GET'], path: /^\/v0\/tokens$/, route: listTokens },
  { methods: ['POST'], path: /^\/v0\/tokens$/, route: createToken },
  { methods: ['POST'], path: /^\/v0\/tokens\/([^/]+)\/refresh$/, route: refreshToken },
  { methods: ['GET'], path: /^\/v0\/tokens\/([^/]+)$/, route: getToken },
  { methods: ['PUT'], path: /^\/v0\/tokens\/([^/]+)$/, route: changeToken },
  { methods: ['DELETE'], path: /^\/v0\/tokens\/([^/]+)$/, route: dropToken },
  { methods: ['GET'], path: /^\/v[01]\/variables$/, route: listVariables },
  { methods: ['POST'], path: /^\/v[01]\/variables$/, route: createVariable },
  { methods: ['GET'], path: /^\/v[01]\/variables\/(\w+)$/, route: getVariable },
  { methods: ['PUT'], path: /^\/v[01]\/variables\/(\w+)$/, route: changeVariable },
  { methods: ['DELETE'], path: /^\/v[01]\/variables\/(\w+)$/, route: dropVariable },
  { methods: ['GET'], path: /^\/v[01]\/workspace$/, route: getWorkspace },
  { methods: ['GET'], path: /^\/metrics$/, route: getMetrics },
]

/** What Tinybird's Classic changed by calls, and Forward by deployments alone. */
const CHANGES = /^(POST|PUT|DELETE) \/v0\/(?:pipes(?:\/\w+(?:\/(?:nodes|endpoint|sink|copy)\b.*)?)?|datasources\/\w+(?:\/alter)?)$/

/** Paths whose parts name a data source or a pipe. */
const NAMED = /^\/v0\/(?:datasources|pipes)\//

const PREFLIGHT: HttpAnswer = {
  status: 204, body: '',
  headers: {
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    // `*` is for what tracing puts on a page's every request (traceparent, baggage). It never means Authorization, and
    // browsers that do not know it want each by name.
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Content-Encoding, Idempotency-Key, '
      + 'X-Request-Id, If-None-Match, *',
    'Access-Control-Max-Age': '86400',
  },
}

/** What a call presents as its token; its value goes nowhere but into the comparison. */
function tokenValue(request: HttpRequest): string {
  const bearer = /^bearer\s+(.+)$/i.exec(request.header('authorization'))?.[1].trim()
  const value = bearer ?? queryToken(request.query)
  if (value === null || value === '') {
    throw new HttpError(403, 'A token is missing: send Authorization: Bearer TOKEN or ?token=TOKEN')
  }
  return value
}

function queryToken(query: string): string | null {
  const found = /(?:^|&)token=([^&]*)/.exec(query)
  if (found === null) return null
  try {
    return decodeURIComponent(found[1])
  } catch {
    return null
  }
}

const isLoopback = (address: string): boolean =>
  address === '::1' || address.startsWith('127.') || address === '0:0:0:0:0:0:0:1'
  || address === '0000:0000:0000:0000:0000:0000:0000:0001'
  || /^(0000:){5}ffff:7f/i.test(address) || address.startsWith('::ffff:127.')

/** Routes without a token; null: not one of them. */
function openRoute(request: HttpRequest, path: string, context: ServerContext): HttpAnswer | null {
  if (request.method === 'OPTIONS') return PREFLIGHT
  if (path === '/health') return jsonAnswer(200, { status: 'ok', version: context.version })
  if (path === '/tokens') {
    if (!context.isLocal || !isLoopback(request.remoteAddress())) {
      throw new HttpError(404, 'GET /tokens answers in local mode and from loopback only')
    }
    const admin = context.tokens.admin.value
    return jsonAnswer(200, { user_token: admin, admin_token: admin, workspace_admin_token: admin })
  }
  return null
}

/** The route of a path with its captured parts. Throws 404 and 405. */
function routeOf(request: HttpRequest, path: string): { route: Route; rest: readonly string[] } {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const allowed = new Set<string>()
  for (const { methods, path: pattern, route } of ROUTES) {
    const match = pattern.exec(path)
    if (match === null) continue
    if (methods.includes(method)) return { route, rest: match.slice(1) }
    for (const one of methods) allowed.add(one)
  }
  const hint = CHANGES.test(`${method} ${path}`) ? '. Data sources and pipes are changed in the files of the project' : ''
  if (allowed.size === 0) throw new HttpError(404, `There is no ${request.path} here${hint}`)
  throw new HttpError(405, `${request.method} is not a method of ${request.path}; use ${[...allowed].join(' or ')}${hint}`,
    { Allow: [...allowed].join(', ') })
}

function dispatch(request: HttpRequest, context: ServerContext, requestId: string): HttpAnswer | Promise<HttpAnswer> {
  const { path: asked } = request
  const path = asked.length > 1 && asked.endsWith('/') ? asked.slice(0, -1) : asked
  const open = openRoute(request, path, context)
  if (open !== null) return open
  const { route, rest: written } = routeOf(request, path)
  const rest = NAMED.test(path) ? written.map((part) => resourceName(context.project(), part)) : written
  const value = tokenValue(request)
  const run = (token: Token) => {
    context.rateLimits.take(token, Date.now())
    return route({ request, context, token, rest, requestId })
  }
  if (looksLikeJwt(value)) return context.jwts.find(value).then(run)
  const token = context.tokens.find(value)
  if (token === null) throw new HttpError(403, 'The token is not valid')
  return run(token)
}

/** The handler of a server. Never rejects. */
export function createHandler(context: ServerContext): HttpHandler {
  const report = (error: unknown) => {
    context.log.error({ error: error instanceof Error ? error.stack ?? error.message : String(error) },
      'request failed')
  }
  return async (request) => {
    const requestId = request.header('x-request-id') || randomUUID()
    let answer: HttpAnswer
    try {
      answer = await dispatch(request, context, requestId)
      const accept = request.header('accept-encoding')
      if (accept !== '' && request.method !== 'HEAD') answer = await compressed(answer, accept)
    } catch (error) {
      answer = errorAnswer(error, report)
    }
    context.metrics.count(answer.status)
    const { status, body, isBodyFree, onOut } = answer
    return { status, body, isBodyFree, onOut, headers: headersOf(requestId, answer.headers) }
  }
}

/** Answers what needs no handler. */
export const createQuickHandler = (context: ServerContext): QuickHandler =>
  (path, query, headers) => context.unchangedCalls.answer(path, query, headers, context)
