// POST /v0/datasources?name=DS&mode=create|append|replace&format=csv|ndjson|parquet: a file's rows go in,
// all or nothing; from the body, a multipart field, or a URL that the server reads. What runs is a job;
// the answer to a body waits for it, that to a URL does not.

import type { ImportAnswer, ImportRequest } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import { formatOf, GUESS_BYTES, guessColumns, schemaText } from '../engine/guess.ts'
import type { JobState } from '../jobs/job-state.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { resourceName } from '../project/versions.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { plainUrl } from './download.ts'
import { describeJob } from './jobs.ts'
import { textOf, type Params } from './params.ts'
import { readUpload, type OpenFile, type Upload } from './upload.ts'

type Mode = 'create' | 'append' | 'replace'
type Dialect = NonNullable<ImportRequest['dialect']>

const FORMATS: Readonly<Record<string, ImportRequest['format']>> = {
  csv: 'csv', ndjson: 'ndjson', json: 'ndjson', jsonl: 'ndjson', parquet: 'parquet',
}

/** What somebody says the file is; null: it says so itself. Throws 400. */
export function wantedFormat(params: Params): ImportRequest['format'] | null {
  const wanted = textOf(params, 'format').toLowerCase()
  if (wanted === '') return null
  const format = FORMATS[wanted]
  if (format === undefined) throw new HttpError(400, `The parameter 'format' is '${wanted}'; it can be csv, ndjson or parquet`)
  return format
}

function byteOf(params: Params, parameter: string, fallback: number): number {
  const text = textOf(params, parameter)
  if (text === '') return fallback
  const plain = text === '\\t' ? '\t' : text
  if (Buffer.byteLength(plain) !== 1) throw new HttpError(400, `The parameter '${parameter}' is '${text}'; it is one character`)
  return plain.charCodeAt(0)
}

/** dialect_delimiter, dialect_quotechar, dialect_escapechar; lines end with \n or \r\n. Null: nothing is
 * said. */
export function dialectOf(params: Params): Dialect | null {
  const keys = ['dialect_delimiter', 'dialect_quotechar', 'dialect_escapechar']
  const [delimiter, quote, escape] = keys.map((key, index) => byteOf(params, key, [44, 34, -1][index]))
  return keys.some((key) => textOf(params, key) !== '') ? { delimiter, quote, escape } : null
}

type Wanted = { readonly name: string; readonly mode: Mode; readonly upload: Upload; readonly condition: string | null }

/** What was asked for, checked. */
async function readCall(call: Call): Promise<Wanted> {
  const upload = await readUpload(call)
  const { params } = upload
  const name = resourceName(call.context.project(), textOf(params, 'name'))
  if (name === '') throw new HttpError(400, "The parameter 'name' is missing: POST /v0/datasources?name=DATASOURCE&mode=append")
  const isThere = call.context.project().datasources.has(name)
  const asked = textOf(params, 'mode').toLowerCase() || (isThere ? 'append' : 'create')
  if (asked !== 'create' && asked !== 'append' && asked !== 'replace') {
    throw new HttpError(400, `The parameter 'mode' is '${asked}'; it can be create, append or replace`)
  }
  if (asked === 'create' && isThere) throw new HttpError(409, `Data Source '${name}' exists; use mode=append or mode=replace`)
  if (asked === 'replace' && !isThere) throw new HttpError(404, `Data Source '${name}' does not exist`)
  const mode = isThere ? asked : 'create' // what is appended to need not be there
  requireScope(call, mode === 'append' ? 'DATASOURCES:APPEND' : 'DATASOURCES:CREATE', mode === 'append' ? name : '')
  const condition = textOf(params, 'replace_condition').trim()
  if (condition !== '' && mode !== 'replace') throw new HttpError(400, "The parameter 'replace_condition' belongs to mode=replace")
  wantedFormat(params)
  dialectOf(params)
  return { name, mode, upload, condition: condition === '' ? null : condition }
}

const countsOf = ({ importId, successful, quarantined, duplicates, firstError }: ImportAnswer) => ({
  import_id: importId, successful_rows: successful, quarantined_rows: quarantined, duplicate_rows: duplicates,
  quarantine_rows: quarantined, invalid_lines: 0,
  error: quarantined === 0 ? false
    : `There was an error with file contents: ${quarantined} row(s) in quarantine. ${firstError ?? ''}`.trim(),
})

function answerOf(call: Call, name: string, state: JobState) {
  const job = describeJob(call, state)
  return { id: job.id, job_id: job.id, job_url: job.job_url, status: job.status, datasource: { id: name, name }, job }
}

