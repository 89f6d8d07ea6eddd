// Values written in the text of a request, as slots: statements that differ only in what they compare
// with, or in how many rows they ask for, share their plan, as calls of a template do.
// Invariants: a slot spans one whole literal; a text that may hold quotes of another kind has none. The
// analyzer says of a slot whose value decides the plan, so what is a slot here can cost, never change
// an answer.

import type { Slot } from './slots.ts'

/** Strings, quoted names, comments, numbers and words: the pieces that literals are told from. */
const PIECE = new RegExp([
  String.raw`'(?:[^'\\]|\\.|'')*'`, String.raw`"(?:[^"\\]|\\.|"")*"`, String.raw`\`(?:[^\`\\]|\\.|\`\`)*\``,
  String.raw`--[^\n]*`, String.raw`#[^\n]*`, String.raw`\/\*[\s\S]*?\*\/`, String.raw`\d[\w.]*`, String.raw`[A-Za-z_]\w*`,
].join('|'), 'g')
/** Heredocs, typographic quotes, comments within comments: rare, and read by the lexer alone. */
const UNSURE = /\$|[\u2018\u2019\u201c\u201d]|\/\*[\s\S]*\/\*/
const MOMENT = /^'\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?'$/
const PLAIN_STRING = /^'[^'\\]*'$/
/** Numbers that doubles hold as they are written. */
const INTEGER = /^\d{1,15}$/
const FRACTION = /^\d{1,9}\.\d{1,6}$/
/** A literal with its type before it is another thing: DATE '2024-01-01'. */
const IS_TYPED = /\w\s*$/
const WORDS = /\b(?:and|between|in|or|when|then|else|like|not|select|where|having|on|limit|by)\s*$/i
/** What a compared value stands behind. On the other side is a name or a call, never another value:
 * `1 = 1` is known when the plan is made. */
const COMPARED = /(?:(?<![\w.])[A-Za-z_][\w.]*|[\])"`])\s*(?:==?|!=|<>|<=|>=|<|>)\s*$/
/** What belongs to a type: JSON(max_dynamic_paths=8). */
const OF_TYPE = /\bmax_dynamic_(?:paths|types)\s*=\s*$/
const NAMED = /(?<![\w.])(?:i?like|between|limit|offset)\s*$/i
const FIRST_OF_LIST = /(?<![\w.])in\s*\(\s*$/i
/** Between the ends of BETWEEN, and between items of a list. */
const AND = /^\s*and\s*$/i
const COMMA = /^\s*,\s*$/
/** What may stand behind: a cast takes the literal's text. */
const CAST = /^\s*::/
/** With more values than this a statement is a list, which hardly comes again with other ones. */
const SLOTS_MAX = 64
const LOOK_BACK = 80

/** What stands before a literal that may be a slot: how it goes on behind it. */
type Place = 'single' | 'between' | 'list'

/** The values of a statement that are slots, in order. */
export function literalSlots(sql: string): readonly Slot[] {
  if (UNSURE.test(sql)) return []
  const slots: Slot[] = []
  let open: Place = 'single'
  for (const { 0: piece, index: start } of sql.matchAll(PIECE)) {
    const value = valueOf(piece)
    if (value === null) continue
    const end = start + piece.length
    const before = sql.slice(Math.max(0, start - LOOK_BACK), start)
    const place: Place | null = placeOf(before) ?? goesOn(open, slots.at(-1), sql, start)
    const isMoment = MOMENT.test(piece) && !(IS_TYPED.test(before) && !WORDS.test(before))
    if ((place === null || CAST.test(sql.slice(end, end + 16))) && !isMoment) {
      open = 'single'
      continue
    }
    open = place ?? 'single'
    slots.push({ start, end, type: typeOf(value, piece), value, secret: false })
    if (slots.length > SLOTS_MAX) return []
  }
  return slots
}

/** Slots of equal values are one: an expression that stands twice is computed once. */
export function sharedSlots(slots: readonly Slot[]): readonly Slot[] {
  const first = new Map<string, number>()
  return slots.map((slot, index) => {
    const key = `${slot.type} ${Object.is(slot.value, -0) ? '-0' : String(slot.value)}`
    const sameAs = first.get(key)
    if (sameAs !== undefined) return { ...slot, sameAs }
    first.set(key, index)
    return slot
  })
}

function valueOf(piece: string): string | number | null {
  if (piece[0] === "'") return PLAIN_STRING.test(piece) ? piece.slice(1, -1) : null
  return INTEGER.test(piece) || FRACTION.test(piece) ? Number(piece) : null
}

const typeOf = (value: string | number, piece: string): string =>
  (typeof value === 'string' ? 'String' : piece.includes('.') ? 'Float' : 'Int')

/** Where a value stands, as the text right before it says; null: it does not. */
function placeOf(before: string): Place | null {
  if (FIRST_OF_LIST.test(before)) return 'list'
  if (NAMED.test(before)) return /between\s*$/i.test(before) ? 'between' : 'single'
  return COMPARED.test(before) && !OF_TYPE.test(before) ? 'single' : null
}

/** The other end of a BETWEEN, or a further item of a list. */
function goesOn(open: Place, last: Slot | undefined, sql: string, start: number): Place | null {
  if (last === undefined || open === 'single') return null
  const between = sql.slice(last.end, start)
  if (open === 'list') return COMMA.test(between) ? 'list' : null
  return AND.test(between) ? 'single' : null
}
