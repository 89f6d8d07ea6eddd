// The parser's place in the tokens, and what every rule of the grammar asks of it. Rules are functions
// over a Cursor; those that need each other across files (an expression holds queries, a query holds
// expressions) reach each other through `grammar`, so that imports flow one way.
// Invariant: a rule that returns has consumed exactly what its node's span covers; a rule that finds
// something else throws through fail(), which makes the sentence.
import type { Expression, Query, Span } from './ast.ts'
import { nearestWord, SqlSyntaxError } from './errors.ts'
import { END, MARK, NUMBER, QUOTED, STRING, WORD, tokenize } from './lex.ts'
import type { Tokens } from './lex.ts'
import { declaredTokens, type Slot } from './declared.ts'
import { readQuoted } from './literals.ts'
import { CLAUSE_WORDS } from './words.ts'

/** The rules that files of the parser reach through the cursor. */
export interface Grammar {
  /** An expression whose operators all bind at least as tight as `power`; no alias. */
  expression(cursor: Cursor, power: number): Expression
  /** The operators behind `left`, which has been parsed already. */
  operators(cursor: Cursor, left: Expression, power: number): Expression
  /** An expression with or without `AS alias`. */
  aliased(cursor: Cursor): Expression
  /** A query with set operations, without FORMAT. */
  query(cursor: Cursor): Query
  /** The set operations behind `first`, a query that has been parsed already. */
  setOperations(cursor: Cursor, first: Query): Query
}

// A statement written by people nests some ten levels; this leaves room for generators, and each
// level costs a few frames of a stack that holds about ten thousand.
export const NESTING_MAX = 200
// `a + a + a ...` makes a tree as high as it is long, and all who walk the tree recurse.
const HEIGHT_MAX = 600

export class Cursor {
  readonly text: string
  readonly grammar: Grammar
  readonly tokens: Tokens
  /** The current token. */
  index = 0
  /** Height of the highest expression parsed since the one who reads it set it to 0. */
  height = 0
  private nesting = 0
  private readonly slots: readonly Slot[]
  private readonly notIntervals = new Set<number>()
  /** Types of the tokens that are numbers of a declared type, by the token's start. */
  private readonly declared: ReadonlyMap<number, string>

  constructor(text: string, grammar: Grammar, slots: readonly Slot[]) {
    this.text = text
    this.grammar = grammar
    this.slots = slots
    const { tokens, declared } = declaredTokens(text, tokenize(text), slots)
    this.tokens = tokens
    this.declared = declared
  }

  // ------------------------------------------------------------------------------- looking

  get kind(): number {
    return this.tokens.kinds[this.index]
  }

  /** Offset at which the current token starts. */
  get at(): number {
    return this.tokens.starts[this.index]
  }

  /** Offset at which the last consumed token ended. */
  get end(): number {
    return this.index > 0 ? this.tokens.ends[this.index - 1] : 0
  }

  /** The kind of the token `ahead` of the current one. */
  kindAt(ahead: number): number {
    return this.tokens.kinds[this.index + ahead] ?? END
  }

  isMark(mark: string, ahead = 0): boolean {
    const i = this.index + ahead
    return this.tokens.kinds[i] === MARK && this.tokens.texts[i] === mark
  }

  /** True when the words (in capitals) stand here one after the other. */
  isWords(...words: readonly string[]): boolean {
    for (let i = 0; i < words.length; i++) if (!this.isWord(words[i], i)) return false
    return true
  }

  isWord(word: string, ahead = 0): boolean {
    const i = this.index + ahead
    return this.tokens.kinds[i] === WORD && this.tokens.texts[i] === word
  }

  /** The word in capitals, or '' when the token is no bare word. */
  wordAt(ahead: number): string {
    const i = this.index + ahead
    return this.tokens.kinds[i] === WORD ? this.tokens.texts[i] : ''
  }

  isName(ahead = 0): boolean {
    const kind = this.kindAt(ahead)
    return kind === WORD || kind === QUOTED
  }

  /** The current token as it is spelt; of a number of a declared type its digits. */
  spelling(): string {
    return this.declared.size > 0 && this.declared.has(this.at) ? this.tokens.texts[this.index]
      : this.text.slice(this.at, this.tokens.ends[this.index])
  }

  /** The declared type of the number that stands `ahead`, or undefined. */
  declaredType(ahead = 0): string | undefined {
    return this.declared.size === 0 ? undefined : this.declared.get(this.tokens.starts[this.index + ahead])
  }

  // -------------------------------------------------------------------------------- taking

  takeMark(mark: string): boolean {
    if (!this.isMark(mark)) return false
    this.index++
    return true
  }

  /** Consumes the words if all of them stand here. */
  takeWords(...words: readonly string[]): boolean {
    if (!this.isWords(...words)) return false
    this.index += words.length
    return true
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.index++
    return true
  }

