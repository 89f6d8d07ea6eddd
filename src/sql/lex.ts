// Text to tokens, the first step of parsing. Comments and blanks are dropped here.
// Invariant: tokens cover the text in order without overlap and end with one END token; what a token
// says in words stands in `texts` (keywords in capitals), its spelling in text.slice(start, end).
import { SqlSyntaxError } from './errors.ts'

export const END = 0
/** A bare word: keyword or name. Its text is in capitals. */
export const WORD = 1
/** A name in backquotes or double quotes. */
export const QUOTED = 2
export const NUMBER = 3
/** A string in any spelling: quotes, heredoc, hexadecimal, binary. */
export const STRING = 4
/** An operator or bracket; its text is the operator itself. */
export const MARK = 5

/** Tokens as parallel arrays; all have the same length. */
export interface Tokens {
  readonly kinds: number[]
  readonly texts: string[]
  readonly starts: number[]
  readonly ends: number[]
}

const MARKS_3 = new Set(['<=>'])
const MARKS_2 = new Set(['->', '==', '!=', '<>', '<=', '>=', '||', '::', '@@'])
const MARKS_1 = new Set('()[]{},.;:?+-*/%=<>^'.split(''))

// Numbers as ClickHouse's lexer cuts them; an underscore may stand between two digits.
const NUMBER_PATTERN = new RegExp(
  [
    String.raw`0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*(?:\.(?:[0-9a-fA-F]+)?)?(?:[pP][+-]?\d+)?`,
    String.raw`0[bB][01]+(?:_[01]+)*`,
    String.raw`(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+)?`,
  ].join('|'),
  'y',
)
const DIGITS_PATTERN = /\d+/y
const WORD_PATTERN = /[\w$]+/y
const BLANK_PATTERN = /\s+/y
const HEREDOC_PATTERN = /\$\w*\$/y

/** Cuts `text` into tokens. Throws SqlSyntaxError for an unclosed quote or a stray character. */
export function tokenize(text: string): Tokens {
  const lexer = new Lexer(text)
  while (lexer.next());
  return lexer.tokens
}

/** The same up to the first character that is none of SQL; END stands there only when all is. */
export function tokenizeUntilFault(text: string): Tokens {
  const lexer = new Lexer(text)
  try {
    while (lexer.next());
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
  }
  return lexer.tokens
}

class Lexer {
  readonly tokens: Tokens = { kinds: [], texts: [], starts: [], ends: [] }
  private readonly text: string
  private offset = 0

  constructor(text: string) {
    this.text = text
  }

  /** Adds one token; false after END. */
  next(): boolean {
    this.skipBlanks()
    const { text, offset } = this
    if (offset >= text.length) {
      this.add(END, '', offset)
      return false
    }
    const code = text.charCodeAt(offset)
    if (isDigit(code)) this.number()
    else if (isWordCode(code)) this.word()
    else if (code === 0x27) this.quoted(STRING, "'", "'")
    else if (code === 0x60) this.quoted(QUOTED, '`', 'a name in backquotes')
    else if (code === 0x22) this.quoted(QUOTED, '"', 'a name in double quotes')
    else if (code === 0x2e && this.dotStartsNumber()) this.number()
    else this.mark()
    return true
  }

  private add(kind: number, tokenText: string, end: number): void {
    this.tokens.kinds.push(kind)
    this.tokens.texts.push(tokenText)
    this.tokens.starts.push(this.offset)
    this.tokens.ends.push(end)
    this.offset = end
  }

  private matchEnd(pattern: RegExp): number {
    pattern.lastIndex = this.offset
    return pattern.test(this.text) ? pattern.lastIndex : this.offset
  }

  private skipBlanks(): void {
    const { text } = this
    for (;;) {
      const code = text.charCodeAt(this.offset)
      if (code === 0x20 || code === 0x0a) this.offset++
      else if (code <= 0x20 || code >= 0x80) {
        const end = this.matchEnd(BLANK_PATTERN)
        if (end === this.offset) return
        this.offset = end
      } else if (!this.skipComment(code)) return
    }
  }

  /** `-- ...`, `// ...`, `# ...`, `#! ...`, and nested block comments. */
  private skipComment(code: number): boolean {
    const { text, offset } = this
    const next = text.charCodeAt(offset + 1)
    const toLineEnd = (code === 0x2d && next === 0x2d) || (code === 0x2f && next === 0x2f) ||
      (code === 0x23 && (next === 0x20 || next === 0x21))
    if (toLineEnd) {
      const newline = text.indexOf('\n', offset)
      this.offset = newline < 0 ? text.length : newline
      return true
    }
    if (code !== 0x2f || next !== 0x2a) return false
    let depth = 1
    let at = offset + 2
    while (depth > 0) {
      const close = text.indexOf('*/', at)
      if (close < 0) this.unclosed('a comment', '*/')
      const open = text.indexOf('/*', at)
      const opensFirst = open >= 0 && open < close
      depth += opensFirst ? 1 : -1
      at = (opensFirst ? open : close) + 2
    }
    this.offset = at
    return true
  }

