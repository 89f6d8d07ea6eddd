// `pipit check`: everything that can be said about a project without running it. Files, templates,
// the tables that nodes read, and (with a parser handed in) the grammar of all SQL. Invariant:
// every file of the project is in the answer, also those without findings.

import {
  locateInNode, type Diagnostic, type NodeDef, type Project, type SourceText,
} from '../project/definitions.ts'
import { Findings } from '../project/diagnostics.ts'
import { checkGraph, type NodeTable } from '../project/graph.ts'
import { loadProject, type FileReader } from '../project/load.ts'
import { sourceOf } from './compose.ts'
import { offsetIn, type CompiledNode } from './node-cache.ts'
import { rendererOf } from './render.ts'
import { placeholderTexts } from './renderer.ts'
import type { NodeText } from './slots.ts'
import { TemplateFault } from './values.ts'

/** What is wrong with the grammar of a statement, or null. `at` is an offset in `sql`. */
export type SyntaxCheck = (sql: string) => { readonly message: string; readonly at: number } | null

type FileReport = { readonly file: string; readonly diagnostics: readonly Diagnostic[] }

export type ProjectReport = {
  readonly project: Project
  /** One entry per file, in order of their paths. */
  readonly files: readonly FileReport[]
  readonly errorCount: number
  readonly warningCount: number
}

const acceptAll: SyntaxCheck = () => null

/** Reads and checks a project folder. */
export function checkProject(
  root: string, options: { readonly files?: FileReader; readonly syntax?: SyntaxCheck } = {},
): ProjectReport {
  const { project, diagnostics } = loadProject(root, options.files)
  const all = [...diagnostics, ...checkLoaded(project, options.syntax ?? acceptAll)]
  const byFile = new Map<string, Diagnostic[]>([...project.files.keys()].map(file => [file, []]))
  for (const finding of all) {
    const list = byFile.get(finding.file)
    if (list === undefined) byFile.set(finding.file, [finding])
    else list.push(finding)
  }
  const files = [...byFile].sort(([a], [b]) => a < b ? -1 : 1).map(([file, found]) => ({
    file, diagnostics: found.sort((a, b) => a.line - b.line || a.column - b.column),
  }))
  return {
    project, files, errorCount: all.filter(finding => finding.severity === 'error').length,
    warningCount: all.filter(finding => finding.severity === 'warning').length,
  }
}

/** Templates, grammar and tables of a project that was read. */
function checkLoaded(
  project: Project, syntax: SyntaxCheck = acceptAll,
): readonly Diagnostic[] {
  const findings = new Findings(project.files)
  const renderer = rendererOf(project)
  const texts = new Map<NodeDef, readonly NodeText[]>()
  for (const pipe of project.pipes.values()) {
    for (const node of pipe.nodes) {
      const compiled = renderer.compiledOf(node)
      const rendered = checkTemplate(compiled, findings)
      texts.set(node, rendered)
      checkSyntax(node, rendered, syntax, findings)
    }
  }
  for (const source of project.datasources.values()) {
    const expressions = [
      source.engine.sortingKey, source.engine.partitionKey, source.engine.primaryKey,
      source.engine.samplingKey, ...source.columns.map(column => column.defaultExpr),
    ]
    for (const text of expressions) {
      if (text !== null) checkExpression(text, syntax, findings)
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

// Branches share most of their text: a place is reported once.
function checkSyntax(
  node: NodeDef, texts: readonly NodeText[], syntax: SyntaxCheck, findings: Findings,
): void {
  const seen = new Set<number>()
  for (const text of texts) {
    const wrong = text.sql === '' ? null : syntax(text.sql)
    if (wrong === null) continue
    const offset = sourceOf(text, Math.min(wrong.at, text.sql.length))
    if (seen.has(offset)) continue
    seen.add(offset)
    findings.error(locateInNode(node, offset), 'syntax', wrong.message)
  }
}

function checkExpression(source: SourceText, syntax: SyntaxCheck, findings: Findings): void {
  const before = 'SELECT '
  const wrong = syntax(before + source.text)
  if (wrong === null) return
  const offset = Math.max(0, wrong.at - before.length)
  const lines = source.text.slice(0, offset).split('\n')
  const column = lines[lines.length - 1].length + (lines.length === 1 ? source.column : 1)
  findings.error({ file: source.file, line: source.line + lines.length - 1, column }, 'syntax',
    wrong.message)
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
