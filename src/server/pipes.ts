// /v0/pipes: endpoints out, and what pipes there are.

import { isParameterError, render } from '../render/render.ts'
import type { PipeDef } from '../project/definitions.ts'
import type { StatementAnswer } from '../engine/engine.ts'
import { EngineError } from '../engine/engine.ts'
import { contentTypeOf, HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allParams, pipeParams, textOf, type Params } from './params.ts'

const FORMATS: Readonly<Record<string, string>> = { json: 'JSON', csv: 'CSVWithNames', ndjson: 'JSONEachRow' }

/** GET/POST /v0/pipes/NAME.json|csv|ndjson */
export async function runEndpoint(call: Call): Promise<HttpAnswer> {
  const [name, extension] = call.rest
  const format = FORMATS[extension]
  if (format === undefined) {
    throw new HttpError(400, `Format '${extension}' is not supported yet: use json, csv or ndjson`)
  }
  const project = call.context.project()
  const pipe = project.pipes.get(name)
  if (pipe === undefined) throw new HttpError(404, `The pipe '${name}' does not exist`)
  requireScope(call, 'PIPES:READ', name)
  if (pipe.type !== 'endpoint') {
    throw new HttpError(404, `The pipe '${name}' has no endpoint: its last node needs TYPE endpoint`)
  }
  const params = allParams(call.request)
  return answerOf(await runPipe(call, pipe, params, format))
}

async function runPipe(call: Call, pipe: PipeDef, params: Params, format: string): Promise<StatementAnswer> {
  const { context, request } = call
  const rendered = renderOrThrow(() => render({
    project: context.project(), pipe: pipe.name, params: pipeParams(params),
  }))
  try {
    return await context.engine.query({
      sql: rendered.sql, slots: rendered.slots, key: rendered.key, format,
      explain: textOf(params, 'explain') === 'true',
      onStart: (cancel) => request.onAbort(cancel),
    })
  } catch (error) {
    throw located(error, (at) => rendered.map.locate(at))
  }
}

/** A template's own refusal is the caller's to mend: 400, or the status it asked for. */
export function renderOrThrow<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isParameterError(error)) {
      const place = error.place === null ? '' : ` (${error.place.file}:${error.place.line}:${error.place.column})`
      throw new HttpError(error.status, `${error.message}${place}`)
    }
    throw error
  }
}

type Locate = (at: number) => { file: string; line: number; column: number } | null

/** Adds file, line and column of the pipe to an error of its statement. */
function located(error: unknown, locate: Locate): unknown {
  if (!(error instanceof EngineError) || error.at === null) return error
  const place = locate(error.at)
  if (place === null) return error
  const message = `${error.message} (${place.file}:${place.line}:${place.column})`
  return new EngineError(error.kind, message, error.code, { at: error.at, end: error.end ?? error.at })
}

export function answerOf(answer: StatementAnswer): HttpAnswer {
  return {
    status: 200,
    headers: {
      'Content-Type': contentTypeOf(answer.format),
      'X-DB-Statistics': JSON.stringify({
        elapsed: answer.elapsedMs / 1000, rows_read: answer.rowsRead, bytes_read: answer.bytesRead,
      }),
    },
    body: answer.body,
  }
}

function describePipe(pipe: PipeDef) {
  return {
    name: pipe.name, description: pipe.description, type: pipe.type === 'none' ? 'default' : pipe.type,
    endpoint: pipe.type === 'endpoint' ? pipe.endpointNode : null, tags: pipe.tags,
    nodes: pipe.nodes.map((node) => ({ name: node.name, description: node.description, sql: node.sql })),
  }
}

/** GET /v0/pipes */
export function listPipes(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  return jsonAnswer(200, { pipes: [...call.context.project().pipes.values()].map(describePipe) })
}

/** GET /v0/pipes/NAME and /v0/pipes/NAME.pipe */
export function getPipe(call: Call): HttpAnswer {
  const [name] = call.rest
  const plain = name.endsWith('.pipe') ? name.slice(0, -5) : name
  const pipe = call.context.project().pipes.get(plain)
  if (pipe === undefined) throw new HttpError(404, `The pipe '${plain}' does not exist`)
  requireScope(call, 'PIPES:READ', plain)
  if (plain === name) return jsonAnswer(200, describePipe(pipe))
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: pipe.source }
}
