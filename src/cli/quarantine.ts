// `pipit datasource quarantine ls|replay`: rows that did not fit, and the way back for them.

import { Client, type ClientOptions } from './client.ts'
import { ended, type Job } from './jobs.ts'
import { CliError, green, print, printRows, type OutputOptions } from './terminal.ts'

type Rows = { data: (string | number)[][] }

const NAME = /^[A-Za-z_]\w*$/

/** All quarantines that hold rows; of one data source the reasons. */
export async function listQuarantine(name: string | undefined, options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const rowsOf = async (sql: string) =>
    (await client.json<Rows>('POST', '/v0/sql', `${sql} FORMAT JSONCompact`)).data
  if (name !== undefined) {
    if (!NAME.test(name)) throw new CliError(`'${name}' is no name of a data source`)
    printRows(['rows', 'columns', 'reason', 'last'], await rowsOf('SELECT count(), arrayStringConcat(any(c__error_column), \', \'), '
      + `arrayStringConcat(c__error, '; ') AS reason, max(insertion_date) FROM ${name}_quarantine GROUP BY reason ORDER BY 1 DESC, reason`), options)
    return
  }
  const { datasources } = await client.json<{ datasources: { name: string }[] }>('GET', '/v0/datasources')
  const rows: (string | number)[][] = []
  for (const source of datasources) {
    const [counts] = await rowsOf(`SELECT '${source.name}', count(), max(insertion_date) FROM ${source.name}_quarantine`)
    if (Number(counts[1]) > 0) rows.push(counts)
  }
  printRows(['data source', 'rows', 'last'], rows, options)
}

/** Sends the rows again. */
export async function replayQuarantine(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const { job } = await client.json<{ job: Job & { replayed: number; left: number } }>(
    'POST', `/v0/datasources/${encodeURIComponent(name)}/quarantine/replay`)
  const { replayed, left } = await ended(client, job)
  print(`${green('done')}: ${replayed} rows in ${name}, ${left} left in ${name}_quarantine`)
}