  expectMark(mark: string, purpose = ''): void {
    if (!this.takeMark(mark)) this.fail(purpose === '' ? mark : `${mark} ${purpose}`)
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) this.fail(word, [word])
  }

  /** Consumes a name, bare or quoted; `what` says whose name, for the error. */
  expectName(what: string): string {
    const { kind } = this
    if (kind !== WORD && kind !== QUOTED) this.fail(what)
    const spelling = this.spelling()
    if (kind === QUOTED && spelling.length === 2) this.fail(what)
    this.index++
    return kind === WORD ? spelling : readQuoted(spelling)
  }

  /** Items parted by commas; at least one. */
  list<T>(item: () => T): T[] {
    const items = [item()]
    while (this.takeMark(',')) items.push(item())
    return items
  }

  /** Grammar.expression; by default of any kind. */
  expression(power = 0): Expression {
    return this.grammar.expression(this, power)
  }

  /** Grammar.aliased. */
  aliased(): Expression {
    return this.grammar.aliased(this)
  }

  spanFrom(at: number): Span {
    return { at, end: this.end }
  }

  // --------------------------------------------------------------------- limits, slots, errors

  /** Goes one level deeper; deep nesting is an error, not an overflow of the stack. */
  enter(): void {
    if (++this.nesting > NESTING_MAX) {
      throw new SqlSyntaxError(
        `The query is nested deeper than ${NESTING_MAX} levels; take parts of it out into WITH.`,
        this.at, this.tokens.ends[this.index], 'fewer levels',
      )
    }
  }

  /** Ends what enter() began. An error ends the whole parse, so nobody calls it then. */
  leave(): void {
    this.nesting--
  }

  /** True when markNoInterval() was told so: trying again at every level would take 2^levels. */
  noIntervalAt(index: number): boolean {
    return this.notIntervals.has(index)
  }

  /** Remembers that the word INTERVAL at this token begins no interval, and goes back to it. */
  markNoInterval(index: number): void {
    this.notIntervals.add(index)
    this.index = index
  }

  /** Notes an expression of this height that starts at `at`; too high a tree is an error. */
  raise(height: number, at: number): void {
    if (height > HEIGHT_MAX) {
      throw new SqlSyntaxError(
        `The expression chains more than ${HEIGHT_MAX} operators; use a function over an array.`,
        at, this.end, 'fewer operators',
      )
    }
    if (height > this.height) this.height = height
  }

  /** The index of the slot that holds the span, or undefined. */
  slotOf(at: number, end: number): number | undefined {
    const { slots } = this
    for (let i = 0; i < slots.length; i++) {
      if (at >= slots[i].start && end <= slots[i].end) return slots[i].sameAs ?? i
    }
    return undefined
  }

  /** The slots that lie in a span. */
  slotsWithin(at: number, end: number): readonly number[] {
    return this.slots.flatMap((slot, i) => (slot.start >= at && slot.end <= end ? [slot.sameAs ?? i] : []))
  }

  /** `{ slot }` for the span, to spread into a literal; nothing without slots. */
  slotField(at: number, end: number): { readonly slot?: number } {
    const slot = this.slots.length === 0 ? undefined : this.slotOf(at, end)
    return slot === undefined ? {} : { slot }
  }

  /** Throws: found the current token, expected `expected`. `words` are candidates for a misspelling. */
  fail(expected: string, words: readonly string[] = []): never {
    const { kind, at } = this
    const end = this.tokens.ends[this.index]
    const found = kind === END ? 'the query ends' : `found ${this.describeToken()}`
    const sentence = `Expected ${expected}, but ${found}.${this.suggestion(words)}`
    throw new SqlSyntaxError(sentence, at, Math.max(end, at), expected)
  }

  private describeToken(): string {
    const spelling = this.spelling()
    const shown = spelling.length > 40 ? `${spelling.slice(0, 40)}...` : spelling
    if (this.kind === STRING) return `the string ${shown}`
    return this.kind === NUMBER ? `the number ${shown}` : shown
  }

  /** The word here, or the one before (`t FORM u`: FORM became an alias), may be a misspelt one. */
  private suggestion(words: readonly string[]): string {
    for (const ahead of [0, -1]) {
      const word = this.wordAt(ahead)
      const candidates = ahead === 0 ? [...words, ...CLAUSE_WORDS] : [...CLAUSE_WORDS]
      if (word === '' || candidates.includes(word)) continue
      const near = nearestWord(word, candidates)
      if (near !== null) {
        const i = this.index + ahead
        const spelling = this.text.slice(this.tokens.starts[i], this.tokens.ends[i])
        return ` Did you mean ${near} instead of ${spelling}?`
      }
    }
    return ''
  }
}
