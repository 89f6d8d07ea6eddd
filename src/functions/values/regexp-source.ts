// RE2's syntax to the source of a RegExp without flags: letter case, dots and classes are written
// out. Invariant: what is not known to mean the same gives null, and the caller uses a real RE2.

export type RegExpSource = {
  readonly text: string
  readonly groupCount: number
  /** True with *, + or {n,}: time may grow faster than the text. */
  readonly repeats: boolean
  /** True with dots and negated classes, which see halves of characters beyond 16 bits. */
  readonly hasSets: boolean
}

/** Null where the pattern needs a real RE2. `isRaw`: for texts with bytes that are no characters, each as a lone surrogate
 * (raw-text.ts), which no dot and no negated class takes. */
export function re2ToRegExp(
  pattern: string, isCaseless: boolean, isDotAll: boolean, isRaw = false): RegExpSource | null {
  try {
    return new Translator(pattern, isCaseless, isDotAll, isRaw).source()
  } catch (error) {
    if (error === NEEDS_RE2) return null
    throw error
  }
}

const NEEDS_RE2 = new Error('needs RE2')

// A repetition of more copies is unrolled by V8's linear engine, or refused.
const COUNT_MAX = 50

const OPEN_LOOPS_MAX = 3

const DIGIT = '0-9'
const WORD = '0-9A-Za-z_'
const SPACE = '\\t\\n\\f\\r '
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z', alpha: 'A-Za-z', ascii: '\\x00-\\x7f', blank: '\\t ', cntrl: '\\x00-\\x1f\\x7f',
  digit: DIGIT, graph: '!-~', lower: 'a-z', print: ' -~', punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ', upper: 'A-Z', word: WORD, xdigit: '0-9A-Fa-f',
}

type Flags = { isCaseless: boolean; isDotAll: boolean }

class Translator {
  private readonly pattern: string
  private at = 0
  private flags: Flags
  private groupCount = 0
  private repeats = false
  private openLoops = 0
  private hasSets = false

  private readonly isRaw: boolean

  constructor(pattern: string, isCaseless: boolean, isDotAll: boolean, isRaw: boolean) {
    this.pattern = pattern
    this.isRaw = isRaw
    this.flags = { isCaseless, isDotAll }
    if (/[\ud800-\udfff]/.test(pattern)) throw NEEDS_RE2
  }

  source(): RegExpSource {
    const { text } = this.alternatives()
    if (this.at < this.pattern.length) throw NEEDS_RE2
    return { text, groupCount: this.groupCount, repeats: this.repeats, hasSets: this.hasSets }
  }

  /** Up to the end or a closing bracket. `loops`: repeats something or has choices. */
  private alternatives(): { text: string; loops: boolean } {
    const outer = { ...this.flags }
    let text = ''
    let loops = false
    while (this.at < this.pattern.length && this.pattern[this.at] !== ')') {
      if (this.pattern[this.at] === '|') {
        text += '|'
        loops = true
        this.at++
        continue
      }
      const atom = this.atom()
      if (atom === null) continue
      const repeated = this.repetition(atom)
      text += repeated.text
      loops = loops || repeated.loops
    }
    this.flags = outer
    return { text, loops }
  }

  /** One thing that can be repeated; null for flags, which are nothing themselves. */
  private atom(): { text: string; loops: boolean; isAnchor: boolean } | null {
    const char = this.pattern[this.at++]
    const plain = (text: string, isAnchor = false) => ({ text, loops: false, isAnchor })
    switch (char) {
      case '(': return this.group()
      case '[': return plain(this.charClass())
      case '.':
        return plain(this.allBut(this.flags.isDotAll ? '' : '\\n'))
      case '^': return plain('^', true)
      case '$': return plain('$', true)
      case '\\': return this.escape()
      case '*': case '+': case '?': throw NEEDS_RE2
      default: return plain(this.letter(char))
    }
  }

