// Which row sets of a list have a string: a bit for each string of the table's dictionary and each row set. A point
// query finds its string once, and opens the dictionaries of those row sets alone that have it.
// Invariant: a row set whose bit is not set has no row with the string.

import type { ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'
import type { SharedDictionary } from '../dictionaries/string-table.ts'

/** Bits are set after so many questions, and one more for so many strings of all row sets: by then they have paid. */
const ASKED_MIN = 64
const STRINGS_AN_ASK = 1024
const STRINGS_MAX = 2 ** 21
const WORDS_MAX = 2 ** 20
const WORD_BITS = 32

type Presence = {
  readonly dictionary: SharedDictionary
  asked: number
  /** Questions from which on bits are worth their while. */
  wanted: number
  /** By string; null: not known yet. */
  words: Uint32Array | null
  /** Row sets that may have any string: they keep no dictionary. */
  readonly always: Uint32Array
}

const known = perPlan((_list: readonly RowSet[]) => new Map<number, Presence>())

/** Bits of the row sets of a list that may have one of these strings in a column; null: nothing is known.
 * `readers`: of the column, by row set. */
export function rowSetsWith(
  values: readonly Uint8Array[], list: readonly RowSet[], readers: readonly (ColumnReader | null)[], columnId: number,
  dictionary: SharedDictionary, dictionaries: SharedDictionaries,
): Uint32Array | null {
  const columns = known(list)
  let presence = columns.get(columnId)
  if (presence?.dictionary !== dictionary) {
    const always = new Uint32Array(Math.ceil(list.length / WORD_BITS))
    columns.set(columnId, presence = { dictionary, asked: 0, wanted: ASKED_MIN, words: null, always })
  }
  if (presence.words === null && ++presence.asked >= presence.wanted) learn(presence, list, readers, dictionaries)
  const { words, always } = presence
  if (words === null) return null
  const found = always.slice()
  for (const value of values) {
    // A string that came later is in none of these row sets.
    const at = dictionary.find(value) * always.length
    if (at >= 0 && at < words.length) for (let w = 0; w < found.length; w++) found[w] |= words[at + w]
  }
  return found
}

export const isAmong = (bits: Uint32Array, index: number): boolean =>
  (bits[Math.floor(index / WORD_BITS)] >>> index % WORD_BITS & 1) === 1

/** Sets the bits, or says when to try again. */
function learn(
  presence: Presence, list: readonly RowSet[], readers: readonly (ColumnReader | null)[], dictionaries: SharedDictionaries,
): void {
  const { dictionary, always } = presence
  let strings = 0
  for (const reader of readers) strings += Math.max(0, reader?.distinctCount ?? 0)
  presence.wanted = ASKED_MIN + strings / STRINGS_AN_ASK
  if (strings > STRINGS_MAX || dictionary.size * always.length > WORDS_MAX) presence.wanted = Number.POSITIVE_INFINITY
  if (presence.asked < presence.wanted) return
  const maps: (Uint32Array | null)[] = []
  for (let index = 0; index < list.length; index++) {
    const reader = readers[index]
    maps[index] = null
    if (reader === null || reader.distinctCount < 0) {
      always[Math.floor(index / WORD_BITS)] |= 1 << index % WORD_BITS
      continue
    }
    const map = dictionaries.known(dictionary, list[index].label, reader)
    if (map === null) {
      presence.wanted = presence.asked * 2
      return
    }
    maps[index] = map.toShared
  }
  // Its size is asked for now: another thread may have entered strings of these maps just before.
  const words = new Uint32Array(dictionary.size * always.length)
  for (let index = 0; index < list.length; index++) {
    const [word, bit, map] = [Math.floor(index / WORD_BITS), 1 << index % WORD_BITS, maps[index]]
    if (map === null) continue
    for (let local = 0; local < map.length; local++) words[map[local] * always.length + word] |= bit
  }
  presence.words = words
}
