// Secrets set over HTTP, kept in the data folder (mode 0600); templates read them with tb_secret().
// Invariant: values go to templates only, never into an answer or a log.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VARIABLES_FILE } from '../engine/beside.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { keepFile } from './kept-file.ts'
import { allParams, textOf } from './params.ts'

type Variable = { readonly value: string; readonly created: string; readonly updated: string }

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

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

/** GET /v0/variables: names only. */
export function listVariables(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  return jsonAnswer(200, { variables: call.context.variables.list() })
}

function required(call: Call, key: string): string {
  const value = textOf(allParams(call.request), key)
  if (value === '') throw new HttpError(400, `The parameter '${key}' is missing`)
  return value
}

const described = (call: Call, name: string) =>
  call.context.variables.list().find((variable) => variable.name === name)

/** POST /v0/variables, name and value by query string, form or JSON. */
export function createVariable(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  const name = required(call, 'name')
  if (!NAME.test(name)) throw new HttpError(400, `'${name}' is no name: use letters, digits and _`)
  if (call.context.variables.has(name)) {
    throw new HttpError(409, `There is a variable '${name}' already; change it with PUT /v0/variables/${name}`)
  }
  call.context.variables.set(name, required(call, 'value'))
  return jsonAnswer(200, described(call, name))
}

function named(call: Call): string {
  requireScope(call, 'ADMIN', '')
  const [name] = call.rest
  if (!call.context.variables.has(name)) throw new HttpError(404, `There is no variable '${name}'`)
  return name
}

/** GET /v0/variables/NAME: without its value. */
export const getVariable = (call: Call): HttpAnswer => jsonAnswer(200, described(call, named(call)))

/** PUT /v0/variables/NAME */
export function changeVariable(call: Call): HttpAnswer {
  const name = named(call)
  call.context.variables.set(name, required(call, 'value'))
  return jsonAnswer(200, described(call, name))
}

/** DELETE /v0/variables/NAME */
export function dropVariable(call: Call): HttpAnswer {
  call.context.variables.drop(named(call))
  return jsonAnswer(200, { ok: true })
}
