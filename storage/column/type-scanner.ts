// Words, numbers, texts and brackets of a type's text, with a look ahead; the bottom of
// parse-type.ts. Invariant: an error names the offset in the text and the text itself.

export type TypeToken = {
  readonly kind: 'word' | 'quoted-name' | 'number' | 'text' | 'sign' | 'end'
  /** Without quotes and escapes. */
  readonly text: string
  readonly offset: number
}

const TOKEN = new RegExp([
  /(?<word>[A-Za-z_][A-Za-z0-9_]*)/, /`(?<back>(?:[^`\\]|\\.|``)*)`/, /"(?<double>(?:[^"\\]|\\.|"")*)"/,
  /(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/, /'(?<text>(?:[^'\\]|\\.|'')*)'/,
  /(?<sign>[(),=.[\]])/, /(?<blank>\s+|\/\*[^]*?\*\/|--[^\n]*)/,
].map((pattern) => pattern.source).join('|'), 'sy')

const UNESCAPED: Readonly<Record<string, string>> =
  { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', 0: '\0', a: '\x07', v: '\v' }

const unescape = (text: string, quote: string): string =>
  text.replaceAll(quote + quote, quote).replace(/\\(.)/gs, (_, char: string) => UNESCAPED[char] ?? char)

/** Reads tokens in order; `makeError` gives the error that callers throw. */
export class TypeScanner {
  private readonly text: string
  private readonly tokens: TypeToken[] = []
  private next = 0
  private readonly makeError: (message: string, offset: number) => Error

  constructor(text: string, makeError: (message: string, offset: number) => Error) {
    this.text = text
    this.makeError = makeError
    for (let offset = 0; offset < text.length;) {
      TOKEN.lastIndex = offset
      const groups = TOKEN.exec(text)?.groups
      if (groups === undefined) {
        throw makeError(`In the type \`${onOneLine(text)}\`: cannot read from '${text.slice(offset, offset + 20)}'`
          + ' on: is a quote not closed?', offset)
      }
      this.push(groups, offset)
      offset = TOKEN.lastIndex
    }
    this.tokens.push({ kind: 'end', text: '', offset: text.length })
  }

  peek(ahead = 0): TypeToken {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)]
  }

  take(): TypeToken {
    const token = this.peek()
    this.next++
    return token
  }

  /** Takes the sign if it is next. */
  skip(sign: string): boolean {
    const token = this.peek()
    if (token.kind !== 'sign' || token.text !== sign) return false
    this.next++
    return true
  }

  /** Takes the word if it is next, in any case. */
  skipWord(word: string): boolean {
    const token = this.peek()
    if (token.kind !== 'word' || token.text.toUpperCase() !== word) return false
    this.next++
    return true
  }

  expect(sign: string, message: string): void {
    if (!this.skip(sign)) throw this.error(`${message}; found ${this.describe()} instead of '${sign}'`)
  }

  /** A whole number; `what` it is, for the error. */
  integer(what: string): number {
    const token = this.take()
    if (token.kind !== 'number' || !Number.isSafeInteger(Number(token.text))) {
      throw this.errorAt(token, `expected a whole number (${what}), not ${this.describe(token)}`)
    }
    return Number(token.text)
  }

  /** Names set apart by points, as one text: `a.b`. */
  path(): string {
    const names: string[] = []
    do {
      const token = this.take()
      if (token.kind !== 'word' && token.kind !== 'quoted-name') {
        throw this.errorAt(token, `expected a path, not ${this.describe(token)}`)
      }
      names.push(token.text)
    } while (this.skip('.'))
    return names.join('.')
  }

  /** Passes over `( ... )` of numbers if it is next: VARCHAR(255), Int32(). */
  skipBrackets(): void {
    if (!this.skip('(')) return
    while (!this.skip(')')) {
      if (this.peek().kind !== 'number' && this.peek().text !== ',') {
        throw this.error(`unexpected ${this.describe()} in the brackets`)
      }
      this.take()
    }
  }

  describe(token = this.peek()): string {
    return token.kind === 'end' ? 'the end' : `'${token.text}'`
  }

  error(message: string): Error { return this.errorAt(this.peek(), message) }

  errorAt(token: TypeToken, message: string): Error {
    const isWhole = token.offset === 0 && /^[A-Z]/.test(message)
    return this.makeError(isWhole && message.includes(this.text) ? message
      : `In the type \`${onOneLine(this.text)}\`: ${message}`, token.offset)
  }

  private push(groups: Record<string, string | undefined>, offset: number): void {
    if (groups.blank !== undefined) return
    if (groups.word !== undefined) this.tokens.push({ kind: 'word', text: groups.word, offset })
    else if (groups.number !== undefined) {
      this.tokens.push({ kind: 'number', text: groups.number, offset })
    } else if (groups.sign !== undefined) {
      this.tokens.push({ kind: 'sign', text: groups.sign, offset })
    } else if (groups.text !== undefined) {
      this.tokens.push({ kind: 'text', text: unescape(groups.text, "'"), offset })
    } else {
      const text = groups.back !== undefined ? unescape(groups.back, '`')
        : unescape(groups.double as string, '"')
      this.tokens.push({ kind: 'quoted-name', text, offset })
    }
  }
}

const onOneLine = (text: string): string => text.replace(/\s+/g, ' ')
