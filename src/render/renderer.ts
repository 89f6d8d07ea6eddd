// Template and parameters to one SQL statement: the seam between a project and whatever runs SQL
// (the embedded engine, or a ClickHouse server). One Renderer per version of a project. Invariant:
// a value of the request is never text of the statement; `slots` name every literal that came from
// one.

import type { NodeDef, PipeDef, Project } from '../project/definitions.ts'
import { locateInNode } from '../project/definitions.ts'
import { resourceName } from '../project/versions.ts'
import {
  Composer, emitStatement, unknownPipe, type ComposeContext, type ResourceUse,
} from './compose.ts'
import { ParameterError, RenderError } from './errors.ts'
import { literalSlots, sharedSlots } from './literal-slots.ts'
import { CompiledNode, keyOf, type ShapeScan } from './node-cache.ts'
import { mergeDocs, type ParamDoc } from './parameter-docs.ts'
import type { BranchChoice, Hints, RequestScope } from './scope.ts'
import type { SourceMap } from './source-map.ts'
import { TemplateFault } from './values.ts'
import type { NodeText, Slot } from './slots.ts'

/** A parameter's value: text, repeated keys as a list, or JSON of a body. */
export type ParamValue = string | number | boolean | bigint | null | readonly unknown[] | object

/** Who asks: what the token adds to every request. */
export type Principal = {
  /** SQL conditions by the name of the data source or pipe that they limit. */
  readonly filters?: Readonly<Record<string, string>>
  /** Parameters that the token sets; the request can't change them. */
  readonly fixedParams?: Readonly<Record<string, ParamValue>>
  readonly claims?: Readonly<Record<string, unknown>>
}

export type RenderRequest = {
  /** A pipe's name, or SQL of the request (which may be a template and name pipes as tables). */
  readonly pipe?: string
  readonly sql?: string
  /** A node of the pipe instead of its endpoint node. */
  readonly node?: string
  /** Names that stand for pipes within `sql`: `{ _: 'top_pages' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, ParamValue>>
  readonly principal?: Principal
  /** Secrets beside the project's own. */
  readonly secrets?: Readonly<Record<string, string>>
}

export type Rendered = {
  /** One ClickHouse statement. */
  readonly sql: string
  /** The literals in `sql` that came from values, in order. */
  readonly slots: readonly Slot[]
  /** Leads from an offset in `sql` back to its file. */
  readonly map: SourceMap
  /** The statement's shape: equal for requests that differ in slots only. For plan caches. */
  readonly key: string
  /** The parameters that the nodes in use declare. */
  readonly params: readonly ParamDoc[]
  /** Data sources, and tables that the project does not know, that the statement reads. */
  readonly tables: readonly string[]
  /** What the request's SQL (or the endpoint's node) names itself: for checks of scopes. */
  readonly uses: readonly ResourceUse[]
  /** What the template asks for: max_threads(), cache_ttl(). */
  readonly hints: Readonly<Hints>
  readonly warnings: readonly string[]
}

const REQUEST_FILE = ''
// Texts of POST /v0/sql whose templates are kept; they are often repeated by dashboards.
const REQUEST_SQL_MAX = 200

/** The parameters of one node and the tables that it names. */
type NodeDocs = { readonly params: readonly ParamDoc[]; readonly tables: readonly string[] }

export class Renderer {
  readonly project: Project
  readonly #compiled = new Map<NodeDef, CompiledNode>()
  /** Kept, as every branch of a template is rendered for it, and a list of data sources asks for all nodes. */
  readonly #nodeDocs = new WeakMap<NodeDef, NodeDocs>()
  readonly #requestNodes = new Map<string, NodeDef>()
  readonly #requestShapes = new Map<string, ShapeScan>()
  /** Statements that are the text of one node as it stands, by its shape: nothing but values differs in others. */
  readonly #alone = new WeakMap<ShapeScan, Alone>()

  constructor(project: Project) {
    this.project = project
  }

  /** Renders a request. Throws ParameterError (400), RenderError (its status). */
  render(request: RenderRequest): Rendered {
    const main = request.pipe === undefined ? null : this.#pipe(request.pipe)
    const node = main === null ? this.#requestNode(request.sql ?? '')
      : this.#node(main, request.node)
    const scope = this.#scope(request)
    const context: ComposeContext = {
      project: this.project, filters: request.principal?.filters ?? {},
      aliases: request.aliases ?? {},
      compiledOf: other => this.compiledOf(other), run: compiled => this.#text(compiled, scope),
    }
    const isPlain = main !== null && request.aliases === undefined && isEmpty(context.filters)
    return isPlain ? this.#renderPlain(main, node, context, scope) : this.#compose(main, node, context, scope)
  }

