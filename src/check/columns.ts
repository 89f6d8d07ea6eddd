// The columns of every node of a project, found by analyzing each rendered text against the columns
// of what it reads: data sources, other pipes, earlier nodes. So a node's errors are found in its own
// text, whatever its branches and those of its sources are.
// Invariant: each node is analyzed once per branch; what reads a node that has no columns (because
// it is wrong itself) is left alone, so that one mistake is reported once.

import type { TableMeta } from '../../storage/face.ts'
import { DataTypeError } from '../../storage/column/parse-type.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import { quarantineOf, tableOf, QUARANTINE_SUFFIX, type WantedTable } from '../engine/tables.ts'
import { analyze, type Catalog } from '../plan/analyze.ts'
import { triggersOf } from '../plan/into-table.ts'
import { QueryError, type OutputColumn } from '../plan/plan.ts'
import type { DatasourceDef, NodeDef, PipeDef, Project } from '../project/definitions.ts'
import { resourceName } from '../project/versions.ts'
import { parseQuery } from '../sql/parse.ts'
import { SqlSyntaxError } from '../sql/errors.ts'
import type { NodeText } from '../render/slots.ts'
import { wrongPatterns } from './constants.ts'
import type { Fault } from './faults.ts'

/** The rendered texts of a node's branches. */
type TextsOf = (node: NodeDef) => readonly NodeText[]

/** Columns, a fault, or neither where what a text reads is not known. `triggers`: the tables, as it names
 * them, whose new rows make it run as a view. */
type Analyzed = {
  readonly columns: readonly OutputColumn[] | null; readonly faults: readonly Fault[]
  readonly triggers: ReadonlySet<string>
}
const NOT_KNOWN: Analyzed = { columns: null, faults: [], triggers: new Set() }

// The analyzer stops at the first error. Unknown names are blanked out and the text is read again, so
// that one run names all of them, up to this many.
const FAULTS_MAX = 10
const NAME_FAULTS: ReadonlySet<string> = new Set(['UNKNOWN_IDENTIFIER', 'UNKNOWN_FUNCTION'])

/** Thrown through the analyzer by a table whose columns are not known. */
class UnknownColumns extends Error {}

/** The tables of a data source; none where a column's type is wrong: that is reported with its place. */
function tablesOf(source: DatasourceDef): WantedTable[] {
  try {
    return [tableOf(source), quarantineOf(source)]
  } catch (error) {
    if (error instanceof DataTypeError) return []
    throw error
  }
}

export class ProjectColumns {
  readonly #project: Project
  readonly #textsOf: TextsOf
  readonly #nodes = new Map<NodeDef, readonly OutputColumn[] | null>()
  readonly #analyzed = new WeakMap<NodeText, Analyzed>()
  readonly #sources = new Map<string, TableMeta>()

  constructor(project: Project, textsOf: TextsOf) {
    this.#project = project
    this.#textsOf = textsOf
    for (const source of project.datasources.values()) {
      for (const table of tablesOf(source)) {
        // Defaults are checked where they stand, not in every node that reads the table.
        const columns = table.columns.map((column, i) => ({ ...column, id: i + 1, defaultExpr: null }))
        this.#sources.set(table.name, { ...table, columns, id: this.#sources.size + 1, schemaVersion: 1 })
      }
    }
  }

  /** The columns that a node gives over all its branches; null: not known. */
  columnsOf(pipe: PipeDef, node: NodeDef): readonly OutputColumn[] | null {
    const known = this.#nodes.get(node)
    if (known !== undefined) return known
    // A node that reads itself through others has no columns; the cycle is reported elsewhere.
    this.#nodes.set(node, null)
    const columns = new Map<string, OutputColumn>()
    const texts = this.#textsOf(node)
    let knownCount = 0
    for (const text of texts) {
      const result = this.#analyze(pipe, node, text)
      if (result.columns === null) continue
      knownCount += 1
      for (const column of result.columns) {
        if (!columns.has(column.name)) columns.set(column.name, column)
      }
    }
    // A branch that no request takes may be wrong: the others tell the columns.
    const all = knownCount === 0 ? null : [...columns.values()]
    this.#nodes.set(node, all)
    return all
  }

