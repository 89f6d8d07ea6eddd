// INCLUDE "file.incl" "NAME=value": the other file's instructions in place of this one. Part of
// loading. Invariant: included instructions keep the places of the file that holds them; a file
// that includes itself is reported, not followed.

import { posix } from 'node:path'
import { readItems, type Item } from './datafile.ts'
import type { Findings } from './diagnostics.ts'
import type { FileKind } from './keywords.ts'

// Includes of includes; real projects have one level.
const INCLUDE_DEPTH_MAX = 8
const ARGUMENT = /"([^"]*)"|'([^']*)'|(\S+)/g

/** What expandIncludes() needs: the texts of all .incl files by path from the project's root. */
type IncludeFiles = ReadonlyMap<string, string>

/** `items` with every INCLUDE replaced by what it includes. */
export function expandIncludes(
  items: readonly Item[], kind: FileKind, files: IncludeFiles, findings: Findings,
  chain: readonly string[] = [],
): Item[] {
  return items.flatMap(item => {
    if (item.keyword !== 'INCLUDE') return [item]
    const [target = '', ...bindings] =
      [...item.value.matchAll(ARGUMENT)].map(m => m[1] ?? m[2] ?? m[3])
    const path = findInclude(target, item.place.file, files)
    if (path === null) {
      findings.error(item.valuePlace, 'missing-include',
        `the included file ${target} is not in the project`)
      return []
    }
    if (chain.includes(path) || chain.length >= INCLUDE_DEPTH_MAX) {
      findings.error(item.valuePlace, 'circular-include', `${target} includes itself`)
      return []
    }
    const text = substitute(files.get(path) ?? '', bindings)
    const inner = readItems(kind, path, text, findings)
    return expandIncludes(inner, kind, files, findings, [...chain, path])
  })
}

// Paths count from the file, as written; Classic also counted from the root. Last chance: the name.
function findInclude(target: string, from: string, files: IncludeFiles): string | null {
  const name = target.endsWith('.incl') ? target : `${target}.incl`
  const besides = posix.normalize(posix.join(posix.dirname(from), name))
  const below = posix.normalize(name)
  if (files.has(besides)) return besides
  if (files.has(below)) return below
  const base = posix.basename(name)
  const same = [...files.keys()].filter(path => posix.basename(path) === base)
  return same.length === 1 ? same[0] : null
}

// `$NAME` and `${NAME}` stand for the values given beside the file's name.
function substitute(text: string, bindings: readonly string[]): string {
  let result = text
  for (const binding of bindings) {
    const equals = binding.indexOf('=')
    if (equals < 1) continue
    const name = binding.slice(0, equals).replace(/[^A-Za-z0-9_]/g, '')
    const value = binding.slice(equals + 1)
    result = result.replace(new RegExp(`\\$\\{${name}\\}|\\$${name}\\b`, 'g'), () => value)
  }
  return result
}
