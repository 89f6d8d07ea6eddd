// Errors of the SQL text: a sentence with the place, and the nearest word for a misspelt one.
// Invariant: `at` and `end` are offsets into the parsed text, so that a caller can lead them back to
// a file's line; describePosition() gives line, column and caret for the text itself.

/** The text is not a query that we read. `expected` is a noun phrase, as in `expected FROM`. */
export class SqlSyntaxError extends Error {
  readonly at: number
  readonly end: number
  readonly expected: string

  /** `message` is a whole sentence without the position: each caller knows its own coordinates. */
  constructor(message: string, at: number, end: number, expected: string) {
    super(message)
    this.name = 'SqlSyntaxError'
    this.at = at
    this.end = end
    this.expected = expected
  }
}

export interface Position {
  /** Both count from 1; the column counts UTF-16 units. */
  readonly line: number
  readonly column: number
  /** The line of the text, and under it a caret at the column. */
  readonly caret: string
}

// A line of minified SQL may be endless: the caret shows this many characters on each side.
const CARET_SIDE_MAX = 60

/** Leads an offset in `text` to its line and column, with the line and a caret to show. */
export function describePosition(text: string, at: number): Position {
  const offset = Math.max(0, Math.min(at, text.length))
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const newline = text.indexOf('\n', offset)
  const lineEnd = newline < 0 ? text.length : newline
  let line = 1
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++
  const from = Math.max(lineStart, offset - CARET_SIDE_MAX)
  const until = Math.min(lineEnd, offset + CARET_SIDE_MAX)
  const shown = text.slice(from, until).replace(/\r$/, '')
  // Tabs stay tabs in front of the caret, so that both lines are equally wide on a terminal.
  const blanks = text.slice(from, offset).replace(/[^\t]/g, ' ')
  return { line, column: offset - lineStart + 1, caret: `${shown}\n${blanks}^` }
}

/**
 * The candidate nearest to `word` (letters' case aside) within a third of its length, at most two
 * edits (an exchange of neighbours is one edit: FORM is near FROM); null when none is near.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toUpperCase()
  let best: string | null = null
  let bestDistance = Math.min(2, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toUpperCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Damerau-Levenshtein distance in its restricted form (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replaced, previous[j] + 1, current[j - 1] + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, beforePrevious[j - 2] + 1)
      }
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]
}
