// The values of template expressions: a small part of Python. Read by operators.ts, methods.ts,
// functions.ts; written to SQL by writer.ts. Invariant: whole numbers are bigint and floats number,
// so that 64-bit parameters stay exact and `10 / 2` is a float as in Python.

/** A Python value. Lists are arrays; None is null. */
export type Value =
  | null | boolean | bigint | number | string
  | Value[] | Tuple | Dict | Typed | Missing | Fragment

/** `(a, b)`. */
export class Tuple {
  readonly items: readonly Value[]
  constructor(items: readonly Value[]) {
    this.items = items
  }
}

/** `{'a': 1}` and JSON objects. Keys are strings; order is kept. */
export class Dict {
  readonly entries: Map<string, Value>
  constructor(entries: Map<string, Value>) {
    this.entries = entries
  }
}

/** What a parameter's value becomes in SQL: its type, and the value checked against it. */
export class Typed {
  /** The slot's type: `Int32`, `String`, `DateTime`, ... */
  readonly type: string
  readonly value: string | number | bigint | boolean
  /** True for secrets: the value must not be logged. */
  readonly secret: boolean
  constructor(type: string, value: string | number | bigint | boolean, secret = false) {
    this.type = type
    this.value = value
    this.secret = secret
  }
}

/** A parameter that the request does not have and that has no default. It may be asked about
 * (`defined(x)`, `x == 'a'`), not used. */
export class Missing {
  readonly name: string
  /** The type it was asked for with; null where it was used bare. */
  readonly type: string | null
  /** `defined=False`: may be left out silently where a function allows it. */
  readonly optional: boolean
  constructor(name: string, type: string | null, optional = false) {
    this.name = name
    this.type = type
    this.optional = optional
  }
}

/** SQL made by a function (column(), symbol(), sql_and()): strings are SQL text, safe by
 * construction; everything else is written as a literal. */
export class Fragment {
  readonly parts: readonly (string | Literal)[]
  constructor(parts: readonly (string | Literal)[]) {
    this.parts = parts
  }
}

/** A value within a Fragment that is to be written as a literal. */
export class Literal {
  readonly value: Value
  constructor(value: Value) {
    this.value = value
  }
}

/** A parameter that a fault is about. */
export type FaultyParameter = {
  readonly name: string
  readonly type: string
  readonly value: string
}

/** What is wrong with a template or a request, before its place in a file is known. `offset` is in
 * the node's SQL, -1: where the statement that runs begins. `body`: JSON text, the whole answer. */
export class TemplateFault extends Error {
  readonly offset: number
  readonly code: string
  readonly status: number
  readonly parameter: FaultyParameter | null
  readonly body: string | null
  constructor(message: string, options: {
    offset?: number; code?: string; status?: number; parameter?: FaultyParameter; body?: string
  } = {}) {
    super(message)
    this.offset = options.offset ?? -1
    this.code = options.code ?? 'template'
    this.status = options.status ?? 400
    this.parameter = options.parameter ?? null
    this.body = options.body ?? null
  }
}

/** A fault for a parameter that is needed and not there. */
export function missingFault(missing: Missing): TemplateFault {
  const type = missing.type ?? 'String'
  return new TemplateFault(
    `The parameter ${missing.name} (${type}) is required and missing: ` +
    `add ${missing.name}=… to the request or give it a default in the template`,
    { code: 'missing-parameter', parameter: { name: missing.name, type, value: '' } })
}

/** The value without its type: what operators work on. */
export function plain(value: Value): Value {
  return value instanceof Typed ? value.value : value
}

/** A JSON value (of a request body, of JSON(...)) as a template value. */
export function fromJson(json: unknown): Value {
  if (json === null || json === undefined) return null
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json
  if (typeof json === 'string' || typeof json === 'boolean' || typeof json === 'bigint') return json
  if (Array.isArray(json)) return json.map(fromJson)
  return new Dict(new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)])))
}

/** Longest text of a list or dict. */
const LISTED_CHARS_MAX = 2_000_000

/** The texts of items, unless that is too much: lists may hold each other many times over. */
function listed<T>(items: readonly T[], textOf: (item: T) => string): string {
  let text = ''
  items.forEach((item, i) => {
    text += i === 0 ? textOf(item) : `, ${textOf(item)}`
    if (text.length > LISTED_CHARS_MAX) throw new TemplateFault('the template makes a text that is too large', { code: 'template-limit' })
  })
  return text
}

/** A template value as JSON text. */
export function toJson(value: Value): string {
  const bare = plain(value)
  if (bare === null || bare instanceof Missing) return 'null'
  if (typeof bare === 'bigint') return String(bare)
  if (Array.isArray(bare)) return `[${listed(bare, toJson)}]`
  if (bare instanceof Tuple) return `[${listed(bare.items, toJson)}]`
  if (bare instanceof Dict) {
    return `{${listed([...bare.entries], ([key, item]) => `${JSON.stringify(key)}: ${toJson(item)}`)}}`
  }
  return bare instanceof Fragment ? 'null' : JSON.stringify(bare)
}

/** Python's truth: empty and zero are false, and so is a parameter that is missing. */
export function truthy(value: Value): boolean {
  const bare = plain(value)
  if (typeof bare === 'boolean') return bare
  if (bare === null || bare instanceof Missing) return false
  if (typeof bare === 'string') return bare !== ''
  if (typeof bare === 'bigint') return bare !== 0n
  if (typeof bare === 'number') return bare !== 0
  if (Array.isArray(bare)) return bare.length > 0
  if (bare instanceof Tuple) return bare.items.length > 0
  return bare instanceof Dict ? bare.entries.size > 0 : true
}

/** Python's name of a value's type, for error texts. */
export function typeName(value: Value): string {
  const bare = plain(value)
  if (bare === null) return 'None'
  if (typeof bare === 'string') return 'str'
  if (typeof bare === 'bigint') return 'int'
  if (typeof bare === 'number') return 'float'
  if (typeof bare === 'boolean') return 'bool'
  if (Array.isArray(bare)) return 'list'
  if (bare instanceof Tuple) return 'tuple'
  return bare instanceof Dict ? 'dict' : 'SQL'
}

/** Python's str(). */
export function toText(value: Value): string {
  const bare = plain(value)
  if (typeof bare === 'string') return bare
  if (bare instanceof Missing) throw missingFault(bare)
  return repr(bare)
}

/** Python's repr(). */
export function repr(value: Value): string {
  const bare = plain(value)
  if (bare === null) return 'None'
  if (typeof bare === 'boolean') return bare ? 'True' : 'False'
  if (typeof bare === 'bigint') return String(bare)
  if (typeof bare === 'number') return floatText(bare)
  if (typeof bare === 'string') return `'${bare.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`
  if (Array.isArray(bare)) return `[${listed(bare, repr)}]`
  if (bare instanceof Tuple) {
    return bare.items.length === 1 ? `(${repr(bare.items[0])},)`
      : `(${listed(bare.items, repr)})`
  }
  if (bare instanceof Dict) {
    return `{${listed([...bare.entries], ([key, item]) => `${repr(key)}: ${repr(item)}`)}}`
  }
  return bare instanceof Missing ? 'None' : 'SQL'
}

/** A float as Python and ClickHouse write it: with a point, so that it stays a float. */
export function floatText(value: number): string {
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}
