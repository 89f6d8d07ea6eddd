// `pipit pipe ls`.

import { Client, type ClientOptions } from './client.ts'
import { printRows, type OutputOptions } from './terminal.ts'

type Listed = { name: string; type: string; description: string; nodes: unknown[] }

export async function listPipes(options: ClientOptions & OutputOptions): Promise<void> {
  const client = await Client.open(options)
  const { pipes } = await client.json<{ pipes: Listed[] }>('GET', '/v0/pipes')
  printRows(['name', 'type', 'nodes', 'description'], pipes.map((pipe) => [
    pipe.name, pipe.type, pipe.nodes.length, pipe.description.split('\n')[0],
  ]), options)
}
