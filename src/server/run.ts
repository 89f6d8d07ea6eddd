// A rendered statement to an answer: the engine runs it, unless the client has the answer already
// (ETag); errors get the place in the pipe's file.

import { hash, randomInt, randomUUID } from 'node:crypto'
import type { StatementAnswer, StatementRequest } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import { isParameterError } from '../render/render.ts'
import type { Rendered } from '../render/renderer.ts'
import { contentTypeOf, errorAnswer, HttpError, jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import type { KeptETag } from './known-calls.ts'
import { textOf, type Params } from './params.ts'
import { ServiceLog } from './service-log.ts'
import { textHash } from './text-hash.ts'

/** A restart forgets ETags: table versions are the store's, but plans are this process's. */
const BOOT = randomUUID()
const BOOT_SEED = randomInt(2 ** 32)

/** Hashes of statements by their shape's key, most of which come again: a statement is ten times as long as the rest. */
const shapeHashes = new Map<string, string>()
const SHAPES_MAX = 256
const SHAPE_CHARS_MAX = 16_384

function shapeHash(key: string): string {
  let known = shapeHashes.get(key)
  if (known !== undefined) return known
  known = hash('sha1', `${BOOT}\n${key}`, 'base64url')
  if (key.length > SHAPE_CHARS_MAX) return known
  if (shapeHashes.size === SHAPES_MAX) shapeHashes.clear()
  shapeHashes.set(key, known)
  return known
}

/** A template's own refusal is the caller's to mend: 400, or the status it asked for. */
export function renderOrThrow<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isParameterError(error)) {
      // What error() and custom_error() say is meant for the caller as it stands.
      const isOwnWords = error.code === 'template-error'
      const place = error.place === null || isOwnWords ? '' : ` (${error.place.file}:${error.place.line}:${error.place.column})`
      throw new HttpError(error.status, `${error.message}${place}`, {}, error.body)
    }
    throw error
  }
}

/** Adds to an error of a statement where it stands: file, line and column of the pipe, or line and column of the
 * statement that the call brought. */
function located(error: unknown, map: Rendered['map']): unknown {
  if (!(error instanceof EngineError) || error.at === null) return error
  const place = map.locate(error.at)
  const own = place === null ? map.locateInRequest(error.at) : null
  if (place === null && own === null) return error
  const where = place === null ? `line ${own?.line}, column ${own?.column}` : `${place.file}:${place.line}:${place.column}`
  const message = `${error.message} (${where})`
  return new EngineError(error.kind, message, error.code, { at: error.at, end: error.end ?? error.at })
}

/** Equal while neither the statement nor any row that it may read has changed; null: the answer can
 * differ all the same (now(), rand()). */
function etagOf(call: Call, request: StatementRequest, kept: KeptETag | null): string | null {
  const { engine } = call.context
  const isOfFormat = kept?.format === request.format
  if (isOfFormat && kept.versions !== null && engine.areCurrent(kept.versions)) return kept.text
  const versions = engine.versionsOf(request)
  if (versions === null) return null
  if (isOfFormat && kept.versions?.text === versions.text) {
    kept.versions = versions
    return kept.text
  }
  let values = ''
  let isSecret = false
  for (const { value, secret } of request.slots) {
    values += `${typeof value}${String(value)}\u0000`
    isSecret ||= secret
  }
  const settings = request.settings === undefined ? '' : JSON.stringify(request.settings)
  // Nobody knows the statement's hash: it goes first.
  const text = `${shapeHash(request.key ?? request.sql)}${request.format}${settings}\n${versions.text}\n${values}`
  // A secret's value must not be found out from what a client sees.
  const etag = `W/"${isSecret ? hash('sha1', text, 'base64url') : textHash(text, BOOT_SEED)}"`
  if (kept !== null) Object.assign(kept, { format: request.format, versions, text: etag } satisfies KeptETag)
  return etag
}

/** What a call read, for those who note it. */
export type Read = { isNoted: boolean; rows: number; bytes: number; resultRows: number; memoryBytes: number }

