// Python's own functions in template expressions: len, range, int, sorted and so on. functions.ts
// lists them. Invariant: none makes more than the limits of operators.ts allow.

import { arg, argOr, type FunctionCall, type TemplateFunction } from './function-call.ts'
import { compare, iterable, known, LIST_ITEMS_MAX } from './operators.ts'
import {
  Dict, Missing, plain, repr, TemplateFault, toText, truthy, Tuple, typeName, type Value,
} from './values.ts'

function range(call: FunctionCall): Value {
  const bounds = call.args.map(bound => {
    const value = known(bound)
    if (typeof value === 'bigint') return Number(value)
    throw new TemplateFault(`range expects whole numbers, not ${typeName(value)}`)
  })
  const [from, to] = bounds.length === 1 ? [0, bounds[0]] : bounds
  const step = bounds[2] ?? 1
  if (step === 0 || to === undefined) {
    throw new TemplateFault('range needs an end and a step that is not 0')
  }
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (count > LIST_ITEMS_MAX) {
    throw new TemplateFault(`range makes at most ${LIST_ITEMS_MAX} numbers`,
      { code: 'template-limit' })
  }
  return Array.from({ length: count }, (_, i) => BigInt(from + i * step))
}

/** Python's int(). */
export function toInteger(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'bigint') return bare
  if (typeof bare === 'boolean') return BigInt(bare)
  if (typeof bare === 'number' && Number.isFinite(bare)) return BigInt(Math.trunc(bare))
  if (typeof bare === 'string' && /^\s*[+-]?\d{1,90}\s*$/.test(bare)) {
    return BigInt(bare.trim().replace('+', ''))
  }
  throw new TemplateFault(`int() can't read ${repr(bare)}`)
}

function toFloat(value: Value): Value {
  const bare = known(value)
  const number = typeof bare === 'string' && bare.trim() === '' ? NaN
    : typeof bare === 'string' || typeof bare === 'number' || typeof bare === 'bigint'
      ? Number(bare)
    : typeof bare === 'boolean' ? Number(bare) : NaN
  if (Number.isNaN(number)) throw new TemplateFault(`float() can't read ${repr(bare)}`)
  return number
}

/** Python's len(). */
export function lengthOf(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'string') return BigInt([...bare].length)
  if (bare instanceof Dict) return BigInt(bare.entries.size)
  return BigInt(iterable(bare).length)
}

function extreme(call: FunctionCall, sign: number, name: string): Value {
  const items = call.args.length === 1 ? iterable(call.args[0]) : call.args
  if (items.length === 0) throw new TemplateFault(`${name}() of nothing`)
  return items.reduce((best, item) => compare(item, best, name) * sign > 0 ? item : best)
}

function sorted(call: FunctionCall): Value {
  const items = [...iterable(arg(call, 0, 'iterable'))].sort((a, b) => compare(a, b, 'sorted'))
  return truthy(call.named.get('reverse') ?? false) ? items.reverse() : items
}

function sum(call: FunctionCall): Value {
  let total: number | bigint = 0n
  for (const item of iterable(arg(call, 0, 'iterable'))) {
    const value = known(item)
    if (typeof value !== 'bigint' && typeof value !== 'number') {
      throw new TemplateFault(`sum() adds numbers, not ${typeName(value)}`)
    }
    total = typeof total === 'bigint' && typeof value === 'bigint' ? total + value
      : Number(total) + Number(value)
  }
  return total
}

function round(call: FunctionCall): Value {
  const value = known(arg(call, 0, 'number'))
  const digits = Number(toInteger(argOr(call, 1, 'ndigits', 0n)))
  if (typeof value === 'bigint') return value
  if (typeof value !== 'number') throw new TemplateFault(`round() can't round ${typeName(value)}`)
  const scale = 10 ** Math.max(-300, Math.min(300, digits))
  const scaled = value * scale
  // Half goes to the even neighbour, as in Python.
  const whole = Math.abs(scaled % 1) === 0.5 ? 2 * Math.round(scaled / 2) : Math.round(scaled)
  return call.args.length > 1 ? whole / scale : BigInt(whole)
}

function absolute(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'bigint') return bare < 0n ? -bare : bare
  if (typeof bare === 'number') return Math.abs(bare)
  throw new TemplateFault(`abs() can't be applied to ${typeName(bare)}`)
}

/** By name. */
export const PYTHON_FUNCTIONS: Record<string, TemplateFunction> = {
  len: call => lengthOf(arg(call, 0, 'obj')),
  range,
  int: call => toInteger(arg(call, 0, 'x')),
  float: call => toFloat(arg(call, 0, 'x')),
  str: call => toText(arg(call, 0, 'object')),
  // Tinybird's Boolean under another name, 0 or 1: the texts of a request that say no are false.
  bool: call => {
    const value = plain(arg(call, 0, 'x'))
    const given = value === null || value instanceof Missing ? plain(argOr(call, 1, 'default', false)) : value
    const isNo = typeof given === 'string' && /^(0|false)$/i.test(given)
    return isNo || !truthy(given) ? 0n : 1n
  },
  list: call => call.args.length === 0 ? [] : [...iterable(call.args[0])],
  tuple: call => new Tuple(call.args.length === 0 ? [] : iterable(call.args[0])),
  sorted,
  reversed: call => [...iterable(arg(call, 0, 'sequence'))].reverse(),
  min: call => extreme(call, -1, 'min'),
  max: call => extreme(call, 1, 'max'),
  sum,
  abs: call => absolute(arg(call, 0, 'x')),
  round,
  any: call => iterable(arg(call, 0, 'iterable')).some(truthy),
  all: call => iterable(arg(call, 0, 'iterable')).every(truthy),
  enumerate: call => iterable(arg(call, 0, 'iterable')).map((item, i) =>
    new Tuple([BigInt(i) + (toInteger(argOr(call, 1, 'start', 0n)) as bigint), item])),
  zip: call => {
    const lists = call.args.map(iterable)
    const count = lists.length === 0 ? 0 : Math.min(...lists.map(list => list.length))
    return Array.from({ length: count }, (_, i) => new Tuple(lists.map(list => list[i])))
  },
}
