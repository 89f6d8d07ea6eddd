// Text of a node to a template tree: `%`, `{{ }}`, `{% %}`, `{# #}`, as Tornado's templates have
// them. Invariant: every character of the text is in one text chunk or one tag, so offsets lead
// back.

import { didYouMean } from '../sql/suggest.ts'
import { parseExpression, parseTargets } from './expression-parse.ts'
import { TextChunk } from './lexical.ts'
import type { Expr } from './expression-tree.ts'
import type { Branch, TemplateNode } from './template-tree.ts'
import { TemplateFault } from './values.ts'

const NESTING_MAX = 40 // Blocks in blocks; each level is a few frames when the template runs.
const STATEMENTS = ['if', 'elif', 'else', 'end', 'for', 'while', 'try', 'except', 'finally', 'set', 'comment', 'break', 'continue']
const TAG = /\{[{%#]/g

/** True where `sql` says that it is a template: its first line begins with %. */
export const hasTemplateMark = (sql: string): boolean => /^\s*%/.test(sql)

/** Parses a template; a leading `%` is taken off. Throws TemplateFault with offsets in `sql`. */
export function parseTemplate(sql: string): readonly TemplateNode[] {
  return new TemplateParser(sql).parse()
}

function unknownStatement(name: string): string {
  const hint = didYouMean(name, STATEMENTS) || `; expected one of ${STATEMENTS.join(', ')}`
  return `unknown statement ${name}${hint}`
}

type BlockKind = 'if' | 'for' | 'while' | 'try'

/** A part of a block behind its first: an if's branches, what a loop does without a break, what a try does later. */
type Section = {
  readonly word: 'if' | 'elif' | 'else' | 'except' | 'finally'
  readonly condition: Branch['condition']
  /** `as name` of an except. */
  readonly name: string | null
  readonly body: TemplateNode[]
}

/** A block that is open: where its nodes go, and what may close it. */
type Open = {
  readonly kind: 'root' | BlockKind
  readonly at: number
  readonly body: TemplateNode[]
  readonly branches: Section[]
  readonly finish: (open: Open) => TemplateNode | null
}

const bodyOf = (open: Open, word: Section['word']): readonly TemplateNode[] =>
  open.branches.find(section => section.word === word)?.body ?? []

class TemplateParser {
  readonly #sql: string
  readonly #stack: Open[]
  #at = 0

  constructor(sql: string) {
    this.#sql = sql
    this.#stack = [{ kind: 'root', at: 0, body: [], branches: [], finish: () => null }]
    this.#at = hasTemplateMark(sql) ? sql.indexOf('%') + 1 : 0
  }

  parse(): readonly TemplateNode[] {
    while (this.#at < this.#sql.length) {
      TAG.lastIndex = this.#at
      const tag = TAG.exec(this.#sql)
      if (tag === null) {
        this.#text(this.#at, this.#sql.length)
        break
      }
      this.#text(this.#at, tag.index)
      this.#tag(tag.index, tag[0])
    }
    const open = this.#stack[this.#stack.length - 1]
    if (open.kind !== 'root') throw this.#fault(`this {% ${open.kind} %} has no {% end %}`, open.at)
    return open.body
  }

  #fault(message: string, offset: number): TemplateFault {
    return new TemplateFault(message, { offset, code: 'template-syntax' })
  }

  get #body(): TemplateNode[] {
    const open = this.#stack[this.#stack.length - 1]
    return open.branches.length > 0 ? open.branches[open.branches.length - 1].body : open.body
  }

  #text(from: number, to: number): void {
    if (to > from) {
      this.#body.push({ kind: 'text', chunk: new TextChunk(this.#sql.slice(from, to), from) })
    }
  }

  #tag(at: number, opener: string): void {
    // `{{!` and `{%!` stand for the braces themselves.
    if (this.#sql[at + 2] === '!') {
      this.#body.push({ kind: 'text', chunk: new TextChunk(opener, at) })
      this.#at = at + 3
      return
    }
    const end = this.#closing(at, opener)
    const inner = this.#sql.slice(at + 2, end)
    this.#at = end + 2
    if (opener === '{#') return
    if (opener === '{{') {
      if (inner.trim() === '') throw this.#fault('the tag {{ }} is empty', at)
      const expr = parseExpression(inner, at + 2)
      this.#body.push({ kind: 'value', at, end: this.#at, expr })
      return
    }
    this.#statement(at, inner)
  }

  // The offset of the closing braces; those within quotes do not count.
  #closing(at: number, opener: string): number {
    const close = opener === '{{' ? '}}' : opener === '{%' ? '%}' : '#}'
    let quote = ''
    let depth = 0
    for (let i = at + 2; i < this.#sql.length; i++) {
      const char = this.#sql[i]
      if (quote !== '') {
        if (char === '\\') i += 1
        else if (char === quote) quote = ''
      } else if (opener !== '{#' && (char === '"' || char === "'")) {
        quote = char
      } else if (depth === 0 && this.#sql.startsWith(close, i)) {
        return i
      } else if (opener === '{{' && char === '{') {
        depth += 1
      } else if (opener === '{{' && char === '}') {
        depth -= 1
      }
    }
    // A quote that never closes (in a comment, say) must not hide the end.
    const plain = this.#sql.indexOf(close, at + 2)
    if (plain >= 0) return plain
    throw this.#fault(`this ${opener} has no ${close}`, at)
  }

  #statement(at: number, inner: string): void {
    const word = /^\s*([A-Za-z_]+)/.exec(inner)
    const name = word?.[1] ?? ''
    const restAt = at + 2 + (word?.[0].length ?? 0)
    const rest = inner.slice(word?.[0].length ?? 0)
    switch (name) {
      case 'if': case 'for': case 'while': case 'try': return this.#open(name, at, rest, restAt)
      case 'elif': case 'else': return this.#branch(name, at, rest, restAt)
      case 'except': case 'finally': return this.#handler(name, at, rest)
      case 'end': case 'endif': case 'endfor': return this.#end(at)
      case 'set': {
        const { targets, value } = parseTargets(rest, restAt, '=')
        this.#body.push({ kind: 'set', at, targets, value })
        return
      }
      case 'comment': return this.#comment(rest)
      case 'break': case 'continue':
        // The else of a loop is no part of it.
        if (!this.#stack.some(open => (open.kind === 'for' || open.kind === 'while') && open.branches.length === 0)) {
          throw this.#fault(`{% ${name} %} stands outside of a {% for %} or {% while %}`, at)
        }
        this.#body.push({ kind: name, at })
        return
      default:
        throw this.#fault(name === '' ? 'the tag {% %} is empty' : unknownStatement(name), at)
    }
  }

  #open(kind: BlockKind, at: number, rest: string, restAt: number): void {
    if (this.#stack.length > NESTING_MAX) {
      throw this.#fault(`blocks are nested more than ${NESTING_MAX} levels deep`, at)
    }
    const open: Open = { kind, at, body: [], branches: [], finish: this.#finish(kind, at, rest, restAt) }
    if (kind === 'if') open.branches.push({ word: 'if', condition: this.#condition('if', at, rest, restAt), name: null, body: [] })
    this.#stack.push(open)
  }

  #finish(kind: BlockKind, at: number, rest: string, restAt: number): Open['finish'] {
    switch (kind) {
      case 'if': return open => ({ kind, at, branches: open.branches })
      case 'for': {
        const { targets, value } = parseTargets(rest, restAt, 'in')
        return open => ({ kind, at, targets, list: value, body: open.body, orElse: bodyOf(open, 'else') })
      }
      case 'while': {
        const condition = this.#condition(kind, at, rest, restAt)
        return open => ({ kind, at, condition, body: open.body, orElse: bodyOf(open, 'else') })
      }
      case 'try': return open => ({
        kind, at, body: open.body, caught: open.branches.find(({ word }) => word === 'except') ?? null,
        orElse: bodyOf(open, 'else'), last: bodyOf(open, 'finally'),
      })
    }
  }

  #condition(name: string, at: number, rest: string, restAt: number): Expr {
    // Python's colon at the end is a habit; it says nothing here.
    const text = rest.replace(/:\s*$/, '')
    if (text.trim() === '') throw this.#fault(`{% ${name} %} needs a condition`, at)
    return parseExpression(text, restAt)
  }

  #branch(name: 'elif' | 'else', at: number, rest: string, restAt: number): void {
    const open = this.#stack[this.#stack.length - 1]
    if (open.kind === 'root') throw this.#fault(`{% ${name} %} stands outside of an {% if %}`, at)
    // `else if` is read as elif.
    const elseIf = name === 'else' ? /^\s*if\b/.exec(rest) : null
    const condition = elseIf !== null
      ? this.#condition('elif', at, rest.slice(elseIf[0].length), restAt + elseIf[0].length)
      : name === 'elif' ? this.#condition(name, at, rest, restAt) : null
    if (condition !== null && open.kind !== 'if') throw this.#fault(`{% elif %} stands in a {% ${open.kind} %}`, at)
    this.#section(open, { word: condition === null ? 'else' : 'elif', condition, name: null, body: [] }, at)
  }

  #handler(name: 'except' | 'finally', at: number, rest: string): void {
    const open = this.#stack[this.#stack.length - 1]
    if (open.kind !== 'try') throw this.#fault(`{% ${name} %} stands outside of a {% try %}`, at)
    const bound = name === 'except' ? /\bas\s+([A-Za-z_]\w*)\s*:?\s*$/.exec(rest) : null
    this.#section(open, { word: name, condition: null, name: bound?.[1] ?? null, body: [] }, at)
  }

  // Only exceptions and elifs come more than once, and none after what ends the block: else of an if, finally of a try.
  #section(open: Open, section: Section, at: number): void {
    const last = open.branches[open.branches.length - 1]
    const isOver = last !== undefined && (last.word === 'finally' || (last.word === 'else' && section.word !== 'finally'))
    if (isOver) throw this.#fault(`{% ${section.word} %} follows an {% ${last.word} %}`, at)
    open.branches.push(section)
  }

  #end(at: number): void {
    const open = this.#stack[this.#stack.length - 1]
    if (open.kind === 'root') throw this.#fault('this {% end %} closes nothing', at)
    this.#stack.pop()
    const node = open.finish(open)
    if (node !== null) this.#body.push(node)
  }

  // `{% comment text %}` is one tag; a bare `{% comment %}` reaches to its end tag where there is
  // one.
  #comment(rest: string): void {
    if (rest.trim() !== '') return
    const end = /\{%\s*endcomment\s*%\}/g
    end.lastIndex = this.#at
    const match = end.exec(this.#sql)
    if (match !== null) this.#at = match.index + match[0].length
  }
}
