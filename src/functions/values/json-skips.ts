// Documents as their type keeps them: without the paths that it leaves out, JSON(SKIP a.b, SKIP REGEXP 'x.*'), and with
// the values of those that it types, JSON(a UInt32, b.c String), as these are written.
// Invariant: whatever else there is stands as it was written.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { ByteBuilder } from './byte-builder.ts'
import { keysOf, kindAt, members, skipSpace, skipValue } from './json-scan.ts'
import { writeJsonValue } from './json-value.ts'
import { compilePattern } from './regexp.ts'
import { asBytes } from './vectors.ts'

type IsSkipped = (path: string) => boolean

function skippedBy({ paths, patterns }: NonNullable<DataType['skips']>): IsSkipped {
  const whole = new Set(paths)
  const found = patterns.map((pattern) => compilePattern(pattern))
  return (path) => whole.has(path) || found.some((pattern) => pattern.test(path))
}

/** The values of a typed path; 1 in `isRaw` where the one of the document stays as it was written. */
export type TypedPath = { readonly values: Vector; readonly isRaw: Uint8Array }

/** Typed paths by their keys: values, or what lies below a key. */
type Branch = Map<string, TypedPath | Branch>

function branchesOf(names: readonly string[], values: readonly TypedPath[]): Branch {
  const root: Branch = new Map()
  names.forEach((name, i) => {
    const keys = name.split('.')
    const last = keys.pop() as string
    let branch = root
    for (const key of keys) {
      let below = branch.get(key)
      if (!(below instanceof Map)) branch.set(key, below = new Map())
      branch = below
    }
    branch.set(last, values[i])
  })
  return root
}

/** Writes one row's document: without what is skipped, and with the values of typed paths. */
class DocumentWriter {
  private readonly out: ByteBuilder
  private readonly bytes: Uint8Array
  private readonly isSkipped: IsSkipped
  slot = 0

  constructor(out: ByteBuilder, bytes: Uint8Array, isSkipped: IsSkipped) {
    this.out = out
    this.bytes = bytes
    this.isSkipped = isSkipped
  }

  write(start: number, end: number, prefix: string, typed: Branch | null): void {
    const { out, bytes } = this
    const at = skipSpace(bytes, start, end)
    if (kindAt(bytes, at, end) !== 'object') {
      out.slice(bytes, at, end)
      return
    }
    const places = members(bytes, at, end)
    const met = new Set<string>()
    out.byte(123)
    const before = out.length
    keysOf(bytes, at, end).forEach((key, i) => {
      const path = prefix === '' ? key : `${prefix}.${key}`
      const below = typed?.get(key)
      const isLeaf = below !== undefined && !(below instanceof Map)
      if (this.isSkipped(path) || (isLeaf && below.isRaw[this.slot] === 0)) return
      const isWithin = below instanceof Map && kindAt(bytes, places[i], end) === 'object'
      if (isWithin) met.add(key)
      this.key(key, before)
      this.write(places[i], skipValue(bytes, places[i], end), path, isWithin ? below : null)
    })
    if (typed !== null) this.values(typed, met, before)
    out.byte(125)
  }

  /** Values of typed paths, defaults among them; not those below the keys in `met`. */
  private values(typed: Branch, met: ReadonlySet<string>, before: number): void {
    for (const [key, below] of typed) {
      if (met.has(key) || (!(below instanceof Map) && below.isRaw[this.slot] === 1)) continue
      this.key(key, before)
      if (below instanceof Map) {
        this.out.byte(123)
        this.values(below, new Set(), this.out.length)
        this.out.byte(125)
      } else writeJsonValue(this.out, below.values, this.slot)
    }
  }

  private key(key: string, before: number): void {
    if (this.out.length > before) this.out.byte(44)
    this.out.text(`${JSON.stringify(key)}:`)
  }
}

const skipsNothing: IsSkipped = () => false

/** The documents of a vector as `type` keeps them. `typed`: the values of its typed paths, in their order; null:
 * these stand as they were written. */
export function keptDocuments(
  vector: Vector, type: DataType, account: MemoryAccount, typed: readonly TypedPath[] | null = null,
): Vector {
  const { skips, names } = bareType(type)
  if (skips === null && typed === null) return vector
  const text = asBytes(vector, account)
  const branches = typed === null ? null : branchesOf(names ?? [], typed)
  const out = new ByteBuilder(text.length, account, text.bytes.length)
  const writer = new DocumentWriter(out, text.bytes, skips === null ? skipsNothing : skippedBy(skips))
  for (let row = 0; row < text.length; row++) {
    writer.slot = text.isConst ? 0 : row
    const [start, end] = [text.offsets[writer.slot], text.offsets[writer.slot + 1]]
    if (start < end) writer.write(start, end, '', branches)
    out.endRow()
  }
  const { nulls } = text
  return out.finish(text.type, nulls === null || !text.isConst ? nulls : account.u8(text.length).fill(nulls[0]))
}
