// Text of `{{ … }}` and `{% if … %}` to a tree: Python's expression grammar, without lambdas,
// comprehensions of dicts and sets, ~ and walrus. By precedence climbing, lowest first.
// Invariant: nesting is limited, so no template can exhaust the stack.

import { syntaxFault, tokenize, type Token } from './expression-tokens.ts'
import type { Expr } from './expression-tree.ts'
import type { Value } from './values.ts'

const DEPTH_MAX = 60 // Deeper than any template a person writes; each level is a dozen JS frames.

const KEYWORDS: ReadonlySet<string> = new Set([
  'and', 'or', 'not', 'in', 'is', 'if', 'else', 'for', 'lambda',
])
/** Python's bit operators, loosest first; all bind closer than comparisons. */
const BIT_OPERATORS: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['<<', '>>']]
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true], ['False', false], ['None', null],
])

/** Parses the whole of `text`; `at` is its offset in the node's SQL. Throws TemplateFault. */
export function parseExpression(text: string, at: number): Expr {
  const parser = new ExpressionParser(tokenize(text, at))
  const expr = parser.expressionList()
  parser.expectEnd()
  return expr
}

/** Parses `a, b in list` (of a for), `a, b = value` (of a set): the names, and the expression. */
export function parseTargets(
  text: string, at: number, separator: 'in' | '=',
): { targets: readonly string[]; value: Expr } {
  const parser = new ExpressionParser(tokenize(text, at))
  const targets = parser.targets()
  parser.expect(separator)
  const value = parser.expressionList()
  parser.expectEnd()
  return { targets, value }
}

