// /v0/variables: secrets set over HTTP, of which no answer shows the value.

import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allParams, textOf } from './params.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

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
