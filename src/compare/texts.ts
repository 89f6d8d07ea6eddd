// What the SQL of a project says about its values: texts that columns are compared with, keys that are
// read out of JSON columns. Rows made with these pass the project's own conditions.
// Invariant: a hint is only a hint; a text that is read wrongly costs no more than an odd value.

import type { Project } from '../project/definitions.ts'

export type Hints = {
  /** Texts by column: what SQL compares the column with. */
  readonly texts: ReadonlyMap<string, readonly string[]>
  /** Paths by JSON column, with the function that reads each (`JSONExtractInt`). */
  readonly paths: ReadonlyMap<string, readonly { readonly keys: readonly string[]; readonly reader: string }[]>
}

const COMPARED = /\b([A-Za-z_]\w*)(?:,[^()'=]*)?\)?\s*(?:=|==|!=|<>|like|ilike|not in|in)\s*\(?\s*((?:'[^']*'\s*,?\s*)+)/gi
const READ = /\b((?:simple)?JSON(?:Extract|Has|_VALUE)\w*|visitParam\w+)\(\s*(?:\w+\.)?([A-Za-z_]\w*)\s*,\s*((?:'[^']*'\s*,?\s*)+)/g

const quoted = (list: string): string[] => [...list.matchAll(/'([^']*)'/g)].map(([, text]) => text)

/** Reads all SQL of a project. */
export function hintsOf(project: Project): Hints {
  const texts = new Map<string, string[]>()
  const paths = new Map<string, { keys: string[]; reader: string }[]>()
  for (const pipe of project.pipes.values()) {
    for (const { sql } of pipe.nodes) {
      for (const [, column, list] of sql.matchAll(COMPARED)) {
        texts.set(column, [...texts.get(column) ?? [], ...quoted(list).map((text) => text.replaceAll('%', ''))])
      }
      for (const [, reader, column, list] of sql.matchAll(READ)) {
        // JSONExtract(x, 'key', 'Int32') ends with a type.
        const strings = quoted(list)
        const keys = reader === 'JSONExtract' && strings.length > 1 ? strings.slice(0, -1) : strings
        const typed = reader === 'JSONExtract' && strings.length > 1 ? `JSONExtract${strings.at(-1) ?? ''}` : reader
        const written = reader === 'JSON_VALUE' ? (keys[0] ?? '').split('.').slice(1) : keys
        paths.set(column, [...paths.get(column) ?? [], { keys: written, reader: typed }])
      }
    }
  }
  return { texts, paths }
}
