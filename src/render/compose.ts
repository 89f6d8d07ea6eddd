// Nodes to one statement: renders the nodes that the endpoint's node needs, gives each its name in
// WITH, puts token filters around data sources. renderer.ts runs one Composer per request.
// Invariant: the node asked for stands last and as it is, so its ORDER BY and LIMIT hold.

import {
  locateInNode, NAME_PATTERN, type NodeDef, type PipeDef, type Project,
} from '../project/definitions.ts'
import { didYouMean } from '../sql/suggest.ts'
import type { Prewhere, TableUse } from '../project/tables.ts'
import { plainUse } from '../project/versions.ts'
import type { SqlSyntaxError } from '../sql/errors.ts'
import { RenderError } from './errors.ts'
import { quoteIdentifier } from './functions.ts'
import { offsetIn, type CompiledNode, type ShapeScan } from './node-cache.ts'
import { SourceMapBuilder } from './source-map.ts'
import type { NodeText, Slot } from './slots.ts'

/** A node of this statement. `pipe` null: the request's own SQL. */
type Unit = {
  readonly node: NodeDef
  readonly pipe: PipeDef | null
  readonly compiled: CompiledNode
  readonly text: NodeText
  readonly shape: ShapeScan
  readonly name: string
  readonly edits: readonly Edit[]
}

/** Replaces `text.sql.slice(at, end)`. */
type Edit = { readonly at: number; readonly end: number; readonly text: string }

/** A resource that SQL names. `table`: one that the project does not know (a service data source, a
 * quarantine, a mistake). */
export type ResourceUse = {
  readonly name: string
  readonly kind: 'datasource' | 'pipe' | 'table'
}

/** What the composer asks its renderer for. */
export type ComposeContext = {
  readonly project: Project
  readonly compiledOf: (node: NodeDef) => CompiledNode
  readonly run: (compiled: CompiledNode) => NodeText
  /** SQL conditions by data source or pipe, of the caller's token. */
  readonly filters: Readonly<Record<string, string>>
  /** Names that stand for pipes in the request's own SQL: `_`. */
  readonly aliases: Readonly<Record<string, string>>
}

/** What a use of a table means. */
type Target =
  | { readonly kind: 'node'; readonly node: NodeDef; readonly pipe: PipeDef }
  | { readonly kind: 'table' }

export class Composer {
  readonly #context: ComposeContext
  readonly #main: PipeDef | null
  readonly #units = new Map<NodeDef, Unit>()
  readonly #open = new Set<NodeDef>()
  readonly #names = new Set<string>()
  /** Data sources and tables of the engine that the statement reads. */
  readonly tables = new Set<string>()
  /** What the first node names itself: what its caller must be allowed to read. */
  readonly uses = new Map<string, ResourceUse>()

  constructor(context: ComposeContext, main: PipeDef | null) {
    this.#context = context
    this.#main = main
  }