class ExpressionParser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get #token(): Token {
    return this.#tokens[this.#at]
  }

  #is(text: string): boolean {
    return this.#token.text === text && this.#token.kind !== 'string'
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false
    this.#at += 1
    return true
  }

  expect(text: string): void {
    if (!this.#accept(text)) {
      throw syntaxFault(`expected ${text}, found ${this.#found()}`, this.#token.at)
    }
  }

  expectEnd(): void {
    if (this.#token.kind !== 'end') {
      throw syntaxFault(`${this.#found()} is not expected here`, this.#token.at)
    }
  }

  #found(): string {
    return this.#token.kind === 'end' ? 'the end of the expression' : this.#token.text
  }

  /** `a, b`: a tuple without brackets. */
  expressionList(): Expr {
    const first = this.#choice()
    if (!this.#is(',')) return first
    const items = [first]
    while (this.#accept(',')) {
      if (this.#token.kind !== 'end') items.push(this.#choice())
    }
    return { kind: 'tuple', at: first.at, items }
  }

  targets(): string[] {
    const bracket = this.#accept('(')
    const names: string[] = []
    do {
      const token = this.#token
      if (token.kind !== 'name' || KEYWORDS.has(token.text)) {
        throw syntaxFault(`expected a name, found ${this.#found()}`, token.at)
      }
      names.push(token.text)
      this.#at += 1
    } while (this.#accept(',') && !this.#is('in') && !this.#is(')'))
    if (bracket) this.expect(')')
    return names
  }

  #choice(): Expr {
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) {
      throw syntaxFault(`the expression is nested more than ${DEPTH_MAX} levels deep`,
        this.#token.at)
    }
    const yes = this.#or()
    let expr = yes
    if (this.#is('if')) {
      this.#at += 1
      const condition = this.#or()
      this.expect('else')
      expr = { kind: 'choice', at: yes.at, condition, yes, no: this.#choice() }
    }
    this.#depth -= 1
    return expr
  }

  #or(): Expr {
    let left = this.#and()
    while (this.#accept('or')) left = { kind: 'or', at: left.at, left, right: this.#and() }
    return left
  }

  #and(): Expr {
    let left = this.#not()
    while (this.#accept('and')) left = { kind: 'and', at: left.at, left, right: this.#not() }
    return left
  }

  #not(): Expr {
    const at = this.#token.at
    let count = 0
    while (this.#accept('not')) count += 1
    const value = this.#comparison()
    if (count === 0) return value
    const once: Expr = { kind: 'not', at, value }
    return count % 2 === 1 ? once : { kind: 'not', at, value: once }
  }

  #comparison(): Expr {
    const first = this.#bits(0)
    const operators: string[] = []
    const operands = [first]
    for (;;) {
      const operator = this.#comparisonOperator()
      if (operator === null) break
      operators.push(operator)
      operands.push(this.#bits(0))
    }
    return operators.length === 0 ? first : { kind: 'compare', at: first.at, operators, operands }
  }

  #comparisonOperator(): string | null {
    const { text, kind } = this.#token
    if (kind === 'string') return null
    if (text === 'not' && this.#tokens[this.#at + 1].text === 'in') {
      this.#at += 2
      return 'not in'
    }
    if (text === 'is') {
      this.#at += 1
      return this.#accept('not') ? '!=' : '=='
    }
    if (!['==', '!=', '<>', '<', '>', '<=', '>=', 'in'].includes(text)) return null
    this.#at += 1
    return text === '<>' ? '!=' : text
  }

  /** Operators of BIT_OPERATORS[level] and what binds closer. */
  #bits(level: number): Expr {
    if (level === BIT_OPERATORS.length) return this.#sum()
    let left = this.#bits(level + 1)
    while (BIT_OPERATORS[level].some(operator => this.#is(operator))) {
      const operator = this.#token.text
      this.#at += 1
      left = { kind: 'arithmetic', at: left.at, operator, left, right: this.#bits(level + 1) }
    }
    return left
  }

  #sum(): Expr {
    let left = this.#product()
    while (this.#is('+') || this.#is('-')) {
      const operator = this.#token.text
      this.#at += 1
      left = { kind: 'arithmetic', at: left.at, operator, left, right: this.#product() }
    }
    return left
  }

  #product(): Expr {
    let left = this.#unary()
    while (this.#is('*') || this.#is('/') || this.#is('//') || this.#is('%')) {
      const operator = this.#token.text
      this.#at += 1
      left = { kind: 'arithmetic', at: left.at, operator, left, right: this.#unary() }
    }
    return left
  }

  #unary(): Expr {
    const at = this.#token.at
    let negative = false
    while (this.#is('-') || this.#is('+')) {
      if (this.#is('-')) negative = !negative
      this.#at += 1
    }
    const value = this.#power()
    return negative ? { kind: 'negate', at, value } : value
  }

  #power(): Expr {
    const left = this.#postfix()
    if (!this.#accept('**')) return left
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) throw syntaxFault('too many ** in a row', this.#token.at)
    const right = this.#unary()
    this.#depth -= 1
    return { kind: 'arithmetic', at: left.at, operator: '**', left, right }
  }

  #postfix(): Expr {
    let expr = this.#atom()
    for (;;) {
      if (this.#is('(') && expr.kind === 'name') {
        expr = this.#call(expr.name, expr.at)
      } else if (this.#accept('.')) {
        expr = this.#method(expr)
      } else if (this.#accept('[')) {
        expr = this.#subscript(expr)
      } else {
        return expr
      }
    }
  }

  #method(self: Expr): Expr {
    const { text: name, kind, at } = this.#token
    if (kind !== 'name') {
      throw syntaxFault(`expected the name of a method, found ${this.#found()}`, at)
    }
    this.#at += 1
    if (!this.#is('(')) return { kind: 'attribute', at, self, name }
    const call = this.#call(name, at)
    if (call.named.size > 0) throw syntaxFault(`${name} takes no named arguments`, at)
    return { kind: 'method', at: self.at, self, name, args: call.args }
  }

  #call(name: string, at: number): Extract<Expr, { kind: 'call' }> {
    this.expect('(')
    const args: Expr[] = []
    const named = new Map<string, Expr>()
    while (!this.#is(')')) {
      const isNamed = this.#token.kind === 'name' && this.#tokens[this.#at + 1].text === '='
      if (isNamed) {
        const key = this.#token.text
        this.#at += 2
        named.set(key, this.#choice())
      } else {
        if (named.size > 0) {
          throw syntaxFault('an argument without a name follows a named one', this.#token.at)
        }
        args.push(this.#choice())
      }
      if (!this.#accept(',')) break
    }
    this.expect(')')
    return { kind: 'call', at, name, args, named }
  }

  #subscript(self: Expr): Expr {
    const bound = (): Expr | null => this.#is(':') || this.#is(']') ? null : this.#choice()
    const from = bound()
    if (!this.#accept(':')) {
      if (from === null) throw syntaxFault('an index is missing', this.#token.at)
      this.expect(']')
      return { kind: 'index', at: self.at, self, key: from }
    }
    const to = bound()
    const step = this.#accept(':') ? bound() : null
    this.expect(']')
    return { kind: 'slice', at: self.at, self, from, to, step }
  }

  #atom(): Expr {
    const token = this.#token
    this.#at += 1
    if (token.kind === 'number') return { kind: 'constant', at: token.at, value: token.value }
    if (token.kind === 'string') return this.#strings(token)
    if (token.kind === 'name' && !KEYWORDS.has(token.text)) {
      const constant = CONSTANTS.get(token.text)
      return constant === undefined ? { kind: 'name', at: token.at, name: token.text }
        : { kind: 'constant', at: token.at, value: constant }
    }
    if (token.text === '(' && token.kind === 'operator') return this.#bracket(token.at)
    if (token.text === '[' && token.kind === 'operator') return this.#list(token.at)
    if (token.text === '{' && token.kind === 'operator') return this.#dict(token.at)
    this.#at -= 1
    throw syntaxFault(`expected a value, found ${this.#found()}`, token.at)
  }

  // Texts beside each other are one text, as in Python.
  #strings(first: Token): Expr {
    let text = String(first.value)
    while (this.#token.kind === 'string') {
      text += String(this.#token.value)
      this.#at += 1
    }
    return { kind: 'constant', at: first.at, value: text }
  }

  #items(close: string): { items: Expr[]; comma: boolean } {
    const items: Expr[] = []
    let comma = false
    while (!this.#is(close)) {
      items.push(this.#choice())
      comma = this.#accept(',')
      if (!comma) break
    }
    return { items, comma }
  }

  #bracket(at: number): Expr {
    const { items, comma } = this.#items(')')
    this.expect(')')
    return items.length === 1 && !comma ? items[0] : { kind: 'tuple', at, items }
  }

  #list(at: number): Expr {
    const { items } = this.#items(']')
    if (items.length === 1 && this.#accept('for')) {
      const targets = this.targets()
      this.expect('in')
      const list = this.#or()
      const condition = this.#accept('if') ? this.#or() : null
      this.expect(']')
      return { kind: 'comprehension', at, item: items[0], targets, list, condition }
    }
    this.expect(']')
    return { kind: 'list', at, items }
  }

  #dict(at: number): Expr {
    // `{% if defined({{Int32(n)}}) %}`: braces within a tag are parentheses, since no key of a dict is a dict.
    if (this.#accept('{')) {
      const expr = this.#choice()
      this.expect('}')
      this.expect('}')
      return expr
    }
    const entries: [Expr, Expr][] = []
    while (!this.#is('}')) {
      const key = this.#choice()
      this.expect(':')
      entries.push([key, this.#choice()])
      if (!this.#accept(',')) break
    }
    this.expect('}')
    return { kind: 'dict', at, entries }
  }
}
