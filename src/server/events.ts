// POST /v0/events?name=DS: rows in. The bytes go on untouched; a worker parses them, the answer
// leaves when they are durable.

import { resourceName } from '../project/versions.ts'
import { jsonAnswer, HttpError } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { recentParams, textOf } from './params.ts'

/** The Events API. 202 (200 with wait=true) when at least one row of the body was usable. */
export async function postEvents(call: Call): Promise<HttpAnswer> {
  const { request, context } = call
  const params = recentParams(request)
  const datasource = resourceName(context.project(), textOf(params, 'name'))
  if (datasource === '') {
    throw new HttpError(400, "The parameter 'name' is missing: POST /v0/events?name=DATASOURCE")
  }
  if (!context.project().datasources.has(datasource)) {
    throw new HttpError(404, `Data Source '${datasource}' does not exist`)
  }
  requireScope(call, 'DATASOURCES:APPEND', datasource)
  const encoding = request.header('content-encoding').toLowerCase()
  if (encoding !== '' && encoding !== 'gzip' && encoding !== 'identity') {
    throw new HttpError(415, `Content-Encoding '${encoding}' is not supported; send gzip or nothing`)
  }
  const format = textOf(params, 'format').toLowerCase()
  if (format !== '' && format !== 'json' && format !== 'ndjson') {
    throw new HttpError(400, `The parameter 'format' is '${format}'; it can be ndjson or json`)
  }
  if (request.body.length === 0) throw new HttpError(400, 'The body is empty; send one JSON object a line')
  const began = performance.now()
  const answer = await context.engine.insert({
    datasource, body: request.body, format: format === 'json' ? 'json' : 'ndjson',
    gzip: encoding === 'gzip', idempotencyKey: request.header('idempotency-key') || null,
  })
  context.serviceLog.appended(datasource, answer.successfulRows, answer.quarantinedRows, performance.now() - began)
  const counts = {
    successful_rows: answer.successfulRows, quarantined_rows: answer.quarantinedRows,
    ...answer.duplicateRows === undefined ? {} : { duplicate_rows: answer.duplicateRows },
  }
  if (answer.isTooLarge) throw new HttpError(413, answer.firstError ?? 'The body is too large')
  if (answer.successfulRows + (answer.duplicateRows ?? 0) === 0) {
    if (answer.quarantinedRows === 0) {
      throw new HttpError(400, answer.firstError ?? 'The body holds no rows')
    }
    return jsonAnswer(400, {
      error: `No row of the body fits ${datasource}: ${answer.firstError ?? ''}`, ...counts,
    })
  }
  const wait = textOf(params, 'wait').toLowerCase()
  const headers: Record<string, string> = answer.isReplayed === true ? { 'Idempotency-Replayed': 'true' } : {}
  return { ...jsonAnswer(wait === 'true' || wait === '1' ? 200 : 202, counts, headers), isBodyFree: true }
}
