// `pipit token ls|create`.

import { Client, type ClientOptions } from './client.ts'
import { print, printRows, type OutputOptions } from './terminal.ts'

type Listed = { name: string; token: string; scopes: { type: string; resource?: string }[]; origin: { type: string } }

export async function listTokens(options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const { tokens } = await client.json<{ tokens: Listed[] }>('GET', '/v0/tokens')
  printRows(['name', 'scopes', 'from', 'token'], tokens.map(({ name, token, scopes, origin }) => [
    name, scopes.map(({ type, resource }) => (resource === undefined ? type : `${type}:${resource}`)).join(' '),
    origin.type, token,
  ]), options)
}

export async function createToken(name: string, options: ClientOptions & { scope: string[] }): Promise<void> {
  const client = await Client.open(options)
  const query = new URLSearchParams({ name })
  for (const scope of options.scope) query.append('scope', scope)
  const { token } = await client.json<Listed>('POST', `/v0/tokens?${query}`)
  print(token)
}