  private group(): { text: string; loops: boolean; isAnchor: boolean } | null {
    let open = '('
    const rest = this.pattern.slice(this.at)
    const outer = { ...this.flags }
    if (rest.startsWith('?')) {
      const named = /^\?P?<[A-Za-z_][A-Za-z0-9_]*>/.exec(rest)
      const flags = /^\?([is]*)(?:-([is]+))?([:)])/.exec(rest)
      if (named !== null) {
        this.at += named[0].length
        this.groupCount++
      } else if (flags !== null) {
        this.at += flags[0].length
        this.setFlags(flags[1], true)
        this.setFlags(flags[2] ?? '', false)
        if (flags[3] === ')') return null
        open = '(?:'
      } else {
        throw NEEDS_RE2
      }
    } else {
      this.groupCount++
    }
    const inner = this.alternatives()
    if (this.pattern[this.at] !== ')') throw NEEDS_RE2
    this.at++
    this.flags = outer
    return { text: `${open}${inner.text})`, loops: inner.loops, isAnchor: false }
  }

  private setFlags(letters: string, value: boolean): void {
    for (const letter of letters) {
      if (letter === 'i') this.flags.isCaseless = value
      else this.flags.isDotAll = value
    }
  }

  private repetition(
    atom: { text: string; loops: boolean; isAnchor: boolean }): { text: string; loops: boolean } {
    const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.pattern.slice(this.at))
    if (found === null) return atom
    if (atom.isAnchor) throw NEEDS_RE2
    this.at += found[0].length
    if (/^[*+?]|^\{\d+(,\d*)?\}/.test(this.pattern.slice(this.at))) throw NEEDS_RE2
    if (found[1] !== undefined) {
      const most = Math.max(Number(found[1]), Number(found[3] || 0))
      if (most > COUNT_MAX || atom.loops) throw NEEDS_RE2
    }
    const isOpen = /^[*+]/.test(found[0]) || (found[2] !== undefined && found[3] === '')
    // A loop over what has choices of its own may take exponential time, and V8 does not always
    // notice ((a*)*b); a row of loops is of a high power.
    if (isOpen && (atom.loops || ++this.openLoops > OPEN_LOOPS_MAX)) throw NEEDS_RE2
    if (isOpen) this.repeats = true
    return { text: atom.text + found[0], loops: true }
  }

  private escape(): { text: string; loops: boolean; isAnchor: boolean } {
    const char = this.pattern[this.at++]
    const plain = (text: string, isAnchor = false) => ({ text, loops: false, isAnchor })
    switch (char) {
      case 'd': return plain(`[${DIGIT}]`)
      case 'w': return plain(`[${WORD}]`)
      case 's': return plain(`[${SPACE}]`)
      case 'D': case 'W': case 'S':
        return plain(this.allBut(char === 'D' ? DIGIT : char === 'W' ? WORD : SPACE))
      case 'b': case 'B': return plain(`\\${char}`, true)
      case 'A': return plain('^', true)
      case 'z': return plain('$', true)
      case 'Q': {
        const end = this.pattern.indexOf('\\E', this.at)
        const literal = this.pattern.slice(this.at, end < 0 ? undefined : end)
        this.at = end < 0 ? this.pattern.length : end + 2
        return plain(`(?:${[...literal].map((c) => this.letter(c)).join('')})`)
      }
      default: return plain(this.letter(this.escaped(char)))
    }
  }

  /** The character of an escape that stands for one. */
  private escaped(char: string | undefined): string {
    if (char === undefined) throw NEEDS_RE2
    if (char in CONTROL_JSON) return JSON.parse(`"${CONTROL_JSON[char]}"`) as string
    if (char === 'x') {
      const code = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,4})\})/.exec(this.pattern.slice(this.at))
      if (code === null) throw NEEDS_RE2
      this.at += code[0].length
      return String.fromCharCode(Number.parseInt(code[1] ?? code[2], 16))
    }
    if (/[A-Za-z0-9]/.test(char)) throw NEEDS_RE2
    return char
  }

  private letter(char: string): string {
    if (!this.flags.isCaseless) return quoted(char)
    const forms = foldings(char)
    return forms.length === 1 ? quoted(char) : `[${forms.map(quotedInClass).join('')}]`
  }

  private charClass(): string {
    let text = ''
    const isNegated = this.pattern[this.at] === '^'
    if (isNegated) this.at++
    for (let isFirst = true; this.pattern[this.at] !== ']' || isFirst; isFirst = false) {
      if (this.at >= this.pattern.length) throw NEEDS_RE2
      text += this.classItem()
    }
    this.at++
    return isNegated ? this.allBut(text) : `[${text}]`
  }

  /** Any character but those of a class. */
  private allBut(items: string): string {
    this.hasSets = true
    return this.isRaw ? `(?:[\\ud800-\\udbff][\\udc00-\\udfff]|[^${items}\\ud800-\\udfff])` : `[^${items}]`
  }

  private classItem(): string {
    const rest = this.pattern.slice(this.at)
    const posix = /^\[:(\^?)(\w+):\]/.exec(rest)
    if (posix !== null) {
      if (posix[1] === '^' || !(posix[2] in POSIX) || this.flags.isCaseless) throw NEEDS_RE2
      this.at += posix[0].length
      return POSIX[posix[2]]
    }
    const set = /^\\([dws])/.exec(rest)
    if (set !== null) {
      this.at += 2
      return set[1] === 'd' ? DIGIT : set[1] === 'w' ? WORD : SPACE
    }
    const from = this.classChar()
    if (this.pattern[this.at] !== '-' || this.pattern[this.at + 1] === ']') return this.classRange(from, from)
    this.at++
    if (this.at >= this.pattern.length || /^(\[:|\\[dws])/.test(this.pattern.slice(this.at))) throw NEEDS_RE2
    return this.classRange(from, this.classChar())
  }

  private classChar(): string {
    const char = this.pattern[this.at++]
    return char === '\\' ? this.escaped(this.pattern[this.at++]) : char
  }

  private classRange(from: string, to: string): string {
    if (from > to) throw NEEDS_RE2
    const range = from === to ? quotedInClass(from) : `${quotedInClass(from)}-${quotedInClass(to)}`
    if (!this.flags.isCaseless) return range
    let text = range
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
      if (code > 127 && code - from.charCodeAt(0) > 127) throw NEEDS_RE2
      text += foldings(String.fromCharCode(code)).map(quotedInClass).join('')
    }
    return text
  }
}

const CONTROL_JSON: Readonly<Record<string, string>> =
  { a: '\\u0007', f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\u000b' }

/** All characters that are the same letter to a caseless pattern. */
function foldings(char: string): string[] {
  const forms = new Set([char, char.toLowerCase(), char.toUpperCase()])
  // Unicode folds the Kelvin sign and the long s too.
  if (/[kK\u212a]/.test(char)) for (const c of 'kK\u212a') forms.add(c)
  if (/[sS\u017f]/.test(char)) for (const c of 'sS\u017f') forms.add(c)
  return [...forms].filter((form) => form.length === 1)
}

const quoted = (char: string): string =>
  (/[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char === '\n' ? '\\n' : char)

const quotedInClass = (char: string): string =>
  (/[\\\]^[-]/.test(char) ? `\\${char}` : char === '\n' ? '\\n' : char)