  /** Data sources whose new rows make a node run as a view, through the nodes and pipes that it reads. */
  triggersOf(pipe: PipeDef, node: NodeDef, seen: ReadonlySet<NodeDef> = new Set()): ReadonlySet<string> {
    if (seen.has(node)) return new Set()
    const above = new Set([...seen, node])
    const names = this.#textsOf(node).flatMap(text => [...this.#analyze(pipe, node, text).triggers])
    return new Set(names.flatMap(written => {
      const read = this.#nodeNamed(pipe, node, written)
      return read === null ? [resourceName(this.#project, written)] : [...this.triggersOf(read.pipe, read.node, above)]
    }))
  }

  /** What is wrong with a rendered text of a node, as far as it can be known. */
  faultsOf(pipe: PipeDef, node: NodeDef, text: NodeText): readonly Fault[] {
    return this.#analyze(pipe, node, text).faults
  }

  #analyze(pipe: PipeDef, node: NodeDef, text: NodeText): Analyzed {
    let result = this.#analyzed.get(text)
    if (result === undefined) {
      result = this.#analyzeAnew(this.#catalog(pipe, node), text)
      this.#analyzed.set(text, result)
    }
    return result
  }

  #analyzeAnew(catalog: Catalog, text: NodeText): Analyzed {
    const faults: Fault[] = []
    let { sql } = text
    while (faults.length < FAULTS_MAX) {
      const result = analyzed(sql, catalog, text)
      if (!(result instanceof QueryError)) return faults.length === 0 ? result : { ...NOT_KNOWN, faults }
      // What follows from a blanked name is no mistake of the file.
      if (faults.length > 0 && !NAME_FAULTS.has(result.code)) break
      if (faults.some(fault => fault.at === result.at)) break
      faults.push(faultOf(result))
      if (!NAME_FAULTS.has(result.code) || result.end <= result.at) break
      sql = blanked(sql, result)
    }
    return { ...NOT_KNOWN, faults }
  }

  #catalog(pipe: PipeDef, node: NodeDef): Catalog {
    return {
      table: name => this.#table(pipe, node, name),
      tableNames: () => [...this.#sources.keys(), ...this.#project.pipes.keys()]
        .filter(name => !name.endsWith(QUARANTINE_SUFFIX)),
    }
  }

  #table(pipe: PipeDef, node: NodeDef, written: string): TableMeta | null {
    const name = resourceName(this.#project, written)
    const read = this.#nodeNamed(pipe, node, written)
    if (read !== null) return this.#nodeTable(read.pipe === pipe ? written : name, read.pipe, read.node)
    const source = this.#sources.get(name)
    if (source !== undefined) return source
    for (const filler of this.#project.pipes.values()) {
      const view = filler.materialized.find(def => def.target === name)
      const filled = filler.nodes.find(candidate => candidate.name === view?.node)
      if (filled !== undefined) return this.#nodeTable(name, filler, filled)
    }
    // `default.events` is asked for again without what stands before it. Other names with a dot are of
    // service data sources, other workspaces or other releases (v1_0_2.events): not ours to know.
    if (name.startsWith('default.')) return null
    // Unknown names are reported by the graph, which also knows about branches.
    throw new UnknownColumns(name)
  }

  /** The node of this pipe, or of another one, that a name stands for; null: for a data source. */
  #nodeNamed(pipe: PipeDef, node: NodeDef, written: string): { readonly pipe: PipeDef; readonly node: NodeDef } | null {
    const own = pipe.nodes.find(other => other.name === written && other !== node)
    if (own !== undefined) return { pipe, node: own }
    const name = resourceName(this.#project, written)
    const other = this.#sources.has(name) ? undefined : this.#project.pipes.get(name)
    const output = other?.nodes.find(candidate => candidate.name === other.endpointNode)
    return other === undefined || output === undefined ? null : { pipe: other, node: output }
  }

  #nodeTable(name: string, pipe: PipeDef, node: NodeDef): TableMeta {
    const columns = this.columnsOf(pipe, node)
    if (columns === null) throw new UnknownColumns(node.name)
    return {
      name, id: 0, schemaVersion: 1, engine: 'MergeTree', partitionBy: '', sortBy: [],
      ttl: null, settings: {},
      columns: columns.map((column, i) => ({ ...column, id: i + 1, defaultExpr: null })),
    }
  }
}

function analyzed(sql: string, catalog: Catalog, { slots }: NodeText): Analyzed | QueryError {
  try {
    const plan = analyze(parseQuery(sql, { slots }), catalog, slots)
    const { root } = plan
    const columns = root.columns.map(({ name, type }) => ({ name, type: shownTypeName(type) }))
    return { columns, faults: wrongPatterns(plan).map(faultOf), triggers: triggersOf(root) }
  } catch (error) {
    // Grammar is checked before; columns that are not known are somebody else's fault.
    if (error instanceof UnknownColumns || error instanceof SqlSyntaxError) return NOT_KNOWN
    if (error instanceof QueryError) return error
    throw error
  }
}

/** The text with a span made NULL, or 0 where that is too long; all offsets stay. */
function blanked(sql: string, { at, end }: QueryError): string {
  const value = end - at < 4 ? '0' : 'NULL'
  const rest = sql.slice(at + value.length, end).replace(/[^\n]/g, ' ')
  return sql.slice(0, at) + value + rest + sql.slice(end)
}

/** An analyzer's error as a finding: what we do not have yet is no mistake of the file. */
export function faultOf(error: QueryError): Fault {
  const isMild = error.code === 'NOT_IMPLEMENTED' || error.code === 'ACCESS_DENIED' || error.message.startsWith('not supported yet')
  const code = isMild ? 'not-supported-yet' : error.code.toLowerCase().replaceAll('_', '-')
  return { at: error.at, end: error.end, code, message: error.message, isMild }
}
