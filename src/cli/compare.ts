// `pipit compare [DIR]`: the project's SQL here and in ClickHouse, on the same rows.

import { resolve } from 'node:path'
import { chdbHome } from '../compare/home.ts'
import { compareProject, type Comparison } from '../compare/compare.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { fixtureLines } from './fixtures.ts'
import { loadWithout, projectFolder } from './load.ts'
import { CliError, dim, green, print, printRows, red, warn, yellow } from './terminal.ts'

export type CompareVerbOptions = {
  readonly rows: string; readonly seed: string; readonly output: string; readonly verbose?: boolean
}

/** Prints one line a statement and the sums; throws CliError when an answer differs. */
export async function runCompare(dir: string, options: CompareVerbOptions): Promise<void> {
  // What is wrong in one file does not keep the others from being compared.
  const { project, errors } = loadWithout(projectFolder(dir), {}, () => true)
  if (project.pipes.size === 0) return warn(`There are no pipes in ${resolve(dir)}: nothing to compare`)
  for (const error of errors) warn(formatDiagnostic(error))
  const { comparisons, notes } = await compareProject(project, {
    chdbHome: chdbHome(warn), rowCount: Number(options.rows), seed: Number(options.seed), fixtures: fixtureLines(project),
  })
  const isTable = options.output === 'table'
  const colour = { equal: green, different: red, 'not runnable': yellow }
  printRows(['pipe', 'node', 'parameters', 'outcome', 'rows', 'reason'], comparisons.map((one) => [
    one.pipe, one.node, one.parameters, isTable ? colour[one.outcome](one.outcome) : one.outcome, one.rows, one.reason]), options)
  if (options.verbose) comparisons.filter(({ outcome }) => outcome !== 'equal').forEach(showSql)
  for (const note of notes) warn(`${yellow('note:')} ${note}`)
  const count = (outcome: Comparison['outcome']): number => comparisons.filter((one) => one.outcome === outcome).length
  if (isTable) print(`${count('equal')} equal, ${count('different')} different, ${count('not runnable')} not runnable`)
  if (count('equal') < comparisons.length) {
    throw new CliError(options.verbose ? 'Not everything is equal' : 'Not everything is equal; --verbose shows the SQL')
  }
}

function showSql({ pipe, node, reason, sql }: Comparison): void {
  print(`\n${pipe}.${node}: ${reason}\n${dim(sql)}`)
}
