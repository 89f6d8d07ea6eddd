// Findings about project files: collected, never thrown, so that one run names every error of every
// file. Invariant: each finding points into a file that was read, and carries the line with a
// caret.

import type { Diagnostic, Place, Severity } from './definitions.ts'

/** Takes findings for any number of files; list() gives them in file and line order. */
export class Findings {
  readonly #found: Diagnostic[] = []
  readonly #texts: ReadonlyMap<string, string>

  /** `texts` are the files' texts, for the carets; the map may still grow. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts
  }

  error(place: Place, code: string, message: string): void {
    this.#add(place, 'error', code, message)
  }

  warning(place: Place, code: string, message: string): void {
    this.#add(place, 'warning', code, message)
  }

  #add(place: Place, severity: Severity, code: string, message: string): void {
    const { file, line, column } = place
    const text = this.#texts.get(file)
    const caret = text === undefined ? undefined : caretOf(text, line, column)
    this.#found.push({ file, line, column, severity, message, code, caret })
  }

  list(): Diagnostic[] {
    return [...this.#found].sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column)
  }
}

/** The line of `text` and, below it, a caret under the column (tabs kept, so that it lines up). */
function caretOf(text: string, line: number, column: number): string | undefined {
  const lineText = text.split('\n')[line - 1]?.replace(/\r$/, '')
  if (lineText === undefined || lineText.trim() === '') return undefined
  const pad = lineText.slice(0, column - 1).replace(/[^\t]/g, ' ')
  return `${lineText}\n${pad}^`
}

/** `file:line:column: error: message`, then the line with its caret. */
export function formatDiagnostic(finding: Diagnostic): string {
  const { file, line, column, severity, message, caret } = finding
  const head = `${file}:${line}:${column}: ${severity}: ${message}`
  return caret === undefined ? head : `${head}\n${caret.replace(/^/gm, '  ')}`
}
