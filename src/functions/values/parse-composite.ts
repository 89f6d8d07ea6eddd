// Text of arrays, tuples and maps as values: `[1,2]`, `('a',3)`, `{'k':1}`.
// Invariant: answers undefined for anything malformed; nesting is bounded by the type's own depth.

import { type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from './value.ts'
import { wellFormed } from '../../sql/raw-text.ts'
import { elementTypeOf } from './vectors.ts'

type ParseScalar = (text: string, type: DataType) => Value | undefined

/** The value of an Array, Tuple or Map type; `scalar` parses what lies inside. */
export function parseComposite(
  text: string, type: DataType, scalar: ParseScalar): Value | undefined {
  const reader = new CompositeReader(text, scalar)
  const value = reader.read(type)
  return value !== undefined && reader.isAtEnd() ? value : undefined
}

class CompositeReader {
  private at = 0
  private readonly source: string
  private readonly scalar: ParseScalar

  constructor(source: string, scalar: ParseScalar) {
    this.source = source
    this.scalar = scalar
  }

  isAtEnd(): boolean {
    this.space()
    return this.at === this.source.length
  }

  read(type: DataType): Value | undefined {
    switch (type.id) {
      case 'Array': return this.list('[', ']', () => this.read(type.args[0]))
      case 'Map': return this.list('{', '}', () => this.pair(elementTypeOf(type)))
      case 'Tuple': {
        let field = 0
        const values = this.list('(', ')', () => {
          const arg = type.args[field++]
          return arg === undefined ? undefined : this.read(arg)
        })
        return values?.length === type.args.length ? values : undefined
      }
      case 'JSON': return this.document()
      default: return this.atom(type)
    }
  }

  /** An object as it stands. */
  private document(): Value | undefined {
    this.space()
    const start = this.at
    let depth = 0
    for (let isQuoted = false; this.at < this.source.length; this.at++) {
      const char = this.source[this.at]
      if (isQuoted) {
        if (char === '\\') this.at++
        else if (char === '"') isQuoted = false
        continue
      }
      if (char === '"') isQuoted = true
      else if (char === '{' || char === '[') depth++
      else if ((char === '}' || char === ']') && --depth === 0) break
      if (depth === 0) return undefined
    }
    if (this.source[this.at] !== '}' || this.source[start] !== '{') return undefined
    this.at++
    return this.source.slice(start, this.at)
  }

  private pair(type: DataType): Value | undefined {
    const key = this.read(type.args[0])
    if (key === undefined || !this.take(':')) return undefined
    const value = this.read(type.args[1])
    return value === undefined ? undefined : [key, value]
  }

  private list(
    open: string, close: string, item: () => Value | undefined): Value[] | undefined {
    if (!this.take(open)) return undefined
    const values: Value[] = []
    if (this.take(close)) return values
    for (;;) {
      const value = item()
      if (value === undefined) return undefined
      values.push(value)
      if (this.take(close)) return values
      if (!this.take(',')) return undefined
    }
  }

  private atom(type: DataType): Value | undefined {
    this.space()
    if (this.source[this.at] === "'") {
      const text = this.quoted()
      return text === undefined ? undefined : this.scalar(text, type)
    }
    if (this.source[this.at] === '"') return this.jsonString(type)
    const start = this.at
    while (this.at < this.source.length && !',:)]} '.includes(this.source[this.at])) this.at++
    const text = this.source.slice(start, this.at)
    if ((text === 'NULL' || text === 'null') && type.id === 'Nullable') return null
    return this.scalar(text, type)
  }

  /** A text as JSON has it: what paths of JSON values hold. */
  private jsonString(type: DataType): Value | undefined {
    const found = /"(?:[^"\\]|\\.)*"/sy
    found.lastIndex = this.at
    const text = found.exec(this.source)?.[0]
    if (text === undefined) return undefined
    this.at += text.length
    try {
      return this.scalar(wellFormed(String(JSON.parse(text))), type)
    } catch {
      return undefined
    }
  }

  private quoted(): string | undefined {
    let text = ''
    this.at++
    while (this.at < this.source.length) {
      const char = this.source[this.at++]
      if (char === "'") {
        if (this.source[this.at] !== "'") return text
        this.at++
        text += "'"
      } else if (char === '\\') {
        const next = this.source[this.at++] ?? ''
        text += ESCAPES[next] ?? next
      } else {
        text += char
      }
    }
    return undefined
  }

  private take(char: string): boolean {
    this.space()
    if (this.source[this.at] !== char) return false
    this.at++
    return true
  }

  private space(): void {
    while (this.source[this.at] === ' ') this.at++
  }
}

const ESCAPES: Readonly<Record<string, string>> =
  { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' }
