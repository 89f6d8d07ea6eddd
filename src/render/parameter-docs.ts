// What a template declares: the parameters, read from its tree without running it. For endpoints'
// descriptions, OpenAPI and typed clients. Invariant: one entry per name, in order of appearance.

import type { Call, Expr } from './expression-tree.ts'
import { PARAMETER_TYPES, type ParameterType } from './parameters.ts'
import type { TemplateNode } from './template-tree.ts'
import { repr, type Value } from './values.ts'

/** One parameter of an endpoint. */
export type ParamDoc = {
  readonly name: string
  /** The type as called (`Int32`, `Array(String)`, `JSON`, `column`); String where it is used
   * bare. */
  readonly type: string
  /** As text; null where there is none or it is no constant. */
  readonly default: string | null
  /** `required=True`. Without a default a parameter may be needed even so. */
  readonly required: boolean
  readonly description: string
  readonly enum: readonly string[] | null
  readonly format: string | null
  readonly example: string | null
}

/** The parameters of a template. Names that the template sets itself are left out. */
export function parameterDocs(nodes: readonly TemplateNode[]): ParamDoc[] {
  const collector = new DocCollector()
  collector.nodes(nodes)
  return collector.list()
}

/** The parameters that a template declares as arrays, with the type of their elements. */
export function arrayParameters(nodes: readonly TemplateNode[]): ReadonlyMap<string, ParameterType> {
  const arrays = new Map<string, ParameterType>()
  for (const { name, type } of parameterDocs(nodes)) {
    const element = PARAMETER_TYPES.get(/^Array\((.*)\)$/.exec(type)?.[1] ?? '')
    if (element !== undefined) arrays.set(name, element)
  }
  return arrays
}

/** Several templates' parameters as one list; a typed declaration wins over a bare use. */
export function mergeDocs(lists: readonly (readonly ParamDoc[])[]): readonly ParamDoc[] {
  if (lists.length === 1) return lists[0]
  const merged = new Map<string, ParamDoc>()
  for (const doc of lists.flat()) {
    const known = merged.get(doc.name)
    merged.set(doc.name, known === undefined ? doc : richer(known, doc))
  }
  return [...merged.values()]
}

const BARE = 'String'

function richer(first: ParamDoc, second: ParamDoc): ParamDoc {
  return {
    name: first.name,
    type: first.type === BARE ? second.type : first.type,
    default: first.default ?? second.default,
    required: first.required || second.required,
    description: first.description || second.description,
    enum: first.enum ?? second.enum,
    format: first.format ?? second.format,
    example: first.example ?? second.example,
  }
}

const NAMING: ReadonlySet<string> = new Set(['column', 'columns', 'symbol', 'Symbol', 'Column', 'table', 'TABLE'])
// Names in expressions that are no parameters.
const NOT_PARAMETERS: ReadonlySet<string> = new Set(['claims', 'true', 'false'])

class DocCollector {
  readonly #docs = new Map<string, ParamDoc>()
  readonly #locals = new Set<string>()

