// Texts that are all UUIDs in lower case, as a vector that knows the 16 bytes of each (codec/string-block.ts): who
// keeps, moves or orders such texts does so with these, in whose order the texts are, and texts are put together
// when somebody looks at their bytes.
// Invariant: only a vector made here has UUIDs; other ways to copy a vector leave them behind.

import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DataType } from './data-type.ts'
import type { BytesVector, Vector } from './vector.ts'

/** Bytes of a UUID's text, of the UUID, and its words. */
export const UUID_TEXT_BYTES = 36
export const UUID_BYTES = 16
export const UUID_WORDS = 4

/** Four words a row in memory of the account: 16 bytes in the order of the text's digits. `made`: what lies in the
 * account because somebody has looked at the texts. `shape`: the texts share none (serial-texts.ts). */
export type Uuids = {
  readonly shape: null
  readonly values: Uint32Array
  readonly made: readonly (Uint8Array | Uint32Array)[]
  readonly account: MemoryAccount
}

const UUIDS = Symbol('UUIDs of texts')

/** null: the vector's texts are no UUIDs, or nobody has told. */
export const uuidsOf = (vector: Vector): Uuids | null => (vector as { readonly [UUIDS]?: Uuids })[UUIDS] ?? null

/** The UUIDs of all vectors; null: not all have some. */
export function allUuids(vectors: readonly Vector[]): Uuids[] | null {
  const all: Uuids[] = []
  for (const vector of vectors) {
    const uuids = uuidsOf(vector)
    if (uuids === null) return null
    all.push(uuids)
  }
  return all.length === 0 ? null : all
}

/** Offsets of `count` values of so many bytes each. */
export function evenOffsets(count: number, bytesEach: number, account: MemoryAccount): Uint32Array {
  const offsets = account.u32(count + 1)
  for (let row = 0; row <= count; row++) offsets[row] = row * bytesEach
  return offsets
}

function formatted(keys: number, count: number, account: MemoryAccount, kernels: Kernels): Uint8Array {
  const bytes = account.u8(count * UUID_TEXT_BYTES)
  kernels.formatUuids(keys, count, bytes.byteOffset)
  return bytes
}

/** Texts of `count` UUIDs of 16 bytes each, which lie at `keys` in work memory. */
export const uuidTexts = (
  keys: number, count: number, account: MemoryAccount, kernels: Kernels,
): { offsets: Uint32Array; bytes: Uint8Array } => ({
  offsets: evenOffsets(count, UUID_TEXT_BYTES, account), bytes: formatted(keys, count, account, kernels),
})

/** A vector of the texts of UUIDs, which lie in the account's memory, as what is made of them will. */
export function uuidVector(
  { type, nulls }: { readonly type: DataType; readonly nulls: Uint8Array | null }, values: Uint32Array,
  account: MemoryAccount,
): BytesVector {
  const { kernels } = account.work
  if (kernels === null) throw new Error('UUID texts: the memory has no kernels')
  const length = values.length / UUID_WORDS
  const made: (Uint8Array | Uint32Array)[] = []
  let offsets: Uint32Array | null = null
  let bytes: Uint8Array | null = null
  const noted = <A extends Uint8Array | Uint32Array>(array: A): A => {
    made.push(array)
    return array
  }
  const vector: BytesVector = {
    kind: 'bytes', type, length, isConst: false, nulls,
    get offsets() { return offsets ??= noted(evenOffsets(length, UUID_TEXT_BYTES, account)) },
    get bytes() { return bytes ??= noted(formatted(values.byteOffset, length, account, kernels)) },
  }
  return Object.defineProperty(vector, UUIDS, { value: { shape: null, values, made, account } satisfies Uuids })
}
