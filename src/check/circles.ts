// Materialized views whose rows would come back to the data source that makes them run: they can't run.
// Invariant: the same views are named here as the engine leaves out (engine/views.ts).

import type { MaterializedDef, PipeDef, Project } from '../project/definitions.ts'
import type { Findings } from '../project/diagnostics.ts'
import type { ProjectColumns } from './columns.ts'

type ViewEdge = { readonly def: MaterializedDef; readonly trigger: string; readonly target: string }

/** Names each view of a circle at its DATASOURCE. */
export function checkCircles(project: Project, columns: ProjectColumns, findings: Findings): void {
  const edges = [...project.pipes.values()].flatMap(pipe => edgesOf(pipe, columns))
  const named = new Set<MaterializedDef>()
  for (const { def, trigger, target } of edges) {
    const way = wayBetween(target, trigger, edges)
    if (way === null || named.has(def)) continue
    named.add(def)
    findings.error(def, 'view-circle', 'its rows would make it run again without end: '
      + `${[trigger, ...way].join(' → ')}; let one of these views write to another data source`)
  }
}

const edgesOf = (pipe: PipeDef, columns: ProjectColumns): ViewEdge[] => pipe.materialized.flatMap(def => {
  const node = pipe.nodes.find(candidate => candidate.name === def.node)
  const triggers = node === undefined || def.target === '' ? [] : [...columns.triggersOf(pipe, node)]
  return triggers.map(trigger => ({ def, trigger, target: def.target }))
})

/** The shortest way of rows from one data source to another, both named; null: there is none. */
function wayBetween(from: string, to: string, edges: readonly ViewEdge[]): readonly string[] | null {
  const before = new Map<string, string | null>([[from, null]])
  for (const name of before.keys()) {
    if (name === to) {
      const way = [name]
      for (let at = before.get(name); at !== null && at !== undefined; at = before.get(at)) way.unshift(at)
      return way
    }
    for (const { trigger, target } of edges) if (trigger === name && !before.has(target)) before.set(target, name)
  }
  return null
}