/** Runs a call of a pipe, or of /v0/sql, and notes how it went for the service data sources. */
export async function noted(
  call: Call, pipe: string, parameters: Readonly<Record<string, unknown>>, work: (read: Read) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const { request, context, token, requestId } = call
  const read: Read = { isNoted: true, rows: 0, bytes: 0, resultRows: 0, memoryBytes: 0 }
  const began = performance.now()
  const note = (status: number, error: string | null) => {
    if (!read.isNoted) return
    context.serviceLog.endpoint({
      pipe, requestId, method: request.method, url: request.path, token: token.name, userAgent: request.header('user-agent'), parameters,
    }, {
      status, ms: performance.now() - began, error, readRows: read.rows, readBytes: read.bytes, resultRows: read.resultRows,
      memoryBytes: read.memoryBytes,
    })
  }
  try {
    const answer = await work(read)
    note(answer.status, null)
    return answer
  } catch (error) {
    note(errorAnswer(error, () => {}).status, (error as Error).message)
    throw error
  }
}

/** Settings that say how values are written: a call gives them beside its parameters. */
const OUTPUT_SETTING = /^(output_format_\w+|format_csv_\w+|format_tsv_\w+|date_time_output_format|bool_(true|false)_representation)$/

function settingsOf(params: Readonly<Params>): Record<string, string> | undefined {
  let settings: Record<string, string> | undefined
  for (const name in params) {
    if (!OUTPUT_SETTING.test(name)) continue
    settings ??= {}
    settings[name] = textOf(params, name)
  }
  return settings
}

/** Throws 503 before anything else is done for a call whose statement would be refused, unless it may be answered 304:
 * refusing must cost little, or those who are refused take the time of those who wait. */
export function requireRoom({ request, context }: Call): void {
  if (request.header('if-none-match') === '') context.engine.requireRoom()
}

/** The statement of a call. Its text is asked for where no plan of it is known; an accessor of a literal would cost more
 * than joining it. */
class CallStatement implements StatementRequest {
  readonly slots: StatementRequest['slots']
  readonly key: string
  readonly format: string
  readonly explain: boolean
  readonly settings: StatementRequest['settings']
  readonly onStart: (cancel: () => void) => void
  private readonly rendered: Rendered

  constructor(rendered: Rendered, format: string, explain: boolean, settings: StatementRequest['settings'], request: HttpRequest) {
    this.slots = rendered.slots
    this.key = rendered.key
    this.format = format
    this.explain = explain
    this.settings = settings
    this.onStart = (cancel) => { request.onAbort(cancel) }
    this.rendered = rendered
  }

  get sql(): string { return this.rendered.sql }
}

/** The text of a statement as its caller may read it: no secret is in it. */
function shownSql({ sql, slots }: Rendered): string {
  let shown = ''
  let from = 0
  for (const { start, end, secret } of slots) {
    if (!secret) continue
    shown += `${sql.slice(from, start)}'[secret]'`
    from = end
  }
  return shown + sql.slice(from)
}

/** How the engine would run a statement, and its text. */
export async function explainRendered(call: Call, rendered: Rendered): Promise<{ readonly sql: string; readonly explain: string }> {
  try {
    const { body } = await call.context.engine.query(new CallStatement(rendered, 'JSON', true, {}, call.request))
    return { sql: shownSql(rendered), explain: Buffer.from(body).toString('utf8') }
  } catch (error) {
    throw located(error, rendered.map)
  }
}

/** Runs the statement for a call with `params`, which say how the answer is wanted; `kept` is of the same call, come before. */
export async function runRendered(
  call: Call, rendered: Rendered, format: string, params: Readonly<Params>, read: Read, kept: KeptETag | null = null,
): Promise<HttpAnswer> {
  const { request, context } = call
  const explain = textOf(params, 'explain') === 'true'
  if (ServiceLog.isAmong(rendered.tables)) {
    read.isNoted = false
    await context.serviceLog.written()
  }
  const statement = new CallStatement(rendered, format, explain, settingsOf(params), request)
  try {
    const etag = explain ? null : etagOf(call, statement, kept)
    const known = request.header('if-none-match')
    if (etag !== null && known !== '' && known.split(',').some((one) => one.trim() === etag)) {
      return { status: 304, headers: { ETag: etag }, body: '' }
    }
    const answer = await context.engine.query(statement)
    read.rows = answer.rowsRead
    read.bytes = answer.bytesRead
    read.resultRows = answer.rows
    read.memoryBytes = answer.peakBytes
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
  return { status: 200, headers, body: answer.body, onOut: answer.isOut }
}
