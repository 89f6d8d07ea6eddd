// POST /v0/datasources?name=DS&mode=append|replace&format=csv|ndjson: a file's rows go in, all or
// nothing; from the body, a multipart field, or a URL that the server reads. What runs is a job; the
// answer to a body waits for it, that to a URL does not.

import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { request as fetchUrl } from 'undici'
import { EngineError, type ImportAnswer, type ImportRequest } from '../engine/engine.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { describeJob } from './jobs.ts'
import { queryParams, textOf } from './params.ts'

/** Bytes of a body that are handed on at once. */
const CHUNK_BYTES = 1024 * 1024

type Source = { readonly bytes: Uint8Array | null; readonly url: string; readonly fileName: string }

/** The file of a multipart body and its other fields; fields of the query string win. */
function readMultipart(body: Uint8Array, contentType: string): Promise<{ file: Buffer | null; fileName: string; fields: Record<string, string> }> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {}
    const chunks: Buffer[] = []
    let fileName = ''
    let hasFile = false
    let parser: BusboyInstance
    try {
      parser = new Busboy({ headers: { 'content-type': contentType } })
    } catch (error) {
      reject(new HttpError(400, `The multipart body can't be read: ${(error as Error).message}`))
      return
    }
    parser.on('file', (_field, stream, name) => {
      hasFile = true
      fileName = name ?? ''
      stream.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    })
    parser.on('field', (field, value) => { fields[field] = value })
    parser.on('error', (error) => reject(new HttpError(400, `The multipart body can't be read: ${String(error)}`)))
    parser.on('finish', () => resolve({ file: hasFile ? Buffer.concat(chunks) : null, fileName, fields }))
    parser.end(Buffer.from(body))
  })
}

function formatOf(wanted: string, source: Source): 'csv' | 'ndjson' {
  const name = (source.fileName || source.url.split(/[?#]/)[0]).toLowerCase().replace(/\.gz$/, '')
  const format = wanted.toLowerCase() || (/\.(nd)?jsonl?$/.test(name) ? 'ndjson' : 'csv')
  if (format === 'csv') return 'csv'
  if (format === 'ndjson' || format === 'json') return 'ndjson'
  throw new HttpError(400, `The parameter 'format' is '${wanted}'; it can be csv or ndjson`)
}

function byteOf(text: string, parameter: string, fallback: number): number {
  if (text === '') return fallback
  const plain = text === '\\t' ? '\t' : text
  if (Buffer.byteLength(plain) !== 1) throw new HttpError(400, `The parameter '${parameter}' is '${text}'; it is one character`)
  return plain.charCodeAt(0)
}

/** The file's bytes, unpacked where they are gzip. */
async function* chunksOf(source: Source): AsyncGenerator<Uint8Array> {
  let stream: Readable
  if (source.bytes === null) {
    const answer = await fetchUrl(source.url)
    if (answer.statusCode !== 200) throw new EngineError('query', `${source.url} answers ${answer.statusCode}`, 'BAD_URL')
    stream = answer.body
  } else stream = Readable.from(slices(source.bytes))
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const first = await iterator.next()
  if (first.done === true) return
  const all = (async function* () {
    yield first.value
    for (;;) {
      const next = await iterator.next()
      if (next.done === true) return
      yield next.value
    }
  })()
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b
  yield* isGzip ? Readable.from(all).pipe(createGunzip()) : all
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}

/** What was asked for, checked. */
async function readCall(call: Call): Promise<{ name: string; work: Omit<ImportRequest, 'onProgress'>; isUrl: boolean }> {
  const { request, context } = call
  const contentType = request.header('content-type')
  const multipart = /^multipart\/form-data/i.test(contentType) ? await readMultipart(request.body, contentType) : null
  const params = { ...multipart?.fields, ...queryParams(request) }
  const name = textOf(params, 'name')
  if (name === '') throw new HttpError(400, "The parameter 'name' is missing: POST /v0/datasources?name=DATASOURCE&mode=append")
  const mode = textOf(params, 'mode').toLowerCase() || 'append'
  if (mode !== 'append' && mode !== 'replace') {
    throw new HttpError(400, mode === 'create'
      ? `Data sources are made by files: write ${name}.datasource in the project, then append with mode=append`
      : `The parameter 'mode' is '${mode}'; it can be append or replace`)
  }
  if (!context.project().datasources.has(name)) throw new HttpError(404, `Data Source '${name}' does not exist`)
  requireScope(call, mode === 'replace' ? 'DATASOURCES:CREATE' : 'DATASOURCES:APPEND', mode === 'replace' ? '' : name)
  const url = textOf(params, 'url')
  if (url !== '' && !/^https?:\/\//.test(url)) throw new HttpError(400, "The parameter 'url' must begin with http:// or https://")
  const bytes = url !== '' ? null : multipart === null ? request.body : multipart.file
  if (url === '' && (bytes === null || bytes.length === 0)) {
    throw new HttpError(400, 'There is no file: send it as the body, as a multipart field, or give its url')
  }
  const source: Source = { bytes, url, fileName: multipart?.fileName ?? '' }
  return {
    name, isUrl: url !== '',
    work: {
      datasource: name, isReplacing: mode === 'replace', format: formatOf(textOf(params, 'format'), source),
      chunks: chunksOf(source),
      dialect: {
        delimiter: byteOf(textOf(params, 'dialect_delimiter'), 'dialect_delimiter', 44),
        quote: byteOf(textOf(params, 'dialect_quotechar'), 'dialect_quotechar', 34),
      },
    },
  }
}

const countsOf = ({ importId, successful, quarantined, firstError }: ImportAnswer) => ({
  import_id: importId, successful_rows: successful, quarantined_rows: quarantined,
  quarantine_rows: quarantined, invalid_lines: 0,
  error: quarantined === 0 ? false
    : `There was an error with file contents: ${quarantined} row(s) in quarantine. ${firstError ?? ''}`.trim(),
})

export async function importFile(call: Call): Promise<HttpAnswer> {
  const { name, work, isUrl } = await readCall(call)
  const { engine, jobs } = call.context
  let settle: (outcome: { answer: ImportAnswer } | { failure: unknown }) => void = () => {}
  const outcome = new Promise<{ answer: ImportAnswer } | { failure: unknown }>((resolve) => { settle = resolve })
  const run = async ({ report }: JobControl) => {
    try {
      const answer = await engine.import({ ...work, onProgress: (rows) => report({ rows }) })
      settle({ answer })
      return { ...countsOf(answer), rows: answer.successful }
    } catch (error) {
      settle({ failure: error })
      throw error
    }
  }
  const job = jobs.run('import', name, { mode: work.isReplacing ? 'replace' : 'append', rows: 0 }, run)
  if (isUrl) return jsonAnswer(200, { id: job.id, import_id: job.id, job_id: job.id, datasource: { name }, job: describeJob(call, job) })
  const ended = await outcome
  if ('failure' in ended) throw ended.failure
  const counts = countsOf(ended.answer)
  const state = jobs.find(job.id) ?? job
  return jsonAnswer(counts.successful_rows === 0 && counts.quarantined_rows > 0 ? 400 : 200, {
    id: job.id, job_id: job.id, datasource: { id: name, name }, job: { ...describeJob(call, state), status: 'done' }, ...counts,
  })
}
