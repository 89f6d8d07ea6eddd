// `pipit check`: everything that can be said about a project without running it. Files, templates,
// the grammar and types of all SQL, the tables that nodes read, the targets that they fill.
// Invariant: every file of the project is in
// the answer, also those without findings.

import {
  locateInNode, type Diagnostic, type NodeDef, type PipeDef, type Project,
} from '../project/definitions.ts'
import { Findings } from '../project/diagnostics.ts'
import { checkGraph, type NodeTable } from '../project/graph.ts'
import { loadProject, type FileReader } from '../project/load.ts'
import { plainUse } from '../project/versions.ts'
import { sourceOf } from '../render/compose.ts'
import { offsetIn, type CompiledNode } from '../render/node-cache.ts'
import { rendererOf } from '../render/render.ts'
import { placeholderTexts } from '../render/renderer.ts'
import type { NodeText } from '../render/slots.ts'
import { TemplateFault } from '../render/values.ts'
import { checkCircles } from './circles.ts'
import { ProjectColumns } from './columns.ts'
import { reportFaults, type Fault } from './faults.ts'
import { checkKeys } from './keys.ts'
import { misfits } from './targets.ts'

type FileReport = { readonly file: string; readonly diagnostics: readonly Diagnostic[] }

export type ProjectReport = {
  readonly project: Project
  /** One entry per file, in order of their paths. */
  readonly files: readonly FileReport[]
  readonly errorCount: number
  readonly warningCount: number
}

/** Reads and checks a project folder. */
export function checkProject(root: string, files?: FileReader): ProjectReport {
  const { project, diagnostics } = loadProject(root, files)
  const all = [...diagnostics, ...checkLoaded(project)]
  const byFile = new Map<string, Diagnostic[]>([...project.files.keys()].map(file => [file, []]))
  for (const finding of all) {
    const list = byFile.get(finding.file)
    if (list === undefined) byFile.set(finding.file, [finding])
    else list.push(finding)
  }
  const reports = [...byFile].sort(([a], [b]) => a < b ? -1 : 1).map(([file, found]) => ({
    file, diagnostics: found.sort((a, b) => a.line - b.line || a.column - b.column),
  }))
  return {
    project, files: reports, errorCount: all.filter(finding => finding.severity === 'error').length,
    warningCount: all.filter(finding => finding.severity === 'warning').length,
  }
}

/** Templates, grammar, types and tables of a project that was read. */
function checkLoaded(project: Project): readonly Diagnostic[] {
  const findings = new Findings(project.files)
  const renderer = rendererOf(project)
  const texts = new Map<NodeDef, readonly NodeText[]>()
  const nodes = [...project.pipes.values()].flatMap(pipe => pipe.nodes.map(node => ({ pipe, node })))
  for (const { node } of nodes) texts.set(node, checkTemplate(renderer.compiledOf(node), findings))
  const columns = new ProjectColumns(project, node => texts.get(node) ?? [])
  for (const { pipe, node } of nodes) {
    const compiled = renderer.compiledOf(node)
    reportFaults(compiled, texts.get(node) ?? [], text => {
      const syntax = syntaxFault(compiled, text)
      return syntax === null ? columns.faultsOf(pipe, node, text) : [syntax]
    }, findings)
  }
  for (const source of project.datasources.values()) checkKeys(source, findings)
  for (const pipe of project.pipes.values()) checkTargets(project, pipe, columns, findings)
  checkCircles(project, columns, findings)
  const graph =
    checkGraph(project, node => tablesOfNode(renderer.compiledOf(node), texts.get(node) ?? [])
      .map(use => plainUse(project, use)))
  return [...findings.list(), ...graph]
}

function checkTemplate(compiled: CompiledNode, findings: Findings): readonly NodeText[] {
  const { node, template } = compiled
  if (template instanceof TemplateFault) {
    findings.error(locateInNode(node, Math.max(0, template.offset)), template.code,
      template.message)
    return []
  }
  if (template.unmarked) {
    findings.warning(locateInNode(node, Math.max(0, node.sql.search(/\S/))), 'template-mark',
      `node ${node.name} has template tags; its SQL should begin with a line that holds only %`)
  }
  try {
    return placeholderTexts(compiled)
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    findings.error(locateInNode(node, Math.max(0, error.offset)), error.code, error.message)
    return []
  }
}

function syntaxFault(compiled: CompiledNode, text: NodeText): Fault | null {
  const { error } = compiled.shapeOf(text).scan
  // Missing SQL was reported when the file was read.
  if (error === null || text.sql === '') return null
  return { at: error.at, code: 'syntax', message: error.message }
}

/** Rows of materialized and copy nodes against the data source they go to. */
function checkTargets(
  project: Project, pipe: PipeDef, columns: ProjectColumns, findings: Findings,
): void {
  for (const def of [...pipe.materialized, ...(pipe.copy === null ? [] : [pipe.copy])]) {
    const node = pipe.nodes.find(candidate => candidate.name === def.node)
    const target = project.datasources.get(def.target)
    const given = node === undefined ? null : columns.columnsOf(pipe, node)
    if (node === undefined || target === undefined || given === null) continue
    for (const { code, message, isError } of misfits(node.name, given, target, def === pipe.copy)) {
      if (isError) findings.error(def, code, message)
      else findings.warning(def, code, message)
    }
  }
}

/** The tables of all branches, at offsets in the node's SQL. */
function tablesOfNode(compiled: CompiledNode, texts: readonly NodeText[]): readonly NodeTable[] {
  const tables = new Map<string, { table: NodeTable; branches: Set<number> }>()
  for (const [branch, text] of texts.entries()) {
    const shape = compiled.shapeOf(text)
    for (const use of shape.scan.tables) {
      const at = sourceOf(text, offsetIn(shape, text, use.at))
      const key = `${at} ${use.name}`
      const known = tables.get(key)
      if (known === undefined) {
        const end = at + use.end - use.at
        const table = { ...use, at, end, conditional: false }
        tables.set(key, { table, branches: new Set([branch]) })
      } else {
        known.branches.add(branch)
      }
    }
  }
  return [...tables.values()].map(({ table, branches }) =>
    ({ ...table, conditional: branches.size < texts.length }))
}
