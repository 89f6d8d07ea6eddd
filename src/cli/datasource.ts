// `pipit datasource ls|create|append|replace|analyze|delete|export|truncate`.

import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Client, type ClientOptions } from './client.ts'
import { ended, type Job } from './jobs.ts'
import { CliError, green, print, printRows, UsageError, warn, type OutputOptions } from './terminal.ts'

type Listed = { name: string; engine: { engine_sorting_key: string }; statistics: { row_count: number; bytes: number } }

export async function listDatasources(options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const { datasources } = await client.json<{ datasources: Listed[] }>('GET', '/v0/datasources')
  printRows(['name', 'rows', 'bytes', 'sorting key'], datasources.map((source) => [
    source.name, source.statistics.row_count, source.statistics.bytes, source.engine.engine_sorting_key,
  ]), options)
}

type Counts = { successful_rows: number; quarantined_rows: number }
type Sent = Counts & { job: Job }
type Mode = 'create' | 'append' | 'replace'

export type FileOptions = ClientOptions & { readonly format?: string; readonly where?: string; readonly file?: string; readonly events?: string }

/** The file that a call names, one way or another, and what is left of its options. Without any, `--url` names what it
 * is made of, as Tinybird's does, and no server. */
function fileOf(file: string | undefined, options: FileOptions): { readonly from: string; readonly rest: FileOptions } {
  const named = file ?? options.file
  if (named !== undefined) return { from: named, rest: options }
  const { url, ...rest } = options
  if (url === undefined) throw new UsageError('Give a file or a URL')
  return { from: url, rest }
}

