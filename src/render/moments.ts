// Moments written in the text of a request, as slots: a dashboard's statement differs from call to call
// in its time bounds alone, and keeps its plan so.
// Invariant: a slot spans one whole string literal; a text that may hold quotes of another kind has none.

import type { Slot } from './slots.ts'

/** Strings, quoted names and comments: what stands in them is not looked at. */
const PIECE = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//g
/** Heredocs, typographic quotes, comments within comments: rare, and read by the lexer alone. */
const UNSURE = /\$|[\u2018\u2019\u201c\u201d]|\/\*[\s\S]*\/\*/
const MOMENT = /^'\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?'$/
/** A literal with its type before it is another thing: DATE '2024-01-01'. */
const IS_TYPED = /\w\s*$/
const WORDS = /\b(?:and|between|in|or|when|then|else|like|not|select|where|having|on|limit|by)\s*$/i

/** The moments of a statement, in order. */
export function momentSlots(sql: string): readonly Slot[] {
  if (UNSURE.test(sql)) return []
  const slots: Slot[] = []
  for (const { 0: piece, index: start } of sql.matchAll(PIECE)) {
    if (!MOMENT.test(piece)) continue
    const before = sql.slice(Math.max(0, start - 32), start)
    if (IS_TYPED.test(before) && !WORDS.test(before)) continue
    slots.push({ start, end: start + piece.length, type: 'String', value: piece.slice(1, -1), secret: false })
  }
  return slots
}
