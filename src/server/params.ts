// Parameters of a call: from the query string, a form or a JSON body. A key that comes several times
// is a list.

import type { HttpRequest } from './http.ts'
import { HttpError } from './answer.ts'

export type ParamValue = string | number | boolean | null | readonly ParamValue[] | { readonly [key: string]: ParamValue }
export type Params = Record<string, ParamValue>

/** Parameters of a call, without a prototype that has names of its own. An object that was made with none is a table to
 * V8: each of its keys is looked up by its hash. */
class Bag { [name: string]: ParamValue }
Object.setPrototypeOf(Bag.prototype, null)
Reflect.deleteProperty(Bag.prototype, 'constructor')

/** Keys of the query string that are the contract's own, never a pipe's parameter. */
const RESERVED = new Set(['token', 'q', 'explain'])

/** What a public client puts beside all parameters as `from`, which is also a common name of a pipe's own. */
const CLIENT_MARK = 'ts-sdk'

/** Adds the pairs of `a=1&b=2`. Throws 400 for a broken escape, naming `where` it is. */
export function addPairs(params: Params, text: string, where: string): void {
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('&', start)
    if (end < 0) end = text.length
    if (start === end) continue
    const mark = text.indexOf('=', start)
    const isAlone = mark < 0 || mark > end
    const key = decode(text.slice(start, isAlone ? end : mark), where)
    const value = isAlone ? '' : decode(text.slice(mark + 1, end), where)
    const before = params[key]
    if (before === undefined) params[key] = value
    else params[key] = Array.isArray(before) ? [...before, value] : [before, value]
  }
}

function decode(text: string, where: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw new HttpError(400, `The ${where} has a broken percent-escape in '${text}'`)
  }
}

/** Parameters of the query string alone. */
export function queryParams(request: HttpRequest): Params {
  const params: Params = new Bag()
  addPairs(params, request.query, 'query string')
  return params
}

/** Query strings that were read, for routes that are called with the same one again and again. */
const recent = new Map<string, Readonly<Params>>()
const RECENT_MAX = 256
const RECENT_CHARS_MAX = 256

/** Parameters of the query string for reading only. */
export function recentParams(request: HttpRequest): Readonly<Params> {
  const known = recent.get(request.query)
  if (known !== undefined) return known
  const params = queryParams(request)
  if (request.query.length > RECENT_CHARS_MAX) return params
  if (recent.size === RECENT_MAX) recent.clear()
  recent.set(request.query, params)
  return params
}

/** Parameters of the query string and of the body (form or JSON object); the body wins. */
export function allParams(request: HttpRequest): Params {
  const params = queryParams(request)
  if (request.body.length === 0) return params
  const type = request.header('content-type').split(';')[0].trim().toLowerCase()
  const text = Buffer.from(request.body).toString('utf8')
  if (type === 'application/x-www-form-urlencoded') {
    addPairs(params, text, 'form')
    return params
  }
  if (type !== 'application/json' && !text.trimStart().startsWith('{')) return params
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${(error as Error).message}`)
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new HttpError(400, 'The body must be a JSON object with a key per parameter')
  }
  return Object.assign(params, value as Params)
}

/** What is left for the pipe; of a call that has nothing else the same object. */
export function pipeParams(params: Params): Params {
  let isWhole = true
  for (const key in params) if (RESERVED.has(key)) isWhole = false
  const isMarked = isMarkedClient(params)
  if (isWhole && !isMarked) return params
  const rest: Params = new Bag()
  for (const key in params) if (!RESERVED.has(key)) rest[key] = params[key]
  if (!isMarked) return rest
  const { from } = params
  const own = Array.isArray(from) ? from.filter((value) => value !== CLIENT_MARK) : []
  if (own.length === 0) delete rest.from
  else rest.from = own.length === 1 ? own[0] : own
  return rest
}

/** Whether the client is one that reads JSON without asking for it. */
export const isMarkedClient = (params: Readonly<Params>): boolean => {
  const { from } = params
  return Array.isArray(from) ? from.includes(CLIENT_MARK) : from === CLIENT_MARK
}

/** A parameter as text, '' when it is not there; of a list the last. */
export function textOf(params: Readonly<Params>, key: string): string {
  const value = params[key]
  const last = Array.isArray(value) ? value[value.length - 1] : value
  return last === undefined || last === null ? '' : String(last)
}
