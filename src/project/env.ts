// .env and .env.local to secrets. Part of loading a project. Invariant: values never reach a log or
// a diagnostic.

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/

/** The variables of a .env text. Values may be quoted; in double quotes \n is a newline. */
export function parseEnv(text: string): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const parts = LINE.exec(line)
    if (parts !== null) variables[parts[1]] = envValue(parts[2].trim())
  }
  return variables
}

function envValue(text: string): string {
  const quote = text[0]
  const close = quote === '"' || quote === "'" ? text.lastIndexOf(quote) : -1
  if (close > 0) {
    const inner = text.slice(1, close)
    return quote === '"' ? inner.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') : inner
  }
  return text.replace(/\s+#.*$/, '')
}