  /** Renders `node` and what it needs; the units in order, `node` last. */
  units(node: NodeDef): readonly Unit[] {
    this.#visit(node, this.#main)
    return [...this.#units.values()]
  }

  #visit(node: NodeDef, pipe: PipeDef | null): Unit {
    const known = this.#units.get(node)
    if (known !== undefined) return known
    if (this.#open.has(node)) {
      const message = `node ${node.name} of pipe ${pipe?.name ?? ''} reads itself in a circle`
      throw new RenderError(message, 400, 'cycle', locateInNode(node, 0))
    }
    const first = this.#open.size === 0
    this.#open.add(node)
    const compiled = this.#context.compiledOf(node)
    const text = this.#context.run(compiled)
    const shape = compiled.shapeOf(text)
    if (shape.scan.error !== null) throw syntaxError(shape.scan.error, node, pipe, text)
    if (first) {
      // The node's own WITH is merged with ours: its names are taken.
      for (const own of shape.scan.ownNames) this.#names.add(own)
      if (pipe === null) this.#refuseHidden(shape.scan.hidden)
    }
    const name = this.#nameFor(node, pipe, first)
    const edits: Edit[] = []
    for (const written of shape.scan.tables) {
      const use = plainUse(this.#context.project, written)
      if (first) this.#note(use, pipe)
      edits.push(...this.#resolve(use, written.name, { node, pipe, text, shape }))
    }
    const sorted = inOrder(edits)
    this.#open.delete(node)
    const unit = { node, pipe, compiled, text, shape, name, edits: sorted }
    this.#units.set(node, unit)
    return unit
  }

  #note(use: TableUse, pipe: PipeDef | null): void {
    const { project, aliases } = this.#context
    const name = pipe === null && Object.hasOwn(aliases, use.name) ? aliases[use.name]
      : this.#datasourceOf(use.name)
    const kind = project.datasources.has(name) ? 'datasource'
      : project.pipes.has(name) ? 'pipe' : 'table'
    // The right side of IN is a table only where one has that name.
    if (kind === 'table' &&
      (use.context === 'in' || pipe?.nodes.some(node => node.name === name))) return
    this.uses.set(name, { name, kind })
  }

  // What stands for a resource in WITH could be read as the resource by one reader and not by
  // another: a caller must be allowed to read it, and may not take its filter off that way.
  #refuseHidden(hidden: readonly string[]): void {
    const { project } = this.#context
    for (const name of hidden) {
      if (this.#filterOf(name) !== null) {
        throw new RenderError(`the name ${name} in WITH hides a table that the token filters; ` +
          'give it another name', 400, 'hidden-table', null)
      }
      if (project.datasources.has(name)) this.uses.set(name, { name, kind: 'datasource' })
      else if (project.pipes.has(name)) this.uses.set(name, { name, kind: 'pipe' })
    }
  }

  // A node's own name where nothing else has it: it is what the user's SQL calls it. The node of
  // another pipe is called as that pipe; a name in use gets the pipe's name before it.
  #nameFor(node: NodeDef, pipe: PipeDef | null, first: boolean): string {
    if (first || pipe === null) return node.name
    const { project } = this.#context
    const isOutput = pipe !== this.#main && node.name === pipe.endpointNode
    let name = isOutput ? pipe.name : node.name
    const taken = (candidate: string): boolean => this.#names.has(candidate) ||
      project.datasources.has(candidate) || (project.pipes.has(candidate) &&
        !(pipe === this.#main && candidate === pipe.name))
    if (!isOutput && taken(name)) {
      name = `${pipe.name}__${node.name}`
      for (let i = 2; taken(name); i++) name = `${pipe.name}__${node.name}_${i}`
    }
    this.#names.add(name)
    return name
  }

  /** `written`: the name as the text has it, which is also what its columns are qualified with. */
  #resolve(
    use: TableUse, written: string, { node, pipe, text, shape }: Pick<Unit, 'node' | 'pipe' | 'text' | 'shape'>,
  ): readonly Edit[] {
    if (use.context === 'joinGet') return this.#lookUp(use, written, text, shape)
    const target = this.#targetOf(use, node, pipe)
    const filter = target.kind === 'table' || target.pipe !== pipe ? this.#filterOf(use.name) : null
    const name = target.kind === 'node' ? this.#visit(target.node, target.pipe).name : use.name
    const isTable = use.context === 'from' || this.#context.project.datasources.has(use.name)
    if (target.kind === 'table' && isTable) this.tables.add(use.name)
    if (name === written && filter === null) return []
    const move = (offset: number): number => offsetIn(shape, text, offset)
    const alias = use.hasAlias || use.context === 'in' ? '' : ` AS ${identifier(this.#datasourceOf(written))}`
    if (filter === null) {
      return [{ at: move(use.at), end: move(use.end), text: identifier(name) + alias }]
    }
    const edits = use.prewhere === null ? [] : prewhereEdits(use.prewhere, move)
    const at = move(use.at)
    const end = move(use.end)
    const table = target.kind === 'node' || use.name !== written ? identifier(name) : text.sql.slice(at, end)
    if (use.modifiers === null) {
      const query = `(SELECT * FROM ${table} WHERE (${filter}))${alias}`
      return [{ at, end, text: query }, ...edits]
    }
    // FINAL and SAMPLE are of the table, not of the subquery around it.
    const modifiers = { at: move(use.modifiers.at), end: move(use.modifiers.end) }
    const inner = `${table} ${text.sql.slice(modifiers.at, modifiers.end)}`
    const query = `(SELECT * FROM ${inner} WHERE (${filter}))${alias}`
    return [{ at, end, text: query }, { ...modifiers, text: '' }, ...edits]
  }