  private lastMark(): string {
    const last = this.tokens.kinds.length - 1
    return last >= 0 && this.tokens.kinds[last] === MARK ? this.tokens.texts[last] : ''
  }

  /** `.5` is a number, but in `a.5`, `a[1].5` and `(a).5` the dot takes a tuple's element. */
  private dotStartsNumber(): boolean {
    if (!isDigit(this.text.charCodeAt(this.offset + 1))) return false
    const last = this.tokens.kinds.length - 1
    if (last < 0) return true
    const kind = this.tokens.kinds[last]
    const mark = this.lastMark()
    return kind === STRING || (kind === MARK && mark !== ')' && mark !== ']')
  }

  private number(): void {
    const { text, offset } = this
    // After a dot only digits: `t.1.2` is two steps into a tuple, not the number 1.2.
    let end = this.matchEnd(this.lastMark() === '.' ? DIGITS_PATTERN : NUMBER_PATTERN)
    let kind = NUMBER
    if (isWordCode(text.charCodeAt(end))) {
      const wordEnd = this.matchEnd(WORD_PATTERN)
      if (wordEnd <= end) this.stray(offset, end + 1, 'a number')
      end = wordEnd
      kind = WORD
    }
    const tokenText = text.slice(offset, end)
    this.add(kind, kind === WORD ? tokenText.toUpperCase() : tokenText, end)
  }

  private word(): void {
    const { text, offset } = this
    const first = text.charCodeAt(offset)
    const isPrefixed = text.charCodeAt(offset + 1) === 0x27 && 'xXbB'.includes(text[offset])
    if (isPrefixed) {
      const close = text.indexOf("'", offset + 2)
      if (close < 0) this.unclosed('a string', "'")
      return this.add(STRING, '', close + 1)
    }
    if (first === 0x24 && this.heredoc()) return
    const end = this.matchEnd(WORD_PATTERN)
    this.add(WORD, text.slice(offset, end).toUpperCase(), end)
  }

  /** `$tag$ any text $tag$`. */
  private heredoc(): boolean {
    const tagEnd = this.matchEnd(HEREDOC_PATTERN)
    if (tagEnd === this.offset) return false
    const tag = this.text.slice(this.offset, tagEnd)
    const close = this.text.indexOf(tag, tagEnd)
    if (close < 0) return false
    this.add(STRING, '', close + tag.length)
    return true
  }

  /** A backslash escapes the next character; a doubled quote is a quote. */
  private quoted(kind: number, quote: string, what: string): void {
    const { text, offset } = this
    const quoteCode = quote.charCodeAt(0)
    for (let at = offset + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 0x5c) at++
      else if (code === quoteCode) {
        if (text.charCodeAt(at + 1) !== quoteCode) return this.add(kind, '', at + 1)
        at++
      }
    }
    this.unclosed(kind === STRING ? 'a string' : what, quote)
  }

  private mark(): void {
    const { text, offset } = this
    const three = text.slice(offset, offset + 3)
    if (MARKS_3.has(three)) return this.add(MARK, three, offset + 3)
    const two = text.slice(offset, offset + 2)
    if (MARKS_2.has(two)) return this.add(MARK, two, offset + 2)
    const one = text[offset]
    if (MARKS_1.has(one)) return this.add(MARK, one, offset + 1)
    if (one === '\u2212') return this.add(MARK, '-', offset + 1)
    if (one === '\u2018') return this.curly(STRING, '\u2019', 'a string')
    if (one === '\u201c') return this.curly(QUOTED, '\u201d', 'a name in double quotes')
    this.stray(offset, offset + 1, 'a word, a number, a string or an operator')
  }

  /** Quotes as word processors make them: no escapes inside. */
  private curly(kind: number, close: string, what: string): void {
    const end = this.text.indexOf(close, this.offset)
    if (end < 0) this.unclosed(what, close)
    this.add(kind, '', end + 1)
  }

  private unclosed(what: string, close: string): never {
    const { text, offset } = this
    throw new SqlSyntaxError(
      `The query ends inside ${what}: the closing ${close} is missing.`, offset, text.length, close,
    )
  }

  private stray(at: number, end: number, expected: string): never {
    const found = this.text.slice(at, end)
    const advice = end - at === 1 && found.charCodeAt(0) >= 0x80
      ? ' Names with letters beyond ASCII go in backquotes.' : ''
    throw new SqlSyntaxError(
      `Found ${found} where ${expected} should stand.${advice}`, at, end, expected,
    )
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** A letter, digit, underscore or dollar sign: what bare words are made of. */
function isWordCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f || code === 0x24 || isDigit(code)
}
