// `pipit fmt [PATH…]`: project files in their one layout.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatDatafile } from '../project/format.ts'
import type { FileKind } from '../project/keywords.ts'
import { green, print, red, UsageError } from './terminal.ts'

const EXTENSION = /\.(datasource|pipe|connection|incl)$/

/** The project files at and below a path. */
function filesAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`There is no file or folder ${path}`)
  if (!stat.isDirectory()) return EXTENSION.test(path) ? [path] : []
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
    const inner = join(path, entry.name)
    return entry.isDirectory() ? filesAt(inner) : EXTENSION.test(entry.name) ? [inner] : []
  }).sort()
}

export function runFmt(paths: readonly string[], options: { diff?: boolean; check?: boolean }): void {
  const files = [...new Set((paths.length === 0 ? ['.'] : paths).flatMap(filesAt))]
  let changed = 0
  let unreadable = 0
  for (const file of files) {
    const before = readFileSync(file, 'utf8')
    const after = formatDatafile(EXTENSION.exec(file)?.[1] as FileKind, before)
    if (after === null) {
      unreadable++
      print(`${file}: not formatted, it has errors; pipit check names them`)
    } else if (after !== before) {
      changed++
      if (options.diff === true) print(`--- ${file}\n+++ ${file}\n${differences(before, after)}`)
      else print(options.check === true ? `${file}: would change` : `${file}: formatted`)
      if (options.diff !== true && options.check !== true) writeFileSync(file, after)
    }
  }
  if (changed === 0 && unreadable === 0) print(`${green('ok')}: ${files.length} files`)
  if (unreadable > 0 || (options.check === true && changed > 0)) process.exitCode = 1
}

/** Lines that go and lines that come, by the longest common run of lines. */
function differences(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1])
    }
  }
  const lines: string[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) {
      lines.push(red(`-${a[i++]}`))
    } else {
      lines.push(green(`+${b[j++]}`))
    }
  }
  return lines.join('\n')
}
