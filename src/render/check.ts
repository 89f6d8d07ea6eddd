// `pipit check`: everything that can be said about a project without running it. Files, templates,
// the grammar of all SQL, the tables that nodes read. Invariant: every file of the project is in
// the answer, also those without findings.

import {
  locateInNode, type Diagnostic, type NodeDef, type Project, type SourceText,
} from '../project/definitions.ts'
import { Findings } from '../project/diagnostics.ts'
import { checkGraph, type NodeTable } from '../project/graph.ts'
import { loadProject, type FileReader } from '../project/load.ts'
import { SqlSyntaxError } from '../sql/errors.ts'
import { parseExpressionList } from '../sql/parse.ts'
import { sourceOf } from './compose.ts'
import { offsetIn, type CompiledNode } from './node-cache.ts'
import { rendererOf } from './render.ts'
import { placeholderTexts } from './renderer.ts'
import type { NodeText } from './slots.ts'
import { TemplateFault } from './values.ts'

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

/** Templates, grammar and tables of a project that was read. */
function checkLoaded(project: Project): readonly Diagnostic[] {
  const findings = new Findings(project.files)
  const renderer = rendererOf(project)
  const texts = new Map<NodeDef, readonly NodeText[]>()
  for (const pipe of project.pipes.values()) {
    for (const node of pipe.nodes) {
      const compiled = renderer.compiledOf(node)
      const rendered = checkTemplate(compiled, findings)
      texts.set(node, rendered)
      checkSyntax(compiled, rendered, findings)
    }
  }
  for (const source of project.datasources.values()) {
    const expressions = [
      source.engine.sortingKey, source.engine.partitionKey, source.engine.primaryKey,
      source.engine.samplingKey, ...source.columns.map(column => column.defaultExpr),
    ]
    for (const text of expressions) {
      if (text !== null) checkExpressions(text, findings)
    }
  }
  const graph =
    checkGraph(project, node => tablesOfNode(renderer.compiledOf(node), texts.get(node) ?? []))
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

// Branches share most of their text: a place is reported once. What is wrong in some branches only
// is a warning: they are taken together here as perhaps no request takes them.
function checkSyntax(
  compiled: CompiledNode, texts: readonly NodeText[], findings: Findings,
): void {
  const { node } = compiled
  const places = new Map<number, { message: string; branchCount: number }>()
  for (const text of texts) {
    const { error } = compiled.shapeOf(text).scan
    // Missing SQL was reported when the file was read.
    if (error === null || text.sql === '') continue
    const offset = sourceOf(text, Math.min(error.at, text.sql.length))
    const known = places.get(offset)
    if (known === undefined) places.set(offset, { message: error.message, branchCount: 1 })
    else known.branchCount += 1
  }
  for (const [offset, { message, branchCount }] of places) {
    const place = locateInNode(node, offset)
    if (branchCount === texts.length) findings.error(place, 'syntax', message)
    else findings.warning(place, 'syntax', `${message} (in some branches of the template)`)
  }
}

/** A key or a default: expressions with commas between them. */
function checkExpressions(source: SourceText, findings: Findings): void {
  try {
    parseExpressionList(source.text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    const lines = source.text.slice(0, error.at).split('\n')
    const column = lines[lines.length - 1].length + (lines.length === 1 ? source.column : 1)
    const place = { file: source.file, line: source.line + lines.length - 1, column }
    findings.error(place, 'syntax', error.message)
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
