// GET/POST /v0/sql: a SELECT over data sources and pipes.

import { renderSql } from '../render/render.ts'
import { HttpError } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allParams, pipeParams, queryParams, textOf } from './params.ts'
import { answerOf, renderOrThrow } from './pipes.ts'
import { allows } from './tokens.ts'

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

export async function runSql(call: Call): Promise<HttpAnswer> {
  const { request, context } = call
  const { text, params } = statementOf(call)
  if (text.trim() === '') throw new HttpError(400, "The statement is missing: send it as 'q' or as the body")
  const rendered = renderOrThrow(() => renderSql({
    project: context.project(), sql: text, params: pipeParams(params),
  }))
  for (const { name, kind } of rendered.uses) {
    const canRead = allows(call.token, kind === 'pipe' ? 'PIPES:READ' : 'DATASOURCES:READ', name)
    if (!canRead) {
      const scope = `${kind === 'pipe' ? 'PIPES' : 'DATASOURCES'}:READ:${name}`
      throw new HttpError(403, `The token '${call.token.name}' lacks the scope ${scope}, or ADMIN`)
    }
  }
  const wantsJson = request.header('accept').includes('application/json') || textOf(params, 'from') === 'ts-sdk'
  return answerOf(await context.engine.query({
    sql: rendered.sql, slots: rendered.slots, key: rendered.key,
    format: wantsJson ? 'JSON' : 'TabSeparated',
    explain: textOf(params, 'explain') === 'true',
    onStart: (cancel) => request.onAbort(cancel),
  }))
}