  /** Renders a node for a token without filters. Where it stands alone, all that its shape decides is known from
   * the call before. */
  #renderPlain(main: PipeDef, node: NodeDef, context: ComposeContext, scope: RequestScope): Rendered {
    const compiled = this.compiledOf(node)
    const text = this.#text(compiled, scope)
    const shape = compiled.shapeOf(text)
    const known = this.#alone.get(shape)
    if (known === undefined) {
      const run: ComposeContext['run'] = other => (other === compiled ? text : context.run(other))
      return this.#compose(main, node, { ...context, run }, scope)
    }
    return new RenderedAlone(known, text, scope)
  }

  #compose(main: PipeDef | null, node: NodeDef, context: ComposeContext, scope: RequestScope): Rendered {
    const composer = new Composer(context, main)
    const units = composer.units(node)
    const filter = main === null ? null : context.filters[main.name] ?? null
    const { sql, slots: own, map } = emitStatement(units, filter)
    const slots = main === null ? sharedSlots(own) : own
    for (const unit of units) {
      const { template } = unit.compiled
      if (template instanceof TemplateFault || !template.unmarked) continue
      const name = unit.node.name || 'the query'
      scope.warnings.push(`${name} has template tags, but its SQL does not begin with %`)
    }
    const rendered: Rendered = {
      sql, slots, map: map.build(main === null ? node : null),
      key: (main === null || filter !== null ? null : keyOfUnits(units)) ?? keyOf(sql, slots),
      params: mergeDocs(units.map(unit => unit.compiled.docs)), tables: [...composer.tables],
      uses: [...composer.uses.values()], hints: scope.hints, warnings: scope.warnings,
    }
    const [unit] = units
    if (main !== null && keyOfUnits(units) !== null && isEmpty(context.filters) && scope.warnings.length === 0) {
      const { key, params, tables, uses } = rendered
      this.#alone.set(unit.shape, { unit, rendered: { key, params, tables, uses } })
    }
    return rendered
  }

  /** All parameters of a pipe, whichever branches its templates may take. */
  describe(pipe: string): readonly ParamDoc[] {
    const seen = new Set<PipeDef>()
    const lists: (readonly ParamDoc[])[] = []
    const visit = (name: string): void => {
      const def = this.project.pipes.get(name)
      if (def === undefined || seen.has(def)) return
      seen.add(def)
      for (const node of def.nodes) {
        const { params, tables } = this.describeNode(node)
        lists.push(params)
        tables.forEach(table => visit(resourceName(this.project, table)))
      }
    }
    visit(this.#pipe(pipe).name)
    return mergeDocs(lists)
  }

  /** What one node says of itself: its own parameters, and the tables that it names (nodes of its pipe included). */
  describeNode(node: NodeDef): NodeDocs {
    let docs = this.#nodeDocs.get(node)
    if (docs === undefined) {
      const compiled = this.compiledOf(node)
      const names = placeholderTextsOrNone(compiled).flatMap(text => compiled.shapeOf(text).scan.tables.map(use => use.name))
      docs = { params: compiled.docs, tables: [...new Set(names)] }
      this.#nodeDocs.set(node, docs)
    }
    return docs
  }

  /** The compiled template of a node of the project. */
  compiledOf(node: NodeDef): CompiledNode {
    let compiled = this.#compiled.get(node)
    if (compiled === undefined) {
      compiled = new CompiledNode(node, node.file === REQUEST_FILE ? this.#requestShapes : undefined)
      this.#compiled.set(node, compiled)
    }
    return compiled
  }

  /** A node's text; literals of a request's own statement are slots where its template made none. */
  #text(compiled: CompiledNode, scope: RequestScope): NodeText {
    const text = runNode(compiled, scope)
    if (compiled.node.file !== REQUEST_FILE || text.slots.length > 0) return text
    const { sql, length, marks } = text
    return { sql, length, marks, slots: literalSlots(sql), pieces: null }
  }

  #pipe(name: string): PipeDef {
    const pipe = this.project.pipes.get(name)
    if (pipe === undefined) throw unknownPipe(this.project, name)
    return pipe
  }

  #node(pipe: PipeDef, name: string | undefined): NodeDef {
    const wanted = name ?? pipe.endpointNode
    const node = pipe.nodes.find(candidate => candidate.name === wanted)
    if (node === undefined) {
      throw new RenderError(`pipe ${pipe.name} has no node ${wanted}`, 404, 'unknown-node', null)
    }
    return node
  }

  #requestNode(sql: string): NodeDef {
    let node = this.#requestNodes.get(sql)
    if (node === undefined) {
      if (this.#requestNodes.size >= REQUEST_SQL_MAX) {
        const [[oldest, old]] = this.#requestNodes
        this.#requestNodes.delete(oldest)
        this.#compiled.delete(old)
      }
      node = {
        name: '', description: '', sql, file: REQUEST_FILE, line: 1, indent: 0, type: 'none',
      }
      this.#requestNodes.set(sql, node)
    }
    return node
  }

  #scope(request: RenderRequest): RequestScope {
    return {
      params: request.params ?? {}, fixedParams: request.principal?.fixedParams ?? {},
      claims: request.principal?.claims ?? {}, forcedBranch: null,
      secrets: request.secrets === undefined ? this.project.secrets
        : { ...this.project.secrets, ...request.secrets },
      hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
    }
  }
}

