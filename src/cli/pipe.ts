// `pipit pipe ls`, `copy ls|pause|resume`, `mv ls`.

import { Client, type ClientOptions } from './client.ts'
import { print, printRows, type OutputOptions } from './terminal.ts'

type Schedule = { cron: string | null; status: string | null }
type Listed = {
  name: string; type: string; description: string
  nodes: { name: string; materialized?: string; not_running?: string | null }[]
  copy_target_datasource?: string; copy_mode?: string; schedule?: Schedule
}

async function pipesOf(options: ClientOptions): Promise<Listed[]> {
  const client = await Client.open(options)
  return (await client.json<{ pipes: Listed[] }>('GET', '/v0/pipes')).pipes
}

export async function listPipes(options: ClientOptions & OutputOptions): Promise<void> {
  printRows(['name', 'type', 'nodes', 'description'], (await pipesOf(options)).map((pipe) => [
    pipe.name, pipe.type, pipe.nodes.length, pipe.description.split('\n')[0],
  ]), options)
}

const scheduleText = ({ cron, status }: Schedule): string => (cron === null ? 'on demand' : `${cron}${status === 'paused' ? ' (paused)' : ''}`)

export async function listCopies(options: ClientOptions & OutputOptions): Promise<void> {
  printRows(['name', 'target', 'mode', 'schedule'], (await pipesOf(options)).flatMap((pipe) => (
    pipe.schedule === undefined ? [] : [[pipe.name, pipe.copy_target_datasource ?? '', pipe.copy_mode ?? '', scheduleText(pipe.schedule)]]
  )), options)
}

/** Stops a copy pipe's clock, or lets it go on. */
export async function setCopyClock(pipe: string, verb: 'pause' | 'resume', options: ClientOptions): Promise<void> {
  const client = await Client.open(options)
  const { schedule } = await client.json<{ schedule: Schedule }>('POST', `/v0/pipes/${encodeURIComponent(pipe)}/copy/${verb}`)
  print(`${pipe}: ${scheduleText(schedule)}`)
}

export async function listViews(options: ClientOptions & OutputOptions): Promise<void> {
  printRows(['name', 'node', 'target', 'state'], (await pipesOf(options)).flatMap(({ name, nodes }) => nodes.flatMap((node) => (
    node.materialized === undefined ? [] : [[name, node.name, node.materialized, node.not_running ?? 'running']]))), options)
}
