// POST /v0/analyze: what the columns of a file may be, from its beginning.

import { formatOf, guessColumns, schemaText, type GuessedColumn } from '../engine/guess.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { dialectOf, sampleOf, wantedFormat } from './imports.ts'
import { readUpload } from './upload.ts'

export async function analyzeFile(call: Call): Promise<HttpAnswer> {
  requireScope(call, 'DATASOURCES:CREATE', '')
  const upload = await readUpload(call)
  const abort = new AbortController()
  const opened = await upload.open(abort.signal)
  if (opened === null) throw new HttpError(400, 'There is no file: send it as the body, as a multipart field, or give its url')
  const format = wantedFormat(upload.params) ?? formatOf(upload.fileName, opened.first)
  if (format === 'parquet') return await ofParquet(call, opened.chunks)
  const { bytes, isWhole } = await sampleOf(opened)
  abort.abort() // a URL's rest is not wanted
  const { dialect, hasHeading, columns, preview } = guessColumns(format, bytes, isWhole, dialectOf(upload.params))
  return jsonAnswer(200, {
    ...analysisOf(columns), format,
    ...dialect === null ? {} : { dialect: {
      delimiter: String.fromCharCode(dialect.delimiter), quotechar: String.fromCharCode(dialect.quote), has_header: hasHeading,
    } },
    preview: { meta: columns.map(({ name, type }) => ({ name, type })), data: preview, rows: preview.length },
  })
}

async function ofParquet({ context }: Call, chunks: AsyncIterable<Uint8Array>): Promise<HttpAnswer> {
  const columns = await context.engine.parquetColumns(chunks)
  return jsonAnswer(200, {
    ...analysisOf(columns), format: 'parquet',
    preview: { meta: columns.map(({ name, type }) => ({ name, type })), data: [], rows: 0 },
  })
}

const analysisOf = (columns: readonly GuessedColumn[]) => ({
  analysis: {
    columns: columns.map(({ name, type, path, presentPercent }) => ({
      name, path: path ?? name, recommended_type: type, present_pct: presentPercent,
    })),
    schema: schemaText(columns),
  },
})
