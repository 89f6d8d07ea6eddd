// The JSON paths of a schema: `$.a.b[:].c` in steps.

/** Keys from the row's object to the value, then, behind a `[:]`, the keys within every element.
 * `elements` null: the path has no `[:]`. */
export type JsonPath = { readonly keys: readonly string[]; readonly elements: readonly string[] | null }

/** Keys that a path may have: what the kernel descends without a limit of its own. */
const KEYS_MAX = 64

/** Reads `$`, `$.a`, `$.a.b`, `$.a[:]`, `$.a[:].b`, `$['a']`. Throws with what was expected. */
export function parseJsonPath(text: string): JsonPath {
  const path = text.trim().replace(/^json:/, '')
  if (!path.startsWith('$')) throw new Error(`JSON path ${text}: expected $ at its start`)
  const keys: string[] = []
  let elements: string[] | null = null
  let at = 1
  while (at < path.length) {
    if (path.startsWith('[:]', at)) {
      if (elements !== null) {
        throw new Error(`JSON path ${text}: only one [:] is supported; read the outer array as JSON`)
      }
      elements = []
      at += 3
      continue
    }
    const key = parseKey(path, at)
    if (key === null) throw new Error(`JSON path ${text}: expected .key, ['key'] or [:] at ${at + 1}`)
    ;(elements ?? keys).push(key.name)
    at = key.end
  }
  if (keys.length > KEYS_MAX) throw new Error(`JSON path ${text}: more than ${KEYS_MAX} keys`)
  return { keys, elements }
}

const DOTTED = /^\.([^.[\]]+)/
const BRACKETED = /^\.?\[(?:'([^']*)'|"([^"]*)")\]/

function parseKey(path: string, at: number): { name: string; end: number } | null {
  const rest = path.slice(at)
  const found = DOTTED.exec(rest) ?? BRACKETED.exec(rest)
  return found === null ? null : { name: found[1] ?? found[2], end: at + found[0].length }
}
