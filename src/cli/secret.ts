// `pipit secret set|ls|rm`: what templates read with tb_secret(). Values are never printed.

import { stdin } from 'node:process'
import { text } from 'node:stream/consumers'
import { Client, type ClientOptions } from './client.ts'
import { CliError, green, print, printRows, type OutputOptions } from './terminal.ts'

type Listed = { name: string; updated_at: string }

const list = async (client: Client): Promise<Listed[]> =>
  (await client.json<{ variables: Listed[] }>('GET', '/v0/variables')).variables

export async function listSecrets(options: ClientOptions & OutputOptions): Promise<void> {
  const secrets = await list(await Client.open(options))
  printRows(['name', 'set'], secrets.map(({ name, updated_at }) => [name, updated_at]), options)
}

/** Without a value it is read from standard input, so that no shell history keeps it. */
export async function setSecret(name: string, value: string | undefined, options: ClientOptions): Promise<void> {
  if (value === undefined && stdin.isTTY) throw new CliError(`Give the value, or pipe it in: pipit secret set ${name} < FILE`)
  const client = await Client.open(options)
  const body = JSON.stringify({ name, value: value ?? (await text(stdin)).trimEnd() })
  const isNew = !(await list(client)).some((secret) => secret.name === name)
  await client.call(isNew ? 'POST' : 'PUT', isNew ? '/v0/variables' : `/v0/variables/${encodeURIComponent(name)}`, body)
  print(`${green('done')}: ${name} is set`)
}

export async function removeSecret(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  await client.call('DELETE', `/v0/variables/${encodeURIComponent(name)}`)
  print(`${green('done')}: ${name} is removed`)
}
