// Some strings that a query makes again and again (values in templates of JSON), by number: a vector of
// them is codes, and grouping by it needs no bytes.
// Invariant: there are at most STRINGS_MAX; what comes beyond is refused.

import type { Dictionary } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'

const STRINGS_MAX = 4096
const BYTES_MAX = 2 ** 20

// Far from the ids of all other dictionaries.
let nextId = -2_000_000_000

const keyOf = ({ buffer, byteOffset, length }: Uint8Array): string => Buffer.from(buffer, byteOffset, length).toString('latin1')

export class FewStrings implements Dictionary {
  readonly id = nextId--
  private readonly texts: Uint8Array[] = []
  private readonly codes = new Map<string, number>()
  private bytes = 0

  get size(): number { return this.texts.length }

  bytesOf(code: number): Uint8Array { return this.texts[code] }

  lengthOf(code: number): number { return this.texts[code].length }

  find(bytes: Uint8Array): number { return this.codes.get(keyOf(bytes)) ?? -1 }

  /** The code of a string; -1: there are too many. */
  enter(bytes: Uint8Array): number {
    const found = this.find(bytes)
    if (found >= 0) return found
    if (this.size >= STRINGS_MAX || this.bytes + bytes.length > BYTES_MAX) return -1
    this.bytes += bytes.length
    this.codes.set(keyOf(bytes), this.size)
    return this.texts.push(bytes.slice()) - 1
  }
}

const byContext = new WeakMap<EvalContext, FewStrings>()

/** The strings of a query. */
export function fewStringsOf(context: EvalContext): FewStrings {
  let strings = byContext.get(context)
  if (strings === undefined) byContext.set(context, strings = new FewStrings())
  return strings
}
