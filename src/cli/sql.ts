// `pipit sql STATEMENT`.

import { Client, type ClientOptions } from './client.ts'

export async function runSql(statement: string, options: ClientOptions & { format: string }): Promise<void> {
  const client = await Client.open(options)
  const hasFormat = /\bformat\s+\w+\s*;?\s*$/i.test(statement)
  const text = hasFormat ? statement : `${statement.replace(/;\s*$/, '')}\nFORMAT ${options.format}`
  process.stdout.write(await client.call('POST', '/v0/sql', text))
}
