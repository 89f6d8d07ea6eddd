// Who reads whom: pipes, their nodes, data sources. Finds unknown tables and cycles over the whole
// project. Runs after loadProject(), with the tables of each node handed in, because they come from
// the SQL (the seam to the parser and, later, the analyzer). Invariant: every finding points at the
// name in the node's SQL.

import {
  locateInNode, type CopyDef, type Diagnostic, type MaterializedDef, type NodeDef, type PipeDef, type Project,
} from './definitions.ts'
import { Findings } from './diagnostics.ts'
import { nearestName } from '../sql/suggest.ts'
import type { TableUse } from './tables.ts'

/** A table that a node's SQL names, at offsets in `node.sql`. `conditional`: only in some branches
 * of its template. */
export type NodeTable = TableUse & { readonly conditional: boolean }
type NodeTables = (node: NodeDef, pipe: PipeDef) => readonly NodeTable[]

/** One edge: this pipe (or its materialized target) needs that resource. */
type Dependency = { readonly node: NodeDef; readonly use: TableUse }

/** For each pipe, the data sources and other pipes that its nodes read. */
export function dependenciesOf(
  project: Project, tablesOfNode: NodeTables,
): Map<string, Map<string, Dependency>> {
  const graph = new Map<string, Map<string, Dependency>>()
  for (const pipe of project.pipes.values()) {
    const edges = new Map<string, Dependency>()
    for (const node of pipe.nodes) {
      for (const use of tablesOfNode(node, pipe)) {
        if (isOwnNode(pipe, node, use.name)) continue
        if (!edges.has(use.name)) edges.set(use.name, { node, use })
      }
    }
    graph.set(pipe.name, edges)
  }
  return graph
}

/** Unknown tables, nodes that read later nodes or themselves, and cycles between pipes. */
export function checkGraph(project: Project, tablesOfNode: NodeTables): Diagnostic[] {
  const findings = new Findings(project.files)
  const targets = new Set([...project.pipes.values()]
    .flatMap(pipe => pipe.materialized.map(def => def.target)))
  for (const pipe of project.pipes.values()) {
    for (const node of pipe.nodes) {
      for (const use of tablesOfNode(node, pipe)) {
        checkUse(project, targets, pipe, node, use, findings)
      }
    }
    checkTargets(project, targets, pipe, findings)
  }
  reportCycles('pipes', dependenciesOf(project, tablesOfNode), findings)
  for (const pipe of project.pipes.values()) reportCycles('nodes', nodesRead(pipe, tablesOfNode), findings)
  return findings.list()
}

const isOwnNode = (pipe: PipeDef, node: NodeDef, name: string): boolean =>
  name !== node.name && pipe.nodes.some(other => other.name === name)

const isResource = (project: Project, targets: ReadonlySet<string>, name: string): boolean =>
  project.datasources.has(name) || project.pipes.has(name) || targets.has(name) ||
  (name.endsWith('_quarantine') && project.datasources.has(name.slice(0, -'_quarantine'.length)))

function checkUse(
  project: Project, targets: ReadonlySet<string>, pipe: PipeDef, node: NodeDef, use: NodeTable,
  findings: Findings,
): void {
  const { name } = use
  if (isOwnNode(pipe, node, name) || isResource(project, targets, name)) return
  const place = locateInNode(node, use.at)
  if (name === node.name) {
    findings.error(place, 'self-reference', `node ${node.name} reads itself`)
    return
  }
  // `x IN name` may be a column; `database.table` is a service or shared data source.
  if (use.context === 'in' || name.includes('.')) return
  const known = [...project.datasources.keys(), ...project.pipes.keys(), ...targets,
    ...pipe.nodes.map(other => other.name).filter(other => other !== node.name)]
  const near = nearestName(name, known)
  const message = near === null
    ? `unknown table ${name}; expected a data source, a pipe or a node of this pipe`
    : `unknown table ${name}; did you mean ${near}?`
  // A branch that is never taken may name what does not exist; calls that take it will fail.
  if (use.conditional) findings.warning(place, 'unknown-table', message)
  else findings.error(place, 'unknown-table', message)
}

/** No pipe that fills the target names an engine for it. */
const isMadeUnasked = (project: Project, target: string): boolean =>
  [...project.pipes.values()].every(pipe => pipe.materialized.every(def => def.target !== target || def.engine === null))

/** Classic makes the data source that a materialized node names; a near name is more likely meant. */
function reportMade(def: MaterializedDef | CopyDef, near: string | null, findings: Findings): void {
  const missing = `the target data source ${def.target} has no .datasource file`
  if (near !== null) findings.error(def, 'unknown-target', `${missing}; did you mean ${near}?`)
  else findings.warning(def, 'made-target', `${missing}: it is made with the columns of its query`)
}

function checkTargets(
  project: Project, targets: ReadonlySet<string>, pipe: PipeDef, findings: Findings,
): void {
  const used = [...pipe.materialized, ...(pipe.copy === null ? [] : [pipe.copy])]
  for (const def of used) {
    if (def.target === '' || project.datasources.has(def.target)) continue
    const near = nearestName(def.target, project.datasources.keys())
    if (targets.has(def.target)) {
      if (isMadeUnasked(project, def.target)) reportMade(def, near, findings)
      continue
    }
    findings.error(def, 'unknown-target', near === null
      ? `the target data source ${def.target} has no .datasource file`
      : `the target data source ${def.target} has no .datasource file; did you mean ${near}?`)
  }
}

/** For each node of a pipe, the other nodes that it always reads. */
function nodesRead(pipe: PipeDef, tablesOfNode: NodeTables): Map<string, Map<string, Dependency>> {
  return new Map(pipe.nodes.map((node) => [node.name, new Map(tablesOfNode(node, pipe)
    .filter((use) => !use.conditional && isOwnNode(pipe, node, use.name))
    .map((use) => [use.name, { node, use }] as const))]))
}

// Depth-first over pipes, or over the nodes of one; a cycle is named once, where it closes.
function reportCycles(
  what: string, graph: ReadonlyMap<string, ReadonlyMap<string, Dependency>>, findings: Findings,
): void {
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return
    for (const [next, { node, use }] of graph.get(name) ?? []) {
      if (!graph.has(next)) continue
      const at = [...path, name].indexOf(next)
      if (at < 0) {
        visit(next, [...path, name])
      } else {
        const cycle = [...path, name].slice(at).concat(next).join(' → ')
        findings.error(locateInNode(node, use.at), 'cycle',
          `${what} read each other in a circle: ${cycle}`)
      }
    }
    done.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
}
