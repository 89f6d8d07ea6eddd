// Documents without the paths that their type leaves out: JSON(SKIP a.b, SKIP REGEXP 'x.*').
// Invariant: what is left stands as it was written; a document without such a path stays as it is.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { ByteBuilder } from './byte-builder.ts'
import { keysOf, kindAt, members, skipSpace, skipValue } from './json-scan.ts'
import { compilePattern } from './regexp.ts'
import { asBytes } from './vectors.ts'

type IsSkipped = (path: string) => boolean

function skippedBy({ paths, patterns }: NonNullable<DataType['skips']>): IsSkipped {
  const whole = new Set(paths)
  const found = patterns.map((pattern) => compilePattern(pattern))
  return (path) => whole.has(path) || found.some((pattern) => pattern.test(path))
}

function writeWithout(out: ByteBuilder, bytes: Uint8Array, start: number, end: number, prefix: string, isSkipped: IsSkipped): void {
  const at = skipSpace(bytes, start, end)
  if (kindAt(bytes, at, end) !== 'object') {
    out.slice(bytes, at, end)
    return
  }
  const places = members(bytes, at, end)
  out.byte(123)
  let isFirst = true
  keysOf(bytes, at, end).forEach((key, i) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (isSkipped(path)) return
    if (!isFirst) out.byte(44)
    isFirst = false
    out.text(`${JSON.stringify(key)}:`)
    writeWithout(out, bytes, places[i], skipValue(bytes, places[i], end), path, isSkipped)
  })
  out.byte(125)
}

/** The documents of a vector as `type` keeps them. */
export function keptDocuments(vector: Vector, type: DataType, account: MemoryAccount): Vector {
  const { skips } = bareType(type)
  if (skips === null) return vector
  const text = asBytes(vector, account)
  const isSkipped = skippedBy(skips)
  const out = new ByteBuilder(text.length, account, text.bytes.length)
  for (let row = 0; row < text.length; row++) {
    const slot = text.isConst ? 0 : row
    const [start, end] = [text.offsets[slot], text.offsets[slot + 1]]
    if (start < end) writeWithout(out, text.bytes, start, end, '', isSkipped)
    out.endRow()
  }
  const { nulls } = text
  return out.finish(text.type, nulls === null || !text.isConst ? nulls : account.u8(text.length).fill(nulls[0]))
}
