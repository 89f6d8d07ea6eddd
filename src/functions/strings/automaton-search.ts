// Many strings asked of a regular expression at once: by its table of states where there is one.
// Invariant: what the table does not know (UNKNOWN) is asked of the pattern itself.

import type { BytesVector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'
import { compileRe2 } from '../values/regexp.ts'
import { automatonOf, type Automaton } from './regexp-automaton.ts'
import { inWorkMemory } from '../values/vectors.ts'

/** Fewer strings are not worth a table. */
const STRINGS_MIN = 64
/** Tables kept in a thread, each of 66 KB at most: a pattern is asked block by block. */
const TABLES_MAX = 16

const tables = new Map<string, Automaton | null>()

/** The table of a pattern for so many strings; null: there is none. */
export function automatonFor(pattern: string, isCaseless: boolean, stringCount: number): Automaton | null {
  const key = `${isCaseless}|${pattern}`
  let automaton = tables.get(key)
  if (automaton === undefined) {
    if (stringCount < STRINGS_MIN) return null
    // It has no bytes but those of characters (raw-text.ts).
    automaton = /\p{Surrogate}/u.test(pattern) ? null : automatonOf(compileRe2(pattern, isCaseless, true))
  }
  tables.delete(key)
  tables.set(key, automaton)
  if (tables.size > TABLES_MAX) for (const oldest of tables.keys()) if (tables.size > TABLES_MAX) tables.delete(oldest)
  return automaton
}

/** Fills `out`, which lies in work memory, with 1, 0 or UNKNOWN a string. `places`: where `needle`, which
 * every match holds, was found; null: there is no needle. `isFirst`: every match begins with it. */
export function matchStrings(
  automaton: Automaton, text: BytesVector, needle: Uint8Array, isFirst: boolean, places: Uint32Array | null, out: Uint8Array,
  { account, kernels }: EvalContext,
): void {
  const { offsets, bytes } = inWorkMemory(text, account)
  const [next, starts] = [automaton.next, automaton.starts].map((table) => {
    const pointer = account.allocate(table.byteLength)
    new Uint16Array(account.work.buffer, pointer, table.length).set(table)
    return pointer
  })
  const ends = account.u8(automaton.ends.length)
  ends.set(automaton.ends)
  const wanted = account.u8(needle.length)
  wanted.set(needle)
  kernels.matchStrings(offsets.byteOffset, bytes.byteOffset, text.length, next, ends.byteOffset, starts, automaton.busyFrom,
    wanted.byteOffset, isFirst ? needle.length : 0, places?.byteOffset ?? 0, out.byteOffset)
  for (const pointer of [next, starts, ends.byteOffset, wanted.byteOffset]) account.free(pointer)
}
