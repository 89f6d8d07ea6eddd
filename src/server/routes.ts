// The table of routes, and what every call goes through: CORS, request id, token, errors.

import { randomUUID } from 'node:crypto'
import { errorAnswer, HttpError, jsonAnswer } from './answer.ts'
import type { Call, Route, ServerContext } from './context.ts'
import { getDatasource, listDatasources, truncateDatasource } from './datasources.ts'
import { postEvents } from './events.ts'
import type { HttpAnswer, HttpHandler, HttpRequest } from './http.ts'
import { getMetrics } from './metrics.ts'
import { getPipe, listPipes, runEndpoint } from './pipes.ts'
import { runSql } from './sql.ts'
import type { Token } from './tokens.ts'

type Entry = { readonly methods: readonly string[]; readonly path: RegExp; readonly route: Route }

/** Order matters: the first path that matches answers. */
const ROUTES: readonly Entry[] = [
  { methods: ['GET'], path: /^\/metrics$/, route: getMetrics },
  { methods: ['POST'], path: /^\/v0\/events\/?$/, route: postEvents },
  {
    methods: ['GET', 'HEAD', 'POST'],
    path: /^\/v0\/pipes\/([A-Za-z_]\w*)\.(json|csv|ndjson|parquet|prometheus)$/, route: runEndpoint,
  },
  { methods: ['GET', 'POST'], path: /^\/v0\/sql\/?$/, route: runSql },
  { methods: ['GET'], path: /^\/v0\/datasources\/?$/, route: listDatasources },
  { methods: ['POST'], path: /^\/v0\/datasources\/([A-Za-z_]\w*)\/truncate\/?$/, route: truncateDatasource },
  { methods: ['GET'], path: /^\/v0\/datasources\/([A-Za-z_]\w*(?:\.datasource)?)\/?$/, route: getDatasource },
  { methods: ['GET'], path: /^\/v0\/pipes\/?$/, route: listPipes },
  { methods: ['GET'], path: /^\/v0\/pipes\/([A-Za-z_]\w*(?:\.pipe)?)\/?$/, route: getPipe },
]

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'X-Request-Id, X-DB-Statistics, Retry-After, ETag',
}

const PREFLIGHT: HttpAnswer = {
  status: 204, body: '',
  headers: {
    ...CORS,
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Content-Encoding, Idempotency-Key, X-Request-Id',
    'Access-Control-Max-Age': '86400',
  },
}

/** The token of a call; 403 without a good one. Its value goes nowhere but into the comparison. */
function tokenOf(request: HttpRequest, context: ServerContext): Token {
  const header = request.header('authorization')
  const bearer = /^bearer\s+(.+)$/i.exec(header)?.[1].trim()
  const value = bearer ?? queryToken(request.query)
  if (value === null || value === '') {
    throw new HttpError(403, 'A token is missing: send Authorization: Bearer TOKEN or ?token=TOKEN')
  }
  const token = context.tokens.find(value)
  if (token === null) throw new HttpError(403, 'The token is not valid')
  return token
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
function openRoute(request: HttpRequest, context: ServerContext): HttpAnswer | null {
  if (request.method === 'OPTIONS') return PREFLIGHT
  if (request.path === '/health') {
    return jsonAnswer(200, { status: 'ok', version: context.version })
  }
  if (request.path === '/tokens') {
    if (!context.isLocal || !isLoopback(request.remoteAddress)) {
      throw new HttpError(404, 'GET /tokens answers in local mode and from loopback only')
    }
    const admin = context.tokens.admin.value
    return jsonAnswer(200, { user_token: admin, admin_token: admin, workspace_admin_token: admin })
  }
  return null
}

function dispatch(request: HttpRequest, context: ServerContext): HttpAnswer | Promise<HttpAnswer> {
  const open = openRoute(request, context)
  if (open !== null) return open
  const allowed = new Set<string>()
  for (const { methods, path, route } of ROUTES) {
    const match = path.exec(request.path)
    if (match === null) continue
    if (!methods.includes(request.method)) {
      for (const method of methods) allowed.add(method)
      continue
    }
    const call: Call = { request, context, token: tokenOf(request, context), rest: match.slice(1) }
    return route(call)
  }
  if (allowed.size > 0) {
    throw new HttpError(405, `${request.method} is not a method of ${request.path}; use ${[...allowed].join(' or ')}`,
      { Allow: [...allowed].join(', ') })
  }
  throw new HttpError(404, `There is no ${request.path} here`)
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
      answer = await dispatch(request, context)
    } catch (error) {
      answer = errorAnswer(error, report)
    }
    context.metrics.count(answer.status)
    return { ...answer, headers: { ...CORS, ...answer.headers, 'X-Request-Id': requestId.slice(0, 128) } }
  }
}
