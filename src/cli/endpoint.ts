// `pipit endpoint ls|url|data|stats`.

import { Client, type ClientOptions } from './client.ts'
import { didYouMean } from '../sql/suggest.ts'
import { paramsOfOptions } from './params.ts'
import { CliError, print, printRows, type OutputOptions } from './terminal.ts'

type Listed = { name: string; type: string; description: string }

async function endpoints(client: Client): Promise<Listed[]> {
  const { pipes } = await client.json<{ pipes: Listed[] }>('GET', '/v0/pipes')
  return pipes.filter((pipe) => pipe.type === 'endpoint')
}

export async function listEndpoints(options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const rows = (await endpoints(client)).map((pipe) => [
    pipe.name, `${client.url}/v0/pipes/${pipe.name}.json`, pipe.description.split('\n')[0],
  ])
  printRows(['name', 'url', 'description'], rows, options)
}

/** Calls, failures and mean time of every endpoint, or of one, since the server's start. */
export async function statsOfEndpoints(only: string | undefined, options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const all = await endpoints(client)
  const asked = all.filter(({ name }) => only === undefined || name === only)
  if (asked.length === 0 && only !== undefined) throw new CliError(`There is no endpoint ${only}${didYouMean(only, all.map(({ name }) => name))}`)
  const text = await client.call('GET', '/metrics')
  const valueOf = (metric: string, name: string): number =>
    Number(new RegExp(`^pipit_endpoint_${metric}\\{pipe="${name}"\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
  printRows(['name', 'calls', 'failed', 'mean ms'], asked.map(({ name }) => {
    const calls = valueOf('calls_total', name)
    const ms = calls === 0 ? 0 : valueOf('seconds_total', name) * 1000 / calls
    return [name, calls, valueOf('failures_total', name), Math.round(ms * 100) / 100]
  }), options)
}

export async function urlOfEndpoint(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  await client.call('GET', `/v0/pipes/${encodeURIComponent(name)}`)
  print(`${client.url}/v0/pipes/${name}.json`)
}

/** `more`: parameters as options of their names. */
export async function dataOfEndpoint(
  name: string, options: ClientOptions & { param: Record<string, string>; format: string; query?: string }, more: readonly string[],
): Promise<void> {
  const client = await Client.open(options)
  const params = new URLSearchParams({ ...options.param, ...paramsOfOptions(more) })
  if (options.query !== undefined) params.set('q', options.query)
  const query = params.toString()
  const path = `/v0/pipes/${encodeURIComponent(name)}.${options.format}${query === '' ? '' : `?${query}`}`
  process.stdout.write(await client.call('GET', path))
}
