// `pipit sql STATEMENT`.

import { Client, type ClientOptions } from './client.ts'

/** Names of formats as Tinybird's CLI has them. */
const FORMATS: Readonly<Record<string, string>> = { json: 'JSON', csv: 'CSVWithNames', human: 'PrettyCompact' }

export async function runSql(
  statement: string, options: ClientOptions & { format: string; pipeline?: string; rows_limit?: number },
): Promise<void> {
  const client = await Client.open(options)
  const [, plain, format] = /^([\s\S]*?)(?:\bformat\s+(\w+)\s*)?;?\s*$/i.exec(statement) ?? ['', statement]
  const limited = options.rows_limit === undefined ? plain : `SELECT * FROM (\n${plain}\n) LIMIT ${options.rows_limit}`
  const text = `${limited}\nFORMAT ${format ?? FORMATS[options.format] ?? options.format}`
  const query = options.pipeline === undefined ? '' : `?pipeline=${encodeURIComponent(options.pipeline)}`
  process.stdout.write(await client.call('POST', `/v0/sql${query}`, text))
}