export async function importFile(call: Call): Promise<HttpAnswer> {
  const wanted = await readCall(call)
  const { name, mode, upload } = wanted
  const { jobs } = call.context
  const isUrl = upload.url !== ''
  if (mode === 'create' && textOf(upload.params, 'schema') !== '') {
    await call.context.createDatasource(name, fileOf(upload.params, textOf(upload.params, 'schema')))
    if (!isUrl && (upload.isBare || !hasBody(call))) return jsonAnswer(200, { datasource: { id: name, name }, import_id: null, successful_rows: 0, quarantined_rows: 0, error: false })
  }
  let settle: (outcome: { answer: ImportAnswer } | { failure: unknown }) => void = () => {}
  const outcome = new Promise<{ answer: ImportAnswer } | { failure: unknown }>((resolve) => { settle = resolve })
  const job = jobs.run('import', name, { mode, source: isUrl ? plainUrl(upload.url) : 'body', rows: 0, bytes: 0 }, async (control) => {
    try {
      const answer = await runWanted(call, wanted, control)
      settle({ answer })
      return { ...countsOf(answer), rows: answer.successful }
    } catch (error) {
      settle({ failure: error })
      throw error
    }
  })
  if (isUrl) return jsonAnswer(200, { ...answerOf(call, name, job), import_id: job.id })
  const ended = await outcome
  if ('failure' in ended) throw ended.failure
  const counts = countsOf(ended.answer)
  const state = jobs.find(job.id) ?? job
  const done: JobState = { ...state, status: 'done', details: { ...state.details, ...counts, rows: counts.successful_rows } }
  return jsonAnswer(counts.successful_rows === 0 && counts.quarantined_rows > 0 ? 400 : 200, {
    ...answerOf(call, name, done), ...counts,
  }, ended.answer.isReplayed === true ? { 'Idempotency-Replayed': 'true' } : {})
}

const hasBody = ({ request }: Call): boolean => request.body.length > 0 || Number(request.header('content-length')) > 0

async function runWanted(
  { context, request }: Call, { name, mode, upload, condition }: Wanted, { report, onCancel }: JobControl,
): Promise<ImportAnswer> {
  const abort = new AbortController()
  onCancel(() => abort.abort())
  let file = await upload.open(abort.signal)
  if (file === null) throw new HttpError(400, 'There is no file: send it as the body, as a multipart field, or give its url')
  const format = wantedFormat(upload.params) ?? formatOf(upload.fileName, file.first)
  report({ bytes_total: file.announced, format })
  let dialect = dialectOf(upload.params) ?? undefined
  if (mode === 'create' && !context.project().datasources.has(name)) {
    if (format === 'parquet') throw new HttpError(400, 'A data source cannot be made of a Parquet file alone: give its schema, too')
    const sample = await sampleOf(file)
    file = sample.file
    const guess = guessColumns(format, sample.bytes, sample.isWhole, dialect ?? null)
    dialect = guess.dialect ?? undefined
    await context.createDatasource(name, fileOf(upload.params, schemaText(guess.columns, ',\n    ')))
  }
  return await context.engine.import({
    datasource: name, isReplacing: mode === 'replace', replaceCondition: condition, format, chunks: file.chunks,
    ...dialect === undefined ? {} : { dialect }, idempotencyKey: request.header('idempotency-key') || null, signal: abort.signal, onProgress: (rows, bytes) => report({ rows, bytes }),
  }).catch((error: unknown) => {
    // What ended the stream is why the import failed, not that it ended.
    if (abort.signal.aborted) throw new EngineError('cancelled', 'The import was cancelled; nothing of it is stored', 'CANCELLED')
    throw error
  })
}

/** The beginning of a file, and the file as it was. */
export async function sampleOf(file: OpenFile): Promise<{ bytes: Uint8Array; isWhole: boolean; file: OpenFile }> {
  const iterator = file.chunks[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let length = 0
  let isWhole = false
  while (length < GUESS_BYTES) {
    const next = await iterator.next()
    if (next.done === true) {
      isWhole = true
      break
    }
    held.push(next.value)
    length += next.value.length
  }
  const chunks = (async function* () {
    yield* held
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  })()
  return { bytes: Buffer.concat(held), isWhole, file: { ...file, chunks } }
}

/** The file of a data source that is made over HTTP. */
function fileOf(params: Params, schema: string): string {
  const engine = textOf(params, 'engine') || 'MergeTree'
  const settings = Object.entries(params).filter(([key]) => /^engine_\w+$/.test(key))
    .map(([key, value]) => `${key.toUpperCase()} "${String(value).replaceAll('"', '')}"`)
  const sorting = settings.some((line) => line.startsWith('ENGINE_SORTING_KEY')) ? [] : ['ENGINE_SORTING_KEY "tuple()"']
  return `SCHEMA >\n    ${schema}\n\nENGINE "${engine.replaceAll('"', '')}"\n${[...settings, ...sorting].join('\n')}\n`
}
