// `pipit endpoint ls|url|data`.

import { Client, type ClientOptions } from './client.ts'
import { print, table } from './terminal.ts'

type Listed = { name: string; type: string; description: string }

async function endpoints(client: Client): Promise<Listed[]> {
  const { pipes } = await client.json<{ pipes: Listed[] }>('GET', '/v0/pipes')
  return pipes.filter((pipe) => pipe.type === 'endpoint')
}

export async function listEndpoints(options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const rows = (await endpoints(client)).map((pipe) => [
    pipe.name, `${client.url}/v0/pipes/${pipe.name}.json`, pipe.description.split('\n')[0],
  ])
  print(table(['name', 'url', 'description'], rows))
}

export async function urlOfEndpoint(name: string, options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  await client.call('GET', `/v0/pipes/${encodeURIComponent(name)}`)
  print(`${client.url}/v0/pipes/${name}.json`)
}

export async function dataOfEndpoint(
  name: string, options: ClientOptions & { param: Record<string, string>; format: string },
): Promise<void> {
  const client = await Client.open(options)
  const query = new URLSearchParams(options.param).toString()
  const path = `/v0/pipes/${encodeURIComponent(name)}.${options.format}${query === '' ? '' : `?${query}`}`
  process.stdout.write(await client.call('GET', path))
}
