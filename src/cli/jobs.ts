// `pipit copy run|cancel`, `mv rebuild|verify`, `job ls|details|cancel`.

import { Client, type ClientOptions } from './client.ts'
import { CliError, dim, green, print, red, printRows, type OutputOptions } from './terminal.ts'

export type Job = {
  id: string; kind: string; status: string; datasource: { name: string }; created_at: string
  rows?: number; rows_read?: number
  /** false: an import without rows that were set aside. */
  error?: string | false
}

const POLL_MS = 100

const sayRowsRead = ({ rows_read: rows }: Job): void => {
  if (process.stderr.isTTY && rows !== undefined) process.stderr.write(`\r${rows} rows read`)
}

/** Waits for a job; throws how it failed. */
export async function ended<T extends Job>(
  client: Client, started: T, onLook: (job: T) => void = sayRowsRead,
): Promise<T> {
  let job = started
  while (job.status === 'waiting' || job.status === 'working') {
    onLook(job)
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS) })
    job = await client.json<T>('GET', `/v0/jobs/${job.id}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r')
  if (job.status !== 'done') throw new CliError(`Job ${job.id}: ${job.status}${job.error === undefined ? '' : `: ${job.error}`}`)
  return job
}

/** Waits for a job, and says how it ended. */
async function follow(client: Client, started: Job): Promise<void> {
  const job = await ended(client, started)
  const what = job.rows !== undefined ? `, ${job.rows} rows` : job.rows_read !== undefined ? `, made of ${job.rows_read} rows` : ''
  print(`${green('done')}: ${job.datasource.name}${what}`)
}

export async function runCopyPipe(
  pipe: string, options: ClientOptions & { param: Record<string, string>; mode?: string },
): Promise<void> {
  const client = await Client.open(options)
  const query = new URLSearchParams(options.param)
  if (options.mode !== undefined) query.set('_mode', options.mode)
  const { job } = await client.json<{ job: Job }>('POST', `/v0/pipes/${encodeURIComponent(pipe)}/copy?${query}`)
  await follow(client, job)
}

export async function rebuildPipe(pipe: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const { job } = await client.json<{ job: Job }>('POST', `/v0/pipes/${encodeURIComponent(pipe)}/rebuild`)
  await follow(client, job)
}

type Report = {
  target: string; rowsExpected: number; rowsFound: number; onlyExpected: number; onlyFound: number
  samples: { side: string; row: Record<string, unknown> }[]; notCompared: { column: string; why: string }[]
}

/** Compares what a materialized pipe has made with what its source gives; fails where they differ. */
export async function verifyPipe(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const { job } = await client.json<{ job: Job & { report: Report } }>('POST', `/v0/pipes/${encodeURIComponent(name)}/verify`)
  const { report } = await ended(client, job)
  for (const { column, why } of report.notCompared) print(dim(`${column} is not compared: ${why}`))
  if (report.onlyExpected + report.onlyFound === 0) {
    print(`${green('equal')}: ${report.target}, ${report.rowsFound} rows`)
    return
  }
  for (const { side, row } of report.samples) print(`${side === 'expected' ? red('missing') : red('extra  ')}  ${JSON.stringify(row)}`)
  const more = report.onlyExpected + report.onlyFound - report.samples.length
  if (more > 0) print(dim(`and ${more} more`))
  throw new CliError(`${report.target} is not what its source gives: ${report.onlyExpected} rows are missing and `
    + `${report.onlyFound} are extra (${report.rowsFound} rows, expected ${report.rowsExpected}); `
    + '`pipit mv rebuild` makes it anew')
}

export async function listAllJobs(options: ClientOptions & OutputOptions & { kind?: string; status?: string }): Promise<void> {
  const client = await Client.open(options)
  const { jobs } = await client.json<{ jobs: Job[] }>('GET', `/v0/jobs?${new URLSearchParams({ kind: options.kind ?? '', status: options.status ?? '' })}`)
  printRows(['id', 'kind', 'status', 'data source', 'created', 'error'], jobs.map((job) => [
    job.id, job.kind, job.status, job.datasource.name, job.created_at, job.error || '',
  ]), options)
}

/** All that is known of a job, as JSON. */
export async function showJob(id: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  print(JSON.stringify(await client.json('GET', `/v0/jobs/${encodeURIComponent(id)}`), null, 2))
}

/** Ends the runs of a copy pipe that wait or work. */
export async function cancelCopies(pipe: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const { jobs } = await client.json<{ jobs: Job[] }>('POST', `/v0/pipes/${encodeURIComponent(pipe)}/copy/cancel`)
  for (const job of jobs) print(`${job.id}: ${job.status}`)
  if (jobs.length === 0) print(`No run of ${pipe} waits or works`)
}

export async function cancelOneJob(id: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const job = await client.json<Job>('POST', `/v0/jobs/${encodeURIComponent(id)}/cancel`)
  print(`${job.id}: ${job.status}`)
}
