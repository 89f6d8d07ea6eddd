// A rendered statement to an answer: the engine runs it, unless the client has the answer already
// (ETag); errors get the place in the pipe's file.

import { hash, randomUUID } from 'node:crypto'
import { EngineError, type StatementAnswer, type StatementRequest } from '../engine/engine.ts'
import { isParameterError } from '../render/render.ts'
import type { Rendered } from '../render/renderer.ts'
import { contentTypeOf, HttpError, jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer } from './http.ts'

/** A restart forgets ETags: table versions are the store's, but plans are this process's. */
const BOOT = randomUUID()

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

/** Adds file, line and column of the pipe to an error of its statement. */
function located(error: unknown, map: Rendered['map']): unknown {
  if (!(error instanceof EngineError) || error.at === null) return error
  const place = map.locate(error.at)
  if (place === null) return error
  const message = `${error.message} (${place.file}:${place.line}:${place.column})`
  return new EngineError(error.kind, message, error.code, { at: error.at, end: error.end ?? error.at })
}

/** Equal while neither the statement nor any row that it may read has changed; null: the answer can
 * differ all the same (now(), rand()). */
function etagOf(call: Call, request: StatementRequest): string | null {
  const versions = call.context.engine.versionsOf(request)
  if (versions === null) return null
  const values = request.slots.map(({ value }) => `${typeof value}${String(value)}`).join('\u0000')
  const text = `${BOOT}\n${request.format}\n${versions}\n${values}\n${request.key ?? request.sql}`
  return `W/"${hash('sha1', text, 'base64url')}"`
}

/** Runs the statement for a call. */
export async function runRendered(
  call: Call, rendered: Rendered, format: string, explain: boolean,
): Promise<HttpAnswer> {
  const { request, context } = call
  const statement: StatementRequest = {
    sql: rendered.sql, slots: rendered.slots, key: rendered.key, format, explain,
    onStart: (cancel) => request.onAbort(cancel),
  }
  try {
    const etag = explain ? null : etagOf(call, statement)
    const known = request.header('if-none-match')
    if (etag !== null && known !== '' && known.split(',').some((one) => one.trim() === etag)) {
      return { status: 304, headers: { ETag: etag }, body: '' }
    }
    const answer = await context.engine.query(statement)
    if (explain) {
      return jsonAnswer(200, { sql: rendered.sql, explain: Buffer.from(answer.body).toString('utf8') })
    }
    return answerOf(answer, etag)
  } catch (error) {
    throw located(error, rendered.map)
  }
}

function answerOf(answer: StatementAnswer, etag: string | null): HttpAnswer {
  const headers: Record<string, string> = {
    'Content-Type': contentTypeOf(answer.format),
    'X-DB-Statistics': `{"elapsed":${answer.elapsedMs / 1000},"rows_read":${answer.rowsRead},"bytes_read":${answer.bytesRead}}`,
  }
  if (etag !== null) headers.ETag = etag
  return { status: 200, headers, body: answer.body }
}