/** A bar on a terminal, nothing elsewhere. */
function progressBar(): { readonly show: (done: number, all: number, what: string) => void; readonly end: () => void } {
  if (!process.stderr.isTTY) return { show: () => {}, end: () => {} }
  let shownAt = 0
  return {
    show: (done, all, what) => {
      if (Date.now() - shownAt < 100 && done < all) return
      shownAt = Date.now()
      const share = all > 0 ? Math.min(1, done / all) : 0
      const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░')
      process.stderr.write(`\r${bar} ${(100 * share).toFixed(0).padStart(3)} %  ${what}\u001b[K`)
    },
    end: () => { process.stderr.write('\r\u001b[K') },
  }
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`

/** Sends a file, or has the server read a URL: all of its rows go in, or none. */
async function sendFile(name: string, file: string, mode: Mode, options: FileOptions): Promise<void> {
  const client = await Client.open(options)
  const query = new URLSearchParams({ name, mode })
  const isUrl = /^https?:\/\//.test(file)
  const format = options.format ?? formatOf(file)
  if (format !== null) query.set('format', format)
  if (options.where !== undefined) query.set('replace_condition', options.where)
  if (isUrl) query.set('url', file)
  const path = `/v0/datasources?${query}`
  const bar = progressBar()
  try {
    const sent = isUrl ? await fromUrl(client, path, bar.show)
      : await client.sendFile<Counts>(path, file, (done, all) => bar.show(done, all, megabytes(done)))
    bar.end()
    print(`${green('done')}: ${sent.successful_rows} rows in ${name}, ${sent.quarantined_rows} in ${name}_quarantine`)
  } catch (error) {
    bar.end()
    throw error
  }
}

async function fromUrl(
  client: Client, path: string, show: (done: number, all: number, what: string) => void,
): Promise<Counts> {
  const { job } = await client.json<Sent>('POST', path)
  return await ended<Job & Counts & { bytes?: number; bytes_total?: number; rows?: number }>(client, job as Job & Counts, (state) => {
    show(state.bytes ?? 0, state.bytes_total ?? 0, `${state.rows ?? 0} rows, ${megabytes(state.bytes ?? 0)}`)
  })
}

/** By its name; null: the server looks into it. */
function formatOf(file: string): string | null {
  const name = file.split(/[?#]/)[0].toLowerCase().replace(/\.gz$/, '')
  return /\.parquet$/.test(name) ? 'parquet' : /\.csv$/.test(name) ? 'csv' : /\.(nd)?jsonl?$/.test(name) ? 'ndjson' : null
}

/** A file's rows instead of those that are there, or of those that fulfil --where. */
export async function replaceDatasource(name: string, file: string | undefined, options: FileOptions): Promise<void> {
  const { from, rest } = fileOf(file, options)
  await sendFile(name, from, 'replace', rest)
}

/** Throws CliError for a name that is not known: the server would make a data source of the file. */
export async function appendDatasource(name: string, file: string | undefined, options: FileOptions): Promise<void> {
  if (options.events !== undefined) {
    await sendEvents(name, options.events, options)
    return
  }
  const { from, rest } = fileOf(file, options)
  const { datasources } = await (await Client.open(rest)).json<{ datasources: { name: string }[] }>('GET', '/v0/datasources')
  if (!datasources.some((source) => source.name === name)) {
    throw new CliError(`Data Source '${name}' does not exist; pipit datasource create makes one of a file`)
  }
  await sendFile(name, from, 'append', rest)
}

async function sendEvents(name: string, rows: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const sent = await client.json<Counts>('POST', `/v0/events?wait=true&name=${encodeURIComponent(name)}`, rows)
  print(`${green('done')}: ${sent.successful_rows} rows in ${name}, ${sent.quarantined_rows} in ${name}_quarantine`)
}

/** A data source of a file's columns and rows. */
export async function createDatasource(name: string, file: string | undefined, options: FileOptions): Promise<void> {
  const { from, rest } = fileOf(file, options)
  await sendFile(name, from, 'create', rest)
}

type Analysis = {
  format: string
  analysis: { columns: { name: string; path: string; recommended_type: string; present_pct: number }[]; schema: string }
}

/** What the columns of a file may be. */
export async function analyzeFile(file: string, options: FileOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const format = options.format ?? formatOf(file)
  const query = new URLSearchParams(format === null ? {} : { format })
  const isUrl = /^https?:\/\//.test(file)
  if (isUrl) query.set('url', file)
  const path = `/v0/analyze?${query}`
  const { analysis } = isUrl ? await client.json<Analysis>('POST', path) : await client.sendFile<Analysis>(path, file, () => {})
  printRows(['column', 'type', 'path', 'present %'], analysis.columns.map((column) => (
    [column.name, column.recommended_type, column.path, column.present_pct])), options)
  if (options.output === 'text') print(`\nSCHEMA >\n    ${analysis.schema.replaceAll(', `', ',\n    `')}`)
}

const EXPORT_FORMATS: Readonly<Record<string, string>> = { ndjson: 'JSONEachRow', csv: 'CSVWithNames' }

/** Prints the rows of a data source. */
export async function exportDatasource(
  name: string, options: ClientOptions & { format: string; where?: string; limit?: string },
): Promise<void> {
  const format = EXPORT_FORMATS[options.format]
  if (format === undefined) throw new CliError(`--format is '${options.format}'; it can be ndjson or csv`)
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new CliError(`'${name}' is no name of a data source`)
  const client = await Client.open(options)
  const where = options.where === undefined ? '' : ` WHERE ${options.where}`
  const limit = options.limit === undefined ? '' : ` LIMIT ${Number(options.limit)}`
  process.stdout.write(await client.call('POST', '/v0/sql', `SELECT * FROM ${name}${where}${limit} FORMAT ${format}`))
}

/** Whether to go on: asked on a terminal, elsewhere --yes says so. Throws CliError without either. */
async function isConfirmed(verb: string, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) return true
  if (!stdin.isTTY) throw new CliError(`${verb} removes all rows: confirm with --yes`)
  const ask = createInterface({ input: stdin, output: stdout })
  const answer = await ask.question(`${question} [y/N] `)
  ask.close()
  if (/^y(es)?$/i.test(answer.trim())) return true
  warn('Nothing was removed.')
  return false
}

export async function truncateDatasource(name: string, options: ClientOptions & { yes?: boolean }): Promise<void> {
  if (!await isConfirmed('truncate', `Remove all rows of ${name}?`, options.yes)) return
  const client = await Client.open(options)
  await client.call('POST', `/v0/datasources/${encodeURIComponent(name)}/truncate`)
  print(`${green('done')}: ${name} is empty`)
}

/** Drops one that was made over HTTP, or what one has left whose file is gone. */
export async function dropDatasource(name: string, options: ClientOptions & { yes?: boolean }): Promise<void> {
  if (!await isConfirmed('rm', `Drop ${name} with all its rows?`, options.yes)) return
  const client = await Client.open(options)
  await client.call('DELETE', `/v0/datasources/${encodeURIComponent(name)}`)
  print(`${green('done')}: ${name} is gone`)
}

type DeleteAnswer = { rows_to_be_deleted?: number; rows_affected?: number; status?: string; job_url?: string }

/** Deletes the rows that fulfil a condition. */
export async function deleteFromDatasource(
  name: string, options: ClientOptions & { where?: string; sqlCondition?: string; dryRun?: boolean },
): Promise<void> {
  const condition = options.where ?? options.sqlCondition
  if (condition === undefined) throw new UsageError('Give a condition: --where "user_id = \'u1\'"')
  const client = await Client.open(options)
  const query = new URLSearchParams({ delete_condition: condition, dry_run: String(options.dryRun === true) })
  const answer = await client.json<DeleteAnswer>('POST', `/v0/datasources/${encodeURIComponent(name)}/delete?${query}`)
  if (options.dryRun === true) print(`${answer.rows_to_be_deleted} rows of ${name} would be deleted`)
  else print(`${green('done')}: ${answer.rows_affected} rows of ${name} are deleted; their bytes: ${answer.status} (${answer.job_url})`)
}
