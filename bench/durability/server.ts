// A Pipit server of the benchmark's own, as built.

import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { usageOf } from '../peers.ts'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const READY_MS = 120_000

const example = join(root, 'bench', 'projects', 'app')
const SOURCE = 'app_events.datasource'

export class BenchServer {
  readonly data = mkdtempSync(join(tmpdir(), 'pipit-durability-'))
  private readonly project: string
  url = ''
  token = ''
  private child: ChildProcess | null = null

  private readonly options: readonly string[]

  /** `instructions` go to the end of the example's data source, `options` to the server. */
  constructor(instructions = '', options: readonly string[] = []) {
    this.options = options
    this.project = join(this.data, 'project')
    cpSync(example, this.project, { recursive: true })
    writeFileSync(join(this.project, SOURCE), `${readFileSync(join(example, SOURCE), 'utf8').trimEnd()}\n${instructions}\n`)
  }

  get pid(): number { return this.child?.pid ?? 0 }

  get store(): string { return join(this.data, 'store') }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [
      join(root, 'dist', 'cli.js'), 'dev', this.project, '--port', '0', '--data', this.store, '--no-demo', ...this.options,
    ], { env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'inherit'] })
    this.child = child
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
    for (const began = Date.now(); ;) {
      this.url = /url\s+(http:\S+)/.exec(output)?.[1] ?? ''
      this.token = /token\s+(\S+)/.exec(output)?.[1] ?? ''
      if (this.url !== '' && this.token !== '') return
      if (child.exitCode !== null || Date.now() - began > READY_MS) throw new Error(`no server:\n${output}`)
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
  }

  /** A figure of /metrics. */
  async metric(name: string): Promise<number> {
    const answer = await request(`${this.url}/metrics`, { headers: { authorization: `Bearer ${this.token}` } })
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await answer.body.text())?.[1])
  }

  async rows(sql: string): Promise<Record<string, number>[]> {
    const answer = await request(`${this.url}/v0/sql`, {
      method: 'POST', body: `${sql} FORMAT JSON`, headers: { authorization: `Bearer ${this.token}` },
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`${sql}: ${text}`)
    return (JSON.parse(text) as { data: Record<string, number>[] }).data
  }

  /** Rows of an endpoint of the example. */
  async endpoint(call: string): Promise<Record<string, unknown>[]> {
    const answer = await request(`${this.url}/v0/pipes/${call}`, { headers: { authorization: `Bearer ${this.token}` } })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(text)
    return (JSON.parse(text) as { data: Record<string, unknown>[] }).data
  }

  /** Resolves when the server has done what it does by itself after a start: it has used a tenth of a core
   * for a second. */
  async atRest(): Promise<void> {
    for (let before = usageOf(this.pid).cpuSeconds, began = Date.now(); Date.now() - began < READY_MS;) {
      await new Promise((resolve) => { setTimeout(resolve, 1000) })
      const now = usageOf(this.pid).cpuSeconds
      if (now - before < 0.1) return
      before = now
    }
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    await new Promise((resolve) => {
      child.on('exit', resolve)
      child.kill(signal)
    })
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.data, { recursive: true, force: true })
  }
}