  /** joinGet's table, which no filter can stand around. */
  #lookUp(use: TableUse, written: string, text: NodeText, shape: ShapeScan): readonly Edit[] {
    if (this.#filterOf(use.name) !== null) {
      throw new RenderError(`joinGet reads all rows of ${use.name}, which the token filters; write a JOIN instead`,
        400, 'hidden-table', null)
    }
    this.tables.add(use.name)
    return use.name === written ? []
      : [{ at: offsetIn(shape, text, use.at), end: offsetIn(shape, text, use.end), text: identifier(use.name) }]
  }

  #filterOf(name: string): string | null {
    const { filters, aliases, project } = this.#context
    const resource = Object.hasOwn(aliases, name) ? aliases[name] : this.#datasourceOf(name)
    if (Object.hasOwn(filters, resource)) return filters[resource]
    return project.datasources.has(resource) ? filters['*'] ?? null : null
  }

  /** `default.events` is `events`, unless a data source has that very name: as the engine takes it. */
  #datasourceOf(name: string): string {
    const { datasources } = this.#context.project
    const last = name.slice(name.lastIndexOf('.') + 1)
    return !datasources.has(name) && datasources.has(last) ? last : name
  }

  #targetOf(use: TableUse, node: NodeDef, pipe: PipeDef | null): Target {
    const { project, aliases } = this.#context
    const sibling = pipe?.nodes.find(other => other.name === use.name && other !== node)
    if (sibling !== undefined && pipe !== null) return { kind: 'node', node: sibling, pipe }
    if (project.datasources.has(use.name)) return { kind: 'table' }
    const other = project.pipes.get(pipe === null && Object.hasOwn(aliases, use.name)
      ? aliases[use.name] : use.name)
    const output = other?.nodes.find(candidate => candidate.name === other.endpointNode)
    if (other === undefined || output === undefined) return { kind: 'table' }
    return { kind: 'node', node: output, pipe: other }
  }
}

// Several filtered tables of one SELECT ask for the same edits of its PREWHERE.
function inOrder(edits: readonly Edit[]): readonly Edit[] {
  if (edits.length < 2) return edits
  const sorted = [...edits].sort((a, b) => a.at - b.at || a.end - b.end)
  return sorted.filter((edit, i) => i === 0 ||
    edit.at !== sorted[i - 1].at || edit.end !== sorted[i - 1].end)
}

/** `PREWHERE a WHERE b` as `WHERE (a) AND (b)`. */
function prewhereEdits(prewhere: Prewhere, move: (offset: number) => number): readonly Edit[] {
  const replace = (span: { at: number; end: number }, text: string): Edit =>
    ({ at: move(span.at), end: move(span.end), text })
  if (prewhere.where === null) return [replace(prewhere.keyword, 'WHERE')]
  return [
    replace(prewhere.keyword, 'WHERE ('), replace(prewhere.where, ') AND ('),
    replace({ at: prewhere.end, end: prewhere.end }, ')'),
  ]
}

function syntaxError(
  error: SqlSyntaxError, node: NodeDef, pipe: PipeDef | null, text: NodeText,
): RenderError {
  const offset = sourceOf(text, error.at)
  const place = locateInNode(node, offset)
  if (pipe !== null) return new RenderError(error.message, 400, 'syntax', place)
  const { line, column } = place
  return new RenderError(`${error.message} (line ${line}, column ${column})`, 400, 'syntax', null)
}

/** A name as SQL writes it: in backticks only where it needs them. */
export const identifier = (name: string): string =>
  NAME_PATTERN.test(name) ? name : quoteIdentifier(name)

/** The statement that emitStatement() wrote. */
export type Statement = {
  readonly sql: string
  readonly slots: readonly Slot[]
  readonly map: SourceMapBuilder
}

/** Writes the units as one statement, the last one last. `outerFilter` is a condition over its
 * whole result. */
