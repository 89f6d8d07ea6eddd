// Writes the SQL of one node: the template's text as it is, values as literals. Every literal in
// plain SQL is a slot, so that a plan made for one request serves the next. Invariant: a value
// never changes what the text around it means; whatever it holds, it lexes as one literal that
// decodes back to it. A number of a declared type is a call over its digits, as Tinybird writes it.

import {
  AFTER_BACKSLASH, AFTER_HEREDOC, advance, IN_BLOCK_COMMENT, IN_LINE_COMMENT, IN_STRING, PLAIN,
  type TextChunk,
} from './lexical.ts'
import { DECLARED } from '../sql/declared.ts'
import type { NodeText, Pieces, Slot } from './slots.ts'
import {
  Dict, floatText, Fragment, Literal, Missing, missingFault, TemplateFault, toJson, Tuple, Typed,
  type Value,
} from './values.ts'

// A statement larger than this is a mistake of a loop, and no engine takes it.
const SQL_CHARS_MAX = 8_000_000
const WORD_CHAR = /[A-Za-z0-9_$\u0080-\uffff]/

/** `text` as ClickHouse's string literal: decodes back to exactly `text`. */
export function stringLiteral(text: string): string {
  return `'${escapeString(text)}'`
}

function escapeString(text: string): string {
  if (!/[\\'\n\r\0]/.test(text)) return text
  return text.replace(/[\\'\n\r\0]/g, char =>
    char === '\n' ? '\\n' : char === '\r' ? '\\r' : char === '\0' ? '\\0' : `\\${char}`)
}

/** Numbers in a list are digits, whatever they were declared as. */
const digitsType = (type: string): string =>
  (DECLARED.test(type) ? type.startsWith('Float') ? 'Float' : 'Int' : type)

/** What a writer has written. Its text is joined when it is asked for: mostly its shape is known, and nobody asks. */
class WrittenText implements NodeText {
  readonly length: number
  readonly slots: readonly Slot[]
  readonly marks: readonly number[]
  readonly pieces: Pieces
  #sql: string | null = null

  constructor(length: number, slots: readonly Slot[], marks: readonly number[], pieces: Pieces) {
    this.length = length
    this.slots = slots
    this.marks = marks
    this.pieces = pieces
  }

  get sql(): string { return this.#sql ??= this.pieces.texts.join('') }
}

export class SqlWriter {
  readonly #texts: string[] = []
  #length = 0
  // The last character.
  #last = ' '
  #state = PLAIN
  // What was written last, where text right behind it could join it: a letter a number, a quote a
  // text.
  #after: 'number' | 'string' | 'other' = 'other'
  readonly #slots: Slot[] = []
  /** Which of #texts they are. */
  readonly #ofSlots: number[] = []
  readonly #marks: number[] = []

  /** True within a comment: nothing needs to be evaluated there. */
  get inComment(): boolean {
    return this.#state === IN_LINE_COMMENT || this.#state === IN_BLOCK_COMMENT
  }

  /** The template's own text. */
  text(chunk: TextChunk): void {
    const { text, at } = chunk
    if (this.#length === 0) {
      const { begun } = chunk
      if (begun === '') return
      this.#marks.push(0, at + text.length - begun.length, 1)
      this.#state = chunk.after(PLAIN)
      this.#append(begun)
      return
    }
    const first = text[0]
    const last = this.#last
    if (this.#after === 'string' && first === "'") this.#space()
    if (this.#after === 'number' && (first === '.' || WORD_CHAR.test(first))) {
      this.#slots.pop()
      this.#ofSlots.pop()
    }
    this.#after = 'other'
    this.#marks.push(this.#length, at, 1)
    // `-` and `-`, `/` and `*` on two sides of a tag are one comment sign.
    const joins = this.#state === AFTER_BACKSLASH || (last === first && first === '-') ||
      (last === '/' && first === '*') || (last === '*' && first === '/') || last === '#'
    this.#state = joins ? this.#joined(last, text) : chunk.after(this.#state)
    this.#append(text)
  }

  #append(text: string): void {
    this.#texts.push(text)
    this.#length += text.length
    this.#last = text[text.length - 1]
    if (this.#length > SQL_CHARS_MAX) {
      throw new TemplateFault('the rendered SQL is larger than 8 MB', { code: 'template-limit' })
    }
  }

  #joined(last: string, text: string): number {
    if (this.#state === AFTER_BACKSLASH) return advance(PLAIN, this.#texts.join('') + text)
    return advance(this.#state, last + text)
  }

  /** SQL made by a function; `at` is where in the node's SQL it was asked for. */
  fragment(text: string, at: number): void {
    if (text === '' || this.inComment) return
    if (this.#state !== PLAIN) {
      this.#quoted(text, at)
      return
    }
    this.#marks.push(this.#length, at, 0)
    this.#append(text)
    this.#after = 'other'
  }

  /** A value as a literal. `at` is where in the node's SQL it was asked for. */
  value(value: Value, at: number): void {
    if (this.inComment) return
    if (value instanceof Fragment) {
      for (const part of value.parts) {
        if (part instanceof Literal) this.value(part.value, at)
        else this.fragment(part, at)
      }
      return
    }
    if (value instanceof Missing) throw missingFault(value)
    if (this.#state !== PLAIN) {
      this.#quoted(value, at)
      return
    }
    this.#marks.push(this.#length, at, 0)
    this.#literal(value)
  }

  #literal(value: Value): void {
    if (value instanceof Typed) this.#typed(value.type, value.value, value.secret)
    else if (typeof value === 'string') this.#typed('String', value, false)
    else if (typeof value === 'bigint') this.#typed('Int', value, false)
    else if (typeof value === 'number') this.#typed('Float', value, false)
    else if (typeof value === 'boolean') this.#word(value ? 'true' : 'false')
    else if (Array.isArray(value)) this.#list('[', value, ']')
    else if (value instanceof Tuple) this.#list('(', value.items, ')')
    else if (value instanceof Dict) this.#typed('String', toJson(value), false)
    else this.#word('NULL')
  }

  #word(text: string): void {
    if (WORD_CHAR.test(this.#last)) this.#space()
    this.#append(text)
  }

  #list(open: string, items: readonly Value[], close: string): void {
    this.#append(open)
    items.forEach((item, i) => {
      if (i > 0) this.#append(',')
      if (item instanceof Missing) throw missingFault(item)
      this.#literal(item instanceof Typed ? new Typed(digitsType(item.type), item.value, item.secret) : item)
    })
    this.#after = 'other'
    // A tuple of one needs its comma: `(1)` is a number.
    this.#append(open === '(' && items.length === 1 ? `,${close}` : close)
  }

  #typed(type: string, value: string | number | bigint | boolean, secret: boolean): void {
    const last = this.#last
    if (typeof value === 'string') {
      // `b'…'` and `x'…'` are other literals, and `'a''b'` is one.
      if (last === "'" || WORD_CHAR.test(last)) this.#space()
      this.#slot(stringLiteral(value), type, value, secret)
      this.#after = 'string'
      return
    }
    const text = typeof value === 'number' ? floatText(value)
      : String(typeof value === 'boolean' ? Number(value) : value)
    if (DECLARED.test(type) && last !== '.' && !WORD_CHAR.test(last)) {
      if (last === "'") this.#space()
      this.#slot(`to${type}('${text}')`, type, type === 'Float32' ? Math.fround(Number(value)) : value, secret)
      this.#after = 'other'
      return
    }
    // `1 -{{n}}` with n = -1 must not begin a comment.
    if (text[0] === '-' && last === '-') this.#space()
    if (last !== '.' && !WORD_CHAR.test(last)) {
      this.#slot(text, type, value, secret)
      this.#after = 'number'
    } else {
      // Joined to a name (`column_{{n}}`): digits are harmless, a sign would be an operator.
      this.#append(text[0] === '-' ? ` ${text}` : text)
    }
  }

  #slot(text: string, type: string, value: Slot['value'], secret: boolean): void {
    const start = this.#length
    this.#ofSlots.push(this.#texts.length)
    this.#append(text)
    this.#slots.push({ start, end: this.#length, type, value, secret })
  }

  // Within quotes that the template wrote itself: the value's text, escaped, without quotes of its
  // own.
  #quoted(value: Value, at: number): void {
    this.#refuseQuoted()
    if (this.#state !== IN_STRING) {
      throw new TemplateFault(
        'a value stands within a quoted name; use column() or symbol() without quotes',
        { offset: at, code: 'quoted-value' })
    }
    const bare = value instanceof Typed ? value.value : value
    const text = typeof bare === 'string' ? bare : typeof bare === 'number' ? floatText(bare)
      : toJson(bare)
    this.#marks.push(this.#length, at, 0)
    if (text !== '') this.#append(escapeString(text))
  }

  #refuseQuoted(): void {
    if (this.#state === AFTER_BACKSLASH || this.#state === AFTER_HEREDOC) {
      throw new TemplateFault(
        'a value can\'t stand after a backslash in quotes, a heredoc or a typographic quote',
        { code: 'quoted-value' })
    }
  }

  #space(): void {
    this.#append(' ')
  }

  /** The text written, without spaces and semicolons at its end. */
  finish(): NodeText {
    const texts = this.#texts
    const last = this.#slots.length === 0 ? 0 : this.#slots[this.#slots.length - 1].end
    while (this.#length > last) {
      const text = texts[texts.length - 1]
      let end = text.length
      while (end > 0 && /[\s;]/.test(text[end - 1])) end -= 1
      this.#length -= text.length - end
      if (end === text.length) break
      texts.pop()
      if (end > 0) texts.push(text.slice(0, end))
    }
    return new WrittenText(this.#length, this.#slots, this.#marks, { texts, ofSlots: this.#ofSlots })
  }
}
