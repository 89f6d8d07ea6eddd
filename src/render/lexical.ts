// Where in SQL's lexical grammar a position is: in plain SQL, in a quote, in a comment. writer.ts
// asks before it writes a value: a literal is a literal only in plain SQL. Invariant: the states
// here are those of ClickHouse's lexer, so a value can never end a quote or comment that the
// template opened.

export const PLAIN = 0
export const IN_STRING = 1
const IN_BACKTICKS = 2
const IN_DOUBLE_QUOTES = 3
export const IN_LINE_COMMENT = 4
export const IN_BLOCK_COMMENT = 5
/** After a backslash within a quote: what follows would be escaped. */
export const AFTER_BACKSLASH = 6
/** Within or after `$tag$` or a typographic quote: where it ends depends on what opened it, so no
 * value may follow. */
export const AFTER_HEREDOC = 7
const STATE_COUNT = 8

/** A piece of a template's text; remembers where each state leads. */
export class TextChunk {
  readonly text: string
  /** Offset of the text in the node's SQL. */
  readonly at: number
  readonly #after = new Int8Array(STATE_COUNT).fill(-1)

  /** Without spaces before it. */
  readonly begun: string

  constructor(text: string, at: number) {
    this.text = text
    this.at = at
    this.begun = text.trimStart()
  }

  /** The state after this text, begun in `state`. */
  after(state: number): number {
    let next = this.#after[state]
    if (next < 0) {
      next = advance(state, this.text)
      this.#after[state] = next
    }
    return next
  }
}

/** The state after `text`, begun in `state`. */
export function advance(state: number, text: string): number {
  let now = state
  let i = 0
  while (i < text.length) {
    switch (now) {
      case PLAIN: {
        const opened = openedAt(text, i)
        now = opened.state
        i = opened.next
        break
      }
      case IN_LINE_COMMENT:
        if (text[i] === '\n') now = PLAIN
        i += 1
        break
      case IN_BLOCK_COMMENT:
        if (text.startsWith('*/', i)) {
          now = PLAIN
          i += 2
        } else i += 1
        break
      case IN_STRING: case IN_BACKTICKS: case IN_DOUBLE_QUOTES:
        if (text[i] === '\\') {
          // A backslash at the very end escapes what comes next; which quote it was in is lost, and
          // that is fine: no value is written there.
          if (i + 1 === text.length) return AFTER_BACKSLASH
          i += 2
        } else {
          // A doubled quote closes and opens again: the same state.
          if (text[i] === QUOTES[now]) now = PLAIN
          i += 1
        }
        break
      default:
        return now
    }
  }
  return now
}

const QUOTES = ['', "'", '`', '"']

function openedAt(text: string, i: number): { state: number; next: number } {
  const char = text[i]
  if (char === "'") return { state: IN_STRING, next: i + 1 }
  if (char === '`') return { state: IN_BACKTICKS, next: i + 1 }
  if (char === '"') return { state: IN_DOUBLE_QUOTES, next: i + 1 }
  if (text.startsWith('--', i)) return { state: IN_LINE_COMMENT, next: i + 2 }
  if (text.startsWith('/*', i)) return { state: IN_BLOCK_COMMENT, next: i + 2 }
  if (char === '#' && (text[i + 1] === ' ' || text[i + 1] === '!')) {
    return { state: IN_LINE_COMMENT, next: i + 2 }
  }
  // ClickHouse reads typographic quotes as quotes.
  if (char === '\u2018' || char === '\u201c') return { state: AFTER_HEREDOC, next: text.length }
  if (char === '$' && /^\$[A-Za-z0-9_]*\$/.test(text.slice(i, i + 66))) {
    return { state: AFTER_HEREDOC, next: text.length }
  }
  return { state: PLAIN, next: i + 1 }
}
