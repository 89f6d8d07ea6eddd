// /v0/pipes: endpoints out, and what pipes there are.

import { render, renderSql } from '../render/render.ts'
import type { PipeDef } from '../project/definitions.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import { describedAnswer, describePipe, listedAnswer } from './descriptions.ts'
import type { HttpAnswer } from './http.ts'
import { callKey, type Asker } from './known-calls.ts'
import { allParams, pipeParams, textOf } from './params.ts'
import { explainRendered, noted, renderOrThrow, requireRoom, runRendered } from './run.ts'
import { principalFor } from './scopes.ts'
import { requireUses } from './sql.ts'
import { allows } from './tokens.ts'

const FORMATS: Readonly<Record<string, string>> = {
  json: 'JSON', csv: 'CSVWithNames', ndjson: 'JSONEachRow', parquet: 'Parquet', prometheus: 'Prometheus',
}

/** A pipe of the project that the token may read; throws 404 and 403. */
function readablePipe(call: Call, name: string): PipeDef {
  const pipe = call.context.project().pipes.get(name)
  if (pipe === undefined) throw new HttpError(404, `The pipe '${name}' does not exist`)
  requireScope(call, 'PIPES:READ', name)
  return pipe
}

/** GET/POST /v0/pipes/NAME.json|csv|ndjson|parquet|prometheus. `q` is SQL over the endpoint as `_`. */
export async function runEndpoint(call: Call): Promise<HttpAnswer> {
  requireRoom(call)
  const [name, extension] = call.rest
  const { context, token, request } = call
  const project = context.project()
  const pipe = readablePipe(call, name)
  if (!answers(pipe)) {
    throw new HttpError(404, `The pipe '${name}' has no endpoint: it is a ${pipe.type} pipe`)
  }
  const asker: Asker = { project, token, secrets: context.variables.values }
  const key = request.body.length > 0 ? null : callKey(name, request.query, token)
  const known = key === null ? null : context.knownCalls.find(key, asker)
  const params = known?.params ?? allParams(request)
  const own = known?.own ?? pipeParams(params)
  const sql = textOf(params, 'q')
  // Of the rest of a call's parameters nothing is noted: one of them is its token.
  const answer = await noted(call, name, sql === '' ? own : { ...own, q: sql }, async (read) => {
    const rendered = known?.rendered ?? renderOrThrow(() => {
      const [principal, secrets] = [principalFor(token, name), asker.secrets ?? undefined]
      return sql === '' ? render({ project, pipe: name, params: own, principal, secrets })
        : renderSql({ project, sql, aliases: { _: name }, params: own, principal, secrets })
    })
    if (known === null && key !== null) context.knownCalls.keep(key, asker, { params, own, rendered })
    if (sql !== '') requireUses(call, rendered.uses)
    const began = performance.now()
    let isFailure = true
    try {
      const answer = await runRendered(call, rendered, FORMATS[extension], params, read, known?.etag ?? null)
      isFailure = false
      return answer
    } finally {
      context.metrics.countEndpoint(name, performance.now() - began, isFailure)
    }
  })
  if (answer.status === 304 && known !== null && sql === '') context.unchangedCalls.keep(call.request, name, known, answer.headers)
  return answer
}

/** Classic's push publishes the last node of a pipe without TYPE. */
const answers = ({ type }: PipeDef): boolean => type === 'endpoint' || type === 'none'

/** GET /v0/pipes: those that the token may read. */
export async function listPipes(call: Call): Promise<HttpAnswer> {
  const pipes = [...call.context.project().pipes.values()]
    .filter(({ name }) => allows(call.token, 'PIPES:READ', name))
  return await listedAnswer(call, 'pipes', pipes, (pipe) => describePipe(call, pipe))
}

/** GET /v0/pipes/NAME and /v0/pipes/NAME.pipe */
export function getPipe(call: Call): HttpAnswer {
  const [name] = call.rest
  const plain = name.endsWith('.pipe') ? name.slice(0, -5) : name
  const pipe = readablePipe(call, plain)
  if (plain === name) return describedAnswer(call, describePipe(call, pipe))
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: pipe.source }
}

/** GET/POST /v0/pipes/NAME/explain and /v0/pipes/NAME/nodes/NODE/explain: the statement that a call runs, and how. */
export async function explainPipe(call: Call): Promise<HttpAnswer> {
  const [name, node] = call.rest
  const { context, token, request } = call
  const project = context.project()
  const pipe = readablePipe(call, name)
  if (node !== undefined && !pipe.nodes.some((one) => one.name === node)) {
    throw new HttpError(404, `The pipe '${name}' has no node '${node}'`)
  }
  const rendered = renderOrThrow(() => render({
    project, pipe: name, node, params: pipeParams(allParams(request)), principal: principalFor(token, name),
    secrets: context.variables.values ?? undefined,
  }))
  const { sql, explain } = await explainRendered(call, rendered)
  return jsonAnswer(200, { debug_query: sql, query_explain: explain })
}
