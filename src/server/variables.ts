// Secrets set over HTTP, kept in the data folder (mode 0600); templates read them with tb_secret().
// Invariant: values go to templates only, never into an answer or a log.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VARIABLES_FILE } from '../engine/beside.ts'
import { keepFile } from './kept-file.ts'

type Variable = { readonly value: string; readonly created: string; readonly updated: string }

/** All variables of a server. */
export class Variables {
  private readonly file: string
  private stored: Readonly<Record<string, Variable>>
  /** Values by name, for templates; null: there are none. */
  values: Readonly<Record<string, string>> | null = null

  constructor(folder: string) {
    this.file = join(folder, VARIABLES_FILE)
    this.stored = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, Variable> : {}
    this.publish()
  }

  has(name: string): boolean { return Object.hasOwn(this.stored, name) }

  list() {
    return Object.entries(this.stored).map(([name, { created, updated }]) => (
      { name, type: 'secret', created_at: created, updated_at: updated }))
  }

  set(name: string, value: string): void {
    const now = new Date().toISOString()
    this.save({ ...this.stored, [name]: { value, created: this.stored[name]?.created ?? now, updated: now } })
  }

  drop(name: string): void {
    const { [name]: _, ...rest } = this.stored
    this.save(rest)
  }

  private save(stored: Readonly<Record<string, Variable>>): void {
    keepFile(this.file, `${JSON.stringify(stored, null, 2)}\n`)
    this.stored = stored
    this.publish()
  }

  private publish(): void {
    const pairs = Object.entries(this.stored).map(([name, { value }]) => [name, value] as const)
    this.values = pairs.length === 0 ? null : Object.fromEntries(pairs)
  }
}
