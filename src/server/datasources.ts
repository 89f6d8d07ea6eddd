// /v0/datasources: what there is, emptying one, and dropping one.

import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import { describeDatasource, describedAnswer, listedAnswer, readersOf } from './descriptions.ts'
import type { HttpAnswer } from './http.ts'
import { allows } from './tokens.ts'

/** Whoever may read or fill a data source may know that it is there. */
const canSee = ({ token }: Call, name: string): boolean =>
  allows(token, 'DATASOURCES:READ', name) || allows(token, 'DATASOURCES:APPEND', name)

/** GET /v0/datasources: those that the token can see. */
export async function listDatasources(call: Call): Promise<HttpAnswer> {
  const readers = await readersOf(call)
  const project = call.context.project()
  const found = call.context.engine.datasources().filter(({ name }) => canSee(call, name))
  return await listedAnswer(call, 'datasources', found,
    (info) => describeDatasource(info, project.datasources.get(info.name), readers.get(info.name) ?? []))
}

/** GET /v0/datasources/NAME and /v0/datasources/NAME.datasource */
export async function getDatasource(call: Call): Promise<HttpAnswer> {
  const [name] = call.rest
  const plain = name.endsWith('.datasource') ? name.slice(0, -11) : name
  const source = call.context.project().datasources.get(plain)
  const info = call.context.engine.datasources().find((entry) => entry.name === plain)
  if (source === undefined || info === undefined) {
    throw new HttpError(404, `Data Source '${plain}' does not exist`)
  }
  requireScope(call, 'DATASOURCES:READ', plain)
  if (plain === name) {
    const readers = await readersOf(call)
    return describedAnswer(call, describeDatasource(info, source, readers.get(plain) ?? []))
  }
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: source.source }
}

/** POST /v0/datasources/NAME/truncate */
export async function truncateDatasource(call: Call): Promise<HttpAnswer> {
  const [name] = call.rest
  requireScope(call, 'ADMIN', '')
  if (!call.context.project().datasources.has(name)) {
    throw new HttpError(404, `Data Source '${name}' does not exist`)
  }
  const began = performance.now()
  await call.context.engine.truncate(name)
  call.context.serviceLog.operation({
    type: 'truncate', datasource: name, ms: performance.now() - began, rows: 0, quarantined: 0, error: null })
  return jsonAnswer(200, { result: 'success' })
}

/** DELETE /v0/datasources/NAME */
export async function dropDatasource(call: Call): Promise<HttpAnswer> {
  const [name] = call.rest
  requireScope(call, 'DATASOURCES:DROP', '')
  const { engine, project, serviceLog } = call.context
  if (!engine.hasTable(name) && !project().datasources.has(name)) {
    throw new HttpError(404, `Data Source '${name}' does not exist`)
  }
  const began = performance.now()
  await call.context.dropDatasource(name)
  serviceLog.operation({
    type: 'delete', datasource: name, ms: performance.now() - began, rows: 0, quarantined: 0, error: null })
  return { status: 204, headers: {}, body: '' }
}
