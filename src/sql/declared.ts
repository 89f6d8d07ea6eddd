// Numbers with a type: a template's `{{Int32(n)}}` stands in the statement as `toInt32('5')`, as Tinybird
// writes it. To the parser this is one number of that type, so that a plan serves all values of the
// parameter and it may stand wherever a number may (LIMIT, INTERVAL).
// Invariant: only what a slot of such a type covers is read so; a call that the text itself holds stays one.

import { MARK, NUMBER, STRING, WORD, type Tokens } from './lex.ts'

/** A piece of the text that came from a parameter: literals inside it carry its index. */
export interface Slot {
  readonly start: number
  readonly end: number
  /** The parameter's type: one of DECLARED is spelt as a call and stands for a number of that type. */
  readonly type?: string
  /** The slot of the same value that stands for this one. */
  readonly sameAs?: number
}

/** The types of parameters that are written as calls. */
export const DECLARED = /^(?:U?Int(?:8|16|32|64|128|256)|Float(?:32|64))$/

const NONE: ReadonlyMap<number, string> = new Map()

/** The tokens, with each slot of a declared type as one number; the types by where these start. */
export function declaredTokens(
  text: string, tokens: Tokens, slots: readonly Slot[],
): { readonly tokens: Tokens; readonly declared: ReadonlyMap<number, string> } {
  const typed = slots.filter(({ type }) => type !== undefined && DECLARED.test(type))
  if (typed.length === 0) return { tokens, declared: NONE }
  const ends = new Map(typed.map(({ start, end }) => [start, end]))
  const declared = new Map(typed.map(({ start, type }) => [start, type as string]))
  const merged: Tokens = { kinds: [], texts: [], starts: [], ends: [] }
  for (let i = 0; i < tokens.kinds.length; i++) {
    const start = tokens.starts[i]
    const isCall = tokens.kinds[i] === WORD && tokens.kinds[i + 1] === MARK && tokens.kinds[i + 2] === STRING
      && tokens.kinds[i + 3] === MARK && tokens.ends[i + 3] === ends.get(start)
    if (!isCall) declared.delete(start)
    merged.kinds.push(isCall ? NUMBER : tokens.kinds[i])
    merged.texts.push(isCall ? text.slice(tokens.starts[i + 2] + 1, tokens.ends[i + 2] - 1) : tokens.texts[i])
    merged.starts.push(start)
    if (isCall) i += 3
    merged.ends.push(tokens.ends[i])
  }
  return { tokens: merged, declared }
}