  list(): ParamDoc[] {
    return [...this.#docs.values()]
  }

  nodes(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      switch (node.kind) {
        case 'value':
          this.#expr(node.expr)
          break
        case 'set':
          this.#expr(node.value)
          node.targets.forEach(target => this.#locals.add(target))
          break
        case 'if':
          for (const branch of node.branches) {
            if (branch.condition !== null) this.#expr(branch.condition)
            this.nodes(branch.body)
          }
          break
        case 'for':
          this.#expr(node.list)
          node.targets.forEach(target => this.#locals.add(target))
          this.nodes([...node.body, ...node.orElse])
          break
        case 'while':
          this.#expr(node.condition)
          this.nodes([...node.body, ...node.orElse])
          break
        case 'try':
          this.nodes(node.body)
          if (node.caught?.name) this.#locals.add(node.caught.name)
          this.nodes([...node.caught?.body ?? [], ...node.orElse, ...node.last])
          break
      }
    }
  }

  #add(doc: ParamDoc): void {
    if (this.#locals.has(doc.name) || NOT_PARAMETERS.has(doc.name)) return
    const known = this.#docs.get(doc.name)
    this.#docs.set(doc.name, known === undefined ? doc : richer(known, doc))
  }

  #expr(expr: Expr): void {
    switch (expr.kind) {
      case 'name':
        this.#add(bareDoc(expr.name))
        break
      case 'call':
        this.#call(expr)
        break
      case 'comprehension':
        this.#expr(expr.list)
        expr.targets.forEach(target => this.#locals.add(target))
        this.#expr(expr.item)
        if (expr.condition !== null) this.#expr(expr.condition)
        break
      default:
        childrenOf(expr).forEach(child => this.#expr(child))
    }
  }

  #call(call: Call): void {
    const [first, ...rest] = call.args
    const typed = PARAMETER_TYPES.has(call.name) || call.name === 'Array' || call.name === 'JSON'
    if (first?.kind === 'name' && (typed || NAMING.has(call.name))) {
      this.#add(typed ? typedDoc(first.name, call) : { ...bareDoc(first.name), type: call.name,
        default: constantText(call.args[1] ?? call.named.get('default')) })
    } else if (first !== undefined) {
      this.#expr(first)
    }
    // `Array(ids, String)` names a type, `fn=sum` a function: no parameters.
    const skipsNames = typed || NAMING.has(call.name)
    for (const expr of [...rest, ...call.named.values()]) {
      if (!(skipsNames && expr.kind === 'name')) this.#expr(expr)
    }
  }
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'list': case 'tuple': return expr.items
    case 'dict': return expr.entries.flat()
    case 'not': case 'negate': return [expr.value]
    case 'attribute': return [expr.self]
    case 'and': case 'or': case 'arithmetic': return [expr.left, expr.right]
    case 'compare': return expr.operands
    case 'choice': return [expr.condition, expr.yes, expr.no]
    case 'method': return [expr.self, ...expr.args]
    case 'index': return [expr.self, expr.key]
    case 'slice': return [expr.self, expr.from, expr.to, expr.step].filter(part => part !== null)
    default: return []
  }
}

const bareDoc = (name: string): ParamDoc => ({
  name, type: BARE, default: null, required: false, description: '', enum: null, format: null,
  example: null,
})

function typedDoc(name: string, call: Call): ParamDoc {
  const array = call.name === 'Array'
  const second = call.args[1]
  const isType = array && second?.kind === 'constant' && PARAMETER_TYPES.has(String(second.value))
  const fallback = call.named.get('default') ??
    (array && (isType || call.args.length > 2) ? call.args[2] : second)
  const choices = call.named.get('enum')
  const named = (key: string): string | null => constantText(call.named.get(key))
  const type = !array ? call.name
    : `Array(${isType && second.kind === 'constant' ? String(second.value) : 'String'})`
  const required = call.named.get('required')
  return {
    name, type, default: constantText(fallback),
    required: required?.kind === 'constant' && required.value === true ||
      (required?.kind === 'name' && required.name === 'true'),
    description: named('description') ?? '',
    enum: choices?.kind === 'list' || choices?.kind === 'tuple'
      ? choices.items.map(item => constantText(item) ?? '') : null,
    format: named('format'), example: named('example'),
  }
}

function constantText(expr: Expr | undefined): string | null {
  if (expr === undefined) return null
  if (expr.kind === 'negate') {
    const text = constantText(expr.value)
    return text === null ? null : `-${text}`
  }
  if (expr.kind === 'list' || expr.kind === 'tuple') {
    const items = expr.items.map(constantText)
    return items.includes(null) ? null : items.join(',')
  }
  if (expr.kind !== 'constant') return null
  const value: Value = expr.value
  return value === null ? null : typeof value === 'string' ? value : repr(value)
}
