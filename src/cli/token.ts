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
  const isKind = first === 'static' || first === 'jwt'
  if (second === undefined && isKind) throw new UsageError(`Give its name: pipit token create ${first} NAME`)
  if (second !== undefined && !isKind) throw new UsageError(`A token is static or jwt, not ${first}`)
  const isSigned = second !== undefined && first === 'jwt'
  // Left out they would make a token that holds for ever, and for everything.
  if (!isSigned && (options.ttl !== undefined || Object.keys(options.fixedParams).length > 0)) {
    throw new UsageError('Only a jwt has --ttl and --fixed-params: pipit token create jwt NAME')
  }
  const scopes = scopesOf(options)
  const name = second ?? first
  const open = (): Promise<Client> => Client.open(options)
  print(isSigned ? await signedToken(open, name, scopes, options) : await staticToken(await open(), name, scopes, second !== undefined))
}

type Scope = Listed['scopes'][number]

/** Scopes with what each is for: in the scope's own text, or in as many options as there are scopes. */
function scopesOf({ scope, resource, filter }: Wanted): readonly Scope[] {
  if (scope.length === 0) throw new UsageError('Give a scope: --scope PIPES:READ:NAME, or --scope PIPES:READ --resource NAME')
  for (const [option, given] of [['--resource', resource], ['--filter', filter]] as const) {
    if (given.length > 0 && given.length !== scope.length) throw new UsageError(`Give as many ${option} as --scope, in the same order`)
  }
  return scope.map((text, i) => {
    const [, type = text, own, condition] = /^(\w+:\w+)(?::([^:]*)(?::([^]*))?)?$/.exec(text) ?? []
    if (own !== undefined && resource.length > 0) throw new UsageError(`${text} says what it is for: leave --resource out`)
    const [name, rows] = [own ?? resource[i], condition ?? filter[i]]
    if (rows !== undefined && name === undefined) throw new UsageError(`Give the --resource whose rows are to fulfil ${rows}`)
    return { type, ...(name === undefined ? {} : { resource: name }), ...(rows === undefined ? {} : { filter: rows }) }
  })
}

async function staticToken(client: Client, name: string, scopes: readonly Scope[], mayChange: boolean): Promise<string> {
  const query = new URLSearchParams(scopes.map((scope): [string, string] => ['scope', scopeText(scope)]))
  const isThere = mayChange && (await tokensOf(client)).some((token) => token.name === name)
  const { token } = isThere ? await client.json<Listed>('PUT', `${pathOf(name)}?${query}`)
    : await client.json<Listed>('POST', `/v0/tokens?${new URLSearchParams({ name })}&${query}`)
  return token
}

const TTL_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 }

async function signedToken(open: () => Promise<Client>, name: string, scopes: readonly Scope[], { fixedParams, ttl }: Wanted): Promise<string> {
  const [, count = '', unit = ''] = /^(\d+)(s|m|min|h|d)$/.exec(ttl ?? '') ?? []
  if (count === '') throw new UsageError('Give how long it holds: --ttl 1h, 30min or 1d')
  const fixed = Object.keys(fixedParams).length > 0 ? { fixed_params: fixedParams } : {}
  const claims = scopes.map((scope) => ({ ...scope, ...(scope.type === 'PIPES:READ' ? fixed : {}) }))
  const expires = Math.floor(Date.now() / 1000) + Number(count) * TTL_SECONDS[unit]
  const query = new URLSearchParams({ name, expiration_time: String(expires) })
  return (await (await open()).json<{ token: string }>('POST', `/v0/tokens?${query}`, JSON.stringify({ scopes: claims }))).token
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