type Alone = {
  readonly unit: ReturnType<Composer['units']>[number]
  readonly rendered: Pick<Rendered, 'key' | 'params' | 'tables' | 'uses'>
}

const isEmpty = (filters: ComposeContext['filters']): boolean => {
  for (const _ in filters) return false
  return true
}

/** A node that stands alone. Its text is joined, and its map made, when somebody asks. */
class RenderedAlone implements Rendered {
  readonly key: string
  readonly params: Rendered['params']
  readonly tables: Rendered['tables']
  readonly uses: Rendered['uses']
  readonly slots: readonly Slot[]
  readonly hints: Readonly<Hints>
  readonly warnings: readonly string[]
  readonly #unit: Alone['unit']
  readonly #text: NodeText
  #map: SourceMap | null = null

  constructor({ unit, rendered }: Alone, text: NodeText, { hints, warnings }: RequestScope) {
    this.key = rendered.key
    this.params = rendered.params
    this.tables = rendered.tables
    this.uses = rendered.uses
    this.slots = text.slots
    this.hints = hints
    this.warnings = warnings
    this.#unit = unit
    this.#text = text
  }

  get sql(): string { return this.#text.sql }

  get map(): SourceMap {
    return this.#map ??= emitStatement([{ ...this.#unit, text: this.#text }], null).map.build(null)
  }
}

/** The key of a statement that is the text of one node as it stands; null: it is not. */
function keyOfUnits(units: ReturnType<Composer['units']>): string | null {
  const [{ edits, shape }] = units
  return units.length === 1 && edits.length === 0 ? shape.key : null
}

function runNode(compiled: CompiledNode, scope: RequestScope): NodeText {
  const { template, node } = compiled
  try {
    if (template instanceof TemplateFault) throw template
    return template.run(scope)
  } catch (error) {
    throw error instanceof TemplateFault ? toRenderError(error, node) : error
  }
}

/** A fault of a node's template, with its place. */
function toRenderError(fault: TemplateFault, node: NodeDef): RenderError {
  const place = node.file === REQUEST_FILE ? null : locateInNode(node, Math.max(0, fault.offset))
  if (fault.parameter !== null) {
    return new ParameterError(fault.message, fault.code, place, fault.parameter)
  }
  return new RenderError(fault.message, fault.status, fault.code, place, fault.body)
}

// A template that can't be rendered at all still has a description.
function placeholderTextsOrNone(compiled: CompiledNode): readonly NodeText[] {
  try {
    return placeholderTexts(compiled)
  } catch (error) {
    if (error instanceof TemplateFault) return []
    throw error
  }
}

/** A node's text for each branch of its template, with placeholders for parameters: what can be
 * checked without a request. Throws TemplateFault for what is wrong without any request. */
export function placeholderTexts(compiled: CompiledNode): readonly NodeText[] {
  const { template } = compiled
  if (template instanceof TemplateFault) return []
  return Array.from({ length: template.branchCount }, (_, branch) => template.run({
    params: {}, fixedParams: {}, secrets: {}, claims: {}, forcedBranch: branch,
    hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
  }))
}

/** The same for one choice of branches; null where that can't be rendered. */
export function placeholderText(compiled: CompiledNode, choice: BranchChoice): NodeText | null {
  const { template } = compiled
  if (template instanceof TemplateFault) return null
  try {
    return template.run({
      params: {}, fixedParams: {}, secrets: {}, claims: {}, forcedBranch: choice,
      hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
    })
  } catch (error) {
    if (error instanceof TemplateFault) return null
    throw error
  }
}
