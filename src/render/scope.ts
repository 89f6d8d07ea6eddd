// What an expression can see while a template runs: the request's parameters, the names that the
// template sets, secrets, claims, and the budget. One per rendered node. Invariant: a fixed
// parameter (of a token) always wins over the request's.

import { listedParameter, type ParameterType } from './parameters.ts'
import { fromJson, Missing, TemplateFault, type Value } from './values.ts'

// Passes through loops and comprehensions in one node, and how long they may take: a template is run on the thread
// that answers everybody, and whoever may send SQL may send one.
const STEPS_MAX = 200_000
const LOOPS_MS_MAX = 2000
// Characters, and bytes of lists, that the expressions of one node make: a list may keep them all.
const MADE_MAX = 2 ** 28
const ITEM_BYTES = 8

/** What a template asks of the engine besides SQL. */
export type Hints = { maxThreads: number | null; cacheSeconds: number | null }

/** Which branch the `if` at an offset of the template takes; taken modulo its branches. */
export type BranchChoice = (at: number) => number

/** The request's side of a rendering; shared by all nodes of a statement. */
export type RequestScope = {
  readonly params: Readonly<Record<string, unknown>>
  readonly fixedParams: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
  readonly claims: Readonly<Record<string, unknown>>
  /** Checking: missing parameters get a value of their type, errors of the template are not raised,
   * and every `if` takes branch `forcedBranch` (modulo its branches), or the one that the function
   * names for the `if` at an offset. Null: a real request. */
  readonly forcedBranch: number | BranchChoice | null
  readonly hints: Hints
  readonly warnings: string[]
}

/** Names and budget of one node's template. */
export class Scope {
  readonly request: RequestScope
  /** Parameters that the template declares as arrays, with the type of their elements. */
  readonly #arrays: ReadonlyMap<string, ParameterType>
  /** Those that were asked for: loops ask for theirs again and again, and what a template appends stays. */
  readonly #lists = new Map<string, Value>()
  readonly #locals = new Map<string, Value>()
  #stepCount = 0
  #loopsBegan = 0
  #made = 0
  /** Offset of the statement that runs, for faults that know no better place. */
  at = 0

  constructor(request: RequestScope, arrays: ReadonlyMap<string, ParameterType> = new Map()) {
    this.request = request
    this.#arrays = arrays
  }

  get placeholders(): boolean {
    return this.request.forcedBranch !== null
  }

  /** The value of a name: set by the template, else a parameter (a list where it is declared as one), else
   * Missing. */
  get(name: string): Value {
    const local = this.#locals.get(name)
    if (local !== undefined) return local
    const type = this.#arrays.get(name)
    if (type === undefined) return this.parameter(name)
    let list = this.#lists.get(name)
    if (list === undefined) this.#lists.set(name, list = listedParameter(type, this.parameter(name)))
    return list
  }

  /** The value of a name as the request has it, for the call that gives it a type. */
  given(name: string): Value {
    return this.#locals.get(name) ?? this.parameter(name)
  }

  parameter(name: string): Value {
    const { fixedParams, params, claims } = this.request
    const raw = Object.hasOwn(fixedParams, name) ? fixedParams[name]
      : Object.hasOwn(params, name) ? params[name] : undefined
    if (typeof raw === 'string') return raw
    if (raw !== undefined && raw !== null) return fromJson(raw)
    if (name === 'claims') return fromJson(claims)
    // Python's constants in the spelling of JSON: `required=true` occurs.
    if (name === 'true' || name === 'false') return name === 'true'
    return new Missing(name, null)
  }

  set(name: string, value: Value): void {
    this.#locals.set(name, value)
  }

  /** Counts one pass of a loop. */
  step(): void {
    if (this.#stepCount++ === 0) this.#loopsBegan = performance.now()
    if (this.#stepCount > STEPS_MAX) {
      throw new TemplateFault(`the template's loops run more than ${STEPS_MAX} times`,
        { code: 'template-limit' })
    }
    if ((this.#stepCount & 15) === 0 && performance.now() - this.#loopsBegan > LOOPS_MS_MAX) {
      throw new TemplateFault(`the template's loops take more than ${LOOPS_MS_MAX / 1000} seconds`, { code: 'template-limit' })
    }
  }

  /** Counts what an expression has made, and answers it. */
  made(value: Value): Value {
    if (typeof value === 'string') this.#made += value.length
    else if (Array.isArray(value)) this.#made += value.length * ITEM_BYTES
    if (this.#made > MADE_MAX) throw new TemplateFault('the template makes too many long texts and lists', { code: 'template-limit' })
    return value
  }
}