export function emitStatement(units: readonly Unit[], outerFilter: string | null): Statement {
  const emitter = new Emitter()
  const last = units[units.length - 1]
  const { scan } = last.shape
  const end = last.text.sql.length
  const start = offsetIn(last.shape, last.text, scan.start)
  if (outerFilter !== null) {
    const name = identifier(last.name === '' ? 'query' : last.name)
    emitter.unit(last, 0, start)
    emitter.text('WITH ')
    emitter.named(units.slice(0, -1), true)
    emitter.text(`${name} AS (\n`)
    emitter.unit(last, start, end)
    emitter.text(`\n)\nSELECT * FROM ${name} WHERE (${outerFilter})`)
  } else if (units.length === 1) {
    emitter.unit(last, 0, end)
  } else if (scan.afterWith >= 0) {
    const afterWith = offsetIn(last.shape, last.text, scan.afterWith)
    emitter.unit(last, 0, afterWith)
    emitter.text(' ')
    emitter.named(units.slice(0, -1), true)
    emitter.unit(last, afterWith, end)
  } else {
    emitter.unit(last, 0, start)
    emitter.text('WITH ')
    emitter.named(units.slice(0, -1), false)
    // ClickHouse takes no bracket right after WITH.
    const bracket = scan.firstWord === '('
    if (bracket) emitter.text('SELECT * FROM (\n')
    emitter.unit(last, start, end)
    if (bracket) emitter.text('\n)')
  }
  return emitter.statement()
}

class Emitter {
  #sql = ''
  readonly #slots: Slot[] = []
  readonly #map = new SourceMapBuilder()

  statement(): Statement {
    return { sql: this.#sql, slots: this.#slots, map: this.#map }
  }

  text(text: string): void {
    this.#sql += text
  }

  /** `a AS (…),\nb AS (…)` and a comma or a newline. */
  named(units: readonly Unit[], comma: boolean): void {
    units.forEach((unit, i) => {
      this.#map.add(this.#sql.length, unit.node, 0, 0)
      this.#sql += `${identifier(unit.name)} AS (\n`
      this.unit(unit, 0, unit.text.sql.length)
      this.#sql += comma || i < units.length - 1 ? '\n),\n' : '\n)\n'
    })
  }

  /** `unit`'s SQL from `from` to `to`, with its edits. */
  unit(unit: Unit, from: number, to: number): void {
    let at = from
    for (const edit of unit.edits) {
      if (edit.at < from || edit.end > to) continue
      this.#range(unit, at, edit.at)
      this.#map.add(this.#sql.length, unit.node, sourceOf(unit.text, edit.at), 0)
      this.#sql += edit.text
      at = edit.end
    }
    this.#range(unit, at, to)
  }

  #range(unit: Unit, from: number, to: number): void {
    if (to <= from) return
    const { sql, slots, marks } = unit.text
    const shift = this.#sql.length - from
    this.#map.add(this.#sql.length, unit.node, sourceOf(unit.text, from), linearAt(unit.text, from))
    for (let i = 0; i < marks.length; i += 3) {
      if (marks[i] > from && marks[i] < to) {
        this.#map.add(marks[i] + shift, unit.node, marks[i + 1], marks[i + 2])
      }
    }
    for (const slot of slots) {
      if (slot.start < from || slot.end > to) continue
      this.#slots.push(shift === 0 ? slot
        : { ...slot, start: slot.start + shift, end: slot.end + shift })
    }
    this.#sql += from === 0 && to === sql.length ? sql : sql.slice(from, to)
  }
}

// The mark that covers an offset of a node's rendered text.
function markAt(text: NodeText, offset: number): number {
  let at = 0
  while (at + 3 < text.marks.length && text.marks[at + 3] <= offset) at += 3
  return at
}

/** The offset in the node's SQL that an offset of its rendered text came from. */
export function sourceOf(text: NodeText, offset: number): number {
  const { marks } = text
  if (marks.length === 0) return 0
  const at = markAt(text, offset)
  return marks[at + 1] + (marks[at + 2] === 1 ? offset - marks[at] : 0)
}

const linearAt = (text: NodeText, offset: number): number =>
  text.marks.length === 0 ? 0 : text.marks[markAt(text, offset) + 2]

/** The error for a pipe or node that is not there. */
export function unknownPipe(project: Project, name: string): RenderError {
  return new RenderError(`there is no pipe ${name}${didYouMean(name, project.pipes.keys())}`,
    404, 'unknown-pipe', null)
}
