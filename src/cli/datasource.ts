// `pipit datasource ls|append|replace|delete|export|truncate`.

import { createReadStream, readFileSync } from 'node:fs'
import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Client, type ClientOptions } from './client.ts'
import { CliError, green, print, printRows, warn, type OutputOptions } from './terminal.ts'

/** Bytes of one request of `append`: large enough to amortise it, small enough to show progress. */
const APPEND_BYTES = 4 * 2 ** 20

type Listed = { name: string; engine: { engine_sorting_key: string }; statistics: { row_count: number; bytes: number } }

export async function listDatasources(options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const { datasources } = await client.json<{ datasources: Listed[] }>('GET', '/v0/datasources')
  printRows(['name', 'rows', 'bytes', 'sorting key'], datasources.map((source) => [
    source.name, source.statistics.row_count, source.statistics.bytes, source.engine.engine_sorting_key,
  ]), options)
}

type Counts = { successful_rows: number; quarantined_rows: number }

/** Sends a file whole: all of its rows go in, or none. */
async function sendFile(
  name: string, file: string, mode: 'append' | 'replace', options: ClientOptions,
): Promise<void> {
  const client = await Client.open(options)
  const format = /\.csv(\.gz)?$/i.test(file) ? 'csv' : 'ndjson'
  const path = `/v0/datasources?name=${encodeURIComponent(name)}&mode=${mode}&format=${format}`
  const counts = await client.json<Counts>('POST', path, bytesOf(file))
  print(`${green('done')}: ${counts.successful_rows} rows in ${name}, ${counts.quarantined_rows} in ${name}_quarantine`)
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CliError(`${file} can't be read: ${(error as Error).message}`)
  }
}

/** A file's rows instead of those that are there. */
export const replaceDatasource = (name: string, file: string, options: ClientOptions): Promise<void> =>
  sendFile(name, file, 'replace', options)

/** CSV is sent whole; JSON lines in pieces that end at line ends. */
export async function appendDatasource(name: string, file: string, options: ClientOptions): Promise<void> {
  if (/\.csv(\.gz)?$/i.test(file)) {
    await sendFile(name, file, 'append', options)
    return
  }
  const client = await Client.open(options)
  const total: Counts = { successful_rows: 0, quarantined_rows: 0 }
  const send = async (piece: Buffer) => {
    const path = `/v0/events?name=${encodeURIComponent(name)}&wait=true`
    const counts = await client.json<Counts>('POST', path, piece)
    total.successful_rows += counts.successful_rows
    total.quarantined_rows += counts.quarantined_rows
    if (process.stderr.isTTY) process.stderr.write(`\r${total.successful_rows} rows`)
  }
  let rest = Buffer.alloc(0)
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: APPEND_BYTES })) {
      const piece = Buffer.concat([rest, chunk as Buffer])
      const end = piece.lastIndexOf(10) + 1
      rest = piece.subarray(end)
      if (end > 0) await send(piece.subarray(0, end))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CliError(`${file} does not exist`)
    throw error
  }
  if (rest.toString('utf8').trim() !== '') await send(rest)
  if (process.stderr.isTTY) process.stderr.write('\r')
  print(`${green('done')}: ${total.successful_rows} rows in ${name}, ${total.quarantined_rows} in ${name}_quarantine`)
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

export async function truncateDatasource(name: string, options: ClientOptions & { yes?: boolean }): Promise<void> {
  if (options.yes !== true) {
    if (!stdin.isTTY) throw new CliError('truncate removes all rows: confirm with --yes')
    const ask = createInterface({ input: stdin, output: stdout })
    const answer = await ask.question(`Remove all rows of ${name}? [y/N] `)
    ask.close()
    if (!/^y(es)?$/i.test(answer.trim())) {
      warn('Nothing was removed.')
      return
    }
  }
  const client = await Client.open(options)
  await client.call('POST', `/v0/datasources/${encodeURIComponent(name)}/truncate`)
  print(`${green('done')}: ${name} is empty`)
}

type DeleteAnswer = { rows_to_be_deleted?: number; rows_affected?: number; status?: string; job_url?: string }

/** Deletes the rows that fulfil a condition. */
export async function deleteFromDatasource(
  name: string, options: ClientOptions & { where: string; dryRun?: boolean },
): Promise<void> {
  const client = await Client.open(options)
  const query = new URLSearchParams({ delete_condition: options.where, dry_run: String(options.dryRun === true) })
  const answer = await client.json<DeleteAnswer>('POST', `/v0/datasources/${encodeURIComponent(name)}/delete?${query}`)
  if (options.dryRun === true) print(`${answer.rows_to_be_deleted} rows of ${name} would be deleted`)
  else print(`${green('done')}: ${answer.rows_affected} rows of ${name} are deleted; their bytes: ${answer.status} (${answer.job_url})`)
}
