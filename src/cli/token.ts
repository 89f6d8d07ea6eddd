// `pipit token ls|create|rm|refresh|scopes`.

import { Client, type ClientOptions } from './client.ts'
import { CliError, print, printRows, UsageError, type OutputOptions } from './terminal.ts'

type Listed = { name: string; token: string; scopes: { type: string; resource?: string; filter?: string }[]; origin: { type: string } }

const scopeText = ({ type, resource, filter }: Listed['scopes'][number]): string =>
  [type, resource, filter].filter((part) => part !== undefined).join(':')

const tokensOf = async (client: Client): Promise<Listed[]> => (await client.json<{ tokens: Listed[] }>('GET', '/v0/tokens')).tokens

export async function listTokens(options: ClientOptions & OutputOptions): Promise<void> {
  printRows(['name', 'scopes', 'from', 'token'], (await tokensOf(await Client.open(options))).map(({ name, token, scopes, origin }) => [
    name, scopes.map(scopeText).join(' '), origin.type, token,
  ]), options)
}

type Wanted = {
  readonly scope: readonly string[]; readonly resource: readonly string[]; readonly filter: readonly string[]
  readonly fixedParams: Readonly<Record<string, string>>; readonly ttl?: string
}

/** `token create NAME`, and as Tinybird's CLI has it, `create static NAME` and `create jwt NAME`: scopes, and what each is
 * for, in the same order. */
export async function createToken(first: string, second: string | undefined, options: ClientOptions & Wanted): Promise<void> {
  if (options.scope.length === 0) throw new UsageError('Give a scope: --scope PIPES:READ:NAME, or --scope PIPES:READ --resource NAME')
  if (second !== undefined && first !== 'static' && first !== 'jwt') throw new UsageError(`A token is static or jwt, not ${first}`)
  const name = second ?? first
  const client = await Client.open(options)
  print(second !== undefined && first === 'jwt' ? await signedToken(client, name, options) : await staticToken(client, name, options, second !== undefined))
}

async function staticToken(client: Client, name: string, { scope, resource, filter }: Wanted, mayChange: boolean): Promise<string> {
  const query = new URLSearchParams()
  scope.forEach((type, i) => query.append('scope', [type, resource[i], filter[i]].filter((part) => part !== undefined).join(':')))
  const isThere = mayChange && (await tokensOf(client)).some((token) => token.name === name)
  const { token } = isThere ? await client.json<Listed>('PUT', `${pathOf(name)}?${query}`)
    : await client.json<Listed>('POST', `/v0/tokens?${new URLSearchParams({ name })}&${query}`)
  return token
}

const TTL_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 }

async function signedToken(client: Client, name: string, { scope, resource, filter, fixedParams, ttl }: Wanted): Promise<string> {
  const [, count = '', unit = ''] = /^(\d+)(s|m|min|h|d)$/.exec(ttl ?? '') ?? []
  if (count === '') throw new UsageError('Give how long it holds: --ttl 1h, 30min or 1d')
  const scopes = scope.map((type, i) => ({
    type, resource: resource[i], ...(filter[i] === undefined ? {} : { filter: filter[i] }),
    ...(type === 'PIPES:READ' && Object.keys(fixedParams).length > 0 ? { fixed_params: fixedParams } : {}),
  }))
  const expires = Math.floor(Date.now() / 1000) + Number(count) * TTL_SECONDS[unit]
  const query = new URLSearchParams({ name, expiration_time: String(expires) })
  return (await client.json<{ token: string }>('POST', `/v0/tokens?${query}`, JSON.stringify({ scopes }))).token
}

const pathOf = (name: string): string => `/v0/tokens/${encodeURIComponent(name)}`

export async function dropToken(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  await client.call('DELETE', pathOf(name))
  print(`removed ${name}`)
}

export async function refreshToken(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  print((await client.json<Listed>('POST', `${pathOf(name)}/refresh`)).token)
}

export async function scopesOfToken(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  print((await client.json<Listed>('GET', pathOf(name))).scopes.map(scopeText).join('\n'))
}

/** A token that may read an endpoint, one of its own before one that may do more. */
export async function tokenOfEndpoint(pipe: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  await client.call('GET', `/v0/pipes/${encodeURIComponent(pipe)}`)
  const readers = (await tokensOf(client)).filter(({ scopes }) => scopes.some((scope) => scopeText(scope) === `PIPES:READ:${pipe}`))
  const [best] = readers.sort((a, b) => a.scopes.length - b.scopes.length)
  if (best === undefined) throw new CliError(`No token is for ${pipe}: pipit token create NAME --scope PIPES:READ:${pipe}`)
  print(best.token)
}
