// GET/POST /v0/sql: a SELECT over data sources and pipes.

import { withQueryParameters } from '../render/query-parameters.ts'
import { renderSql } from '../render/render.ts'
import type { Rendered } from '../render/renderer.ts'
import { HttpError } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allParams, isMarkedClient, pipeParams, queryParams, textOf } from './params.ts'
import { noted, renderOrThrow, requireRoom, runRendered } from './run.ts'
import { contradiction } from './scopes.ts'
import { allows } from './tokens.ts'

/** Bytes of a statement, as ClickHouse bounds it. */
const STATEMENT_BYTES_MAX = 262_144

/** Where the statement stands: `q` of the query string or body, or the body itself. */
function statementOf(call: Call): { text: string; params: ReturnType<typeof queryParams> } {
  const { request } = call
  const type = request.header('content-type').split(';')[0].trim().toLowerCase()
  const body = Buffer.from(request.body).toString('utf8')
  const isObject = type === 'application/json' || type === 'application/x-www-form-urlencoded'
  // Clients post plain SQL with a form's content type (curl -d): without `q=` the body is the SQL.
  if (request.method === 'POST' && body !== '' && !(isObject && /^\s*(\{|q=|[\w.]+=)/.test(body))) {
    return { text: body, params: queryParams(request) }
  }
  const params = allParams(request)
  return { text: textOf(params, 'q'), params }
}

/** Throws 403 unless the token may read all that the statement names. */
export function requireUses(call: Call, uses: Rendered['uses']): void {
  for (const { name, kind } of uses) {
    if (allows(call.token, kind === 'pipe' ? 'PIPES:READ' : 'DATASOURCES:READ', name)) continue
    const scope = `${kind === 'pipe' ? 'PIPES' : 'DATASOURCES'}:READ:${name}`
    throw new HttpError(403, `The token '${call.token.name}' lacks the scope ${scope}, or ADMIN`)
  }
}

/** Texts, quoted names and comments, or `FROM _`. */
const PLACEHOLDER = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|\/\*[^]*?\*\/|\b((?:from|join)\s+)_(?![\w.])/gi

/** `SELECT * FROM _` over the pipe or data source that the parameter `pipeline` names. */
function withPipeline(sql: string, pipeline: string): string {
  if (pipeline === '') return sql
  if (!/^\w+$/.test(pipeline)) throw new HttpError(400, `The parameter 'pipeline' is '${pipeline}'; it is the name of a pipe`)
  return sql.replaceAll(PLACEHOLDER, (whole: string, before?: string) => before === undefined ? whole : `${before}${pipeline}`)
}

export async function runSql(call: Call): Promise<HttpAnswer> {
  requireRoom(call)
  const { request, context, token } = call
  const { text, params } = statementOf(call)
  if (text.trim() === '') throw new HttpError(400, "The statement is missing: send it as 'q' or as the body")
  if (Buffer.byteLength(text) > STATEMENT_BYTES_MAX) {
    throw new HttpError(400, `The statement is larger than ${STATEMENT_BYTES_MAX} bytes`)
  }
  const twice = contradiction(token.scopes)
  if (twice !== null) {
    throw new HttpError(403, `The token '${token.name}' sets the parameter ${twice} to several values: call its pipes one by one`)
  }
  return await noted(call, 'query_api', { q: text }, async (read) => {
    const rendered = renderOrThrow(() => renderSql({
      project: context.project(), sql: withQueryParameters(withPipeline(text, textOf(params, 'pipeline')), params), params: pipeParams(params), principal: token.principal,
      secrets: context.variables.values ?? undefined,
    }))
    requireUses(call, rendered.uses)
    const wantsJson = request.header('accept').includes('application/json') || isMarkedClient(params)
    return await runRendered(call, rendered, wantsJson ? 'JSON' : 'TabSeparated', params, read)
  })
}
