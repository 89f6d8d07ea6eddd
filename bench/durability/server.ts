// A Pipit server of the benchmark's own, as built.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const READY_MS = 120_000

export class BenchServer {
  readonly data = mkdtempSync(join(tmpdir(), 'pipit-durability-'))
  url = ''
  token = ''
  private child: ChildProcess | null = null

  async start(): Promise<void> {
    const child = spawn(process.execPath, [
      join(root, 'dist', 'cli.js'), 'dev', join(root, 'examples', 'saas'), '--port', '0', '--data', this.data, '--no-demo',
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

  async rows(sql: string): Promise<Record<string, number>[]> {
    const answer = await request(`${this.url}/v0/sql`, {
      method: 'POST', body: `${sql} FORMAT JSON`, headers: { authorization: `Bearer ${this.token}` },
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(text)
    return (JSON.parse(text) as { data: Record<string, number>[] }).data
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
