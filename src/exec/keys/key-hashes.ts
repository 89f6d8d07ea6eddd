// Which part of a GROUP BY that is shared out by its keys a row belongs to: a hash of the keys' values.
// Invariant: equal keys are of one part in every worker, whether they come as bytes, as codes of any
// dictionary, as doubles or as big integers.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { wordSamples } from '../../functions/hashes/number-samples.ts'
import { CodeSamples } from '../../functions/hashes/string-samples.ts'
import { isClock, isNumber, isTemporal } from '../../functions/values/types.ts'
import { textHashes } from './text-hashes.ts'

/** Types beside those of numbers and times whose values are bytes, or numbers of up to 64 bits. */
const PLAIN: ReadonlySet<DataType['id']> = new Set([
  'String', 'FixedString', 'UUID', 'IPv4', 'IPv6', 'Enum8', 'Enum16', 'Bool', 'Decimal',
])

/** Keys of one value may be equal though written differently (documents), or have no hash of a block's. */
export const isHashed = (type: DataType): boolean => {
  const bare = bareType(type)
  return (PLAIN.has(bare.id) || isTemporal(bare) || isClock(bare) || isNumber(bare)) && !isLarge(bare)
}

/** Whether rows with keys of these types can be shared out. */
export const canShare = (types: readonly DataType[]): boolean => types.some(isHashed)

/** Of the estimate: its error is two in a hundred. A power of two. */
const REGISTERS = 4096
const BIAS = 0.7213 / (1 + 1.079 / REGISTERS)

/** Rows in the order of their parts: those of part p are rows[starts[p] .. starts[p + 1]). */
export type SharedRows = { readonly rows: Uint32Array; readonly starts: Uint32Array }

/** Shares out rows among 2^bits parts. */
export class KeyHashes {
  private readonly columns: readonly number[]
  private readonly codes: readonly CodeSamples[]
  private readonly bits: number
  private readonly context: EvalContext
  /** HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007): the most leading zeros of hashes, by their last bits. */
  private readonly zeros = new Uint8Array(REGISTERS)
  /** The sum of 2^-zeros: powers of two, so that it stays exact as they grow. */
  private sum = REGISTERS
  /** Rows that were shared out. */
  rowsSeen = 0

  /** `types` of the keys; what is known of dictionaries lies in the context's account. */
  constructor(types: readonly DataType[], bits: number, context: EvalContext) {
    this.columns = types.flatMap((type, i) => (isHashed(type) ? [i] : []))
    this.codes = this.columns.map(() => new CodeSamples(context, textHashes))
    this.bits = bits
    this.context = context
  }

  /** A hash of each row's keys, in the scratch account. */
  hashesOf(keys: readonly Vector[], rowCount: number, scratch: EvalContext): Uint32Array {
    const hashes = scratch.account.u32(rowCount).fill(0)
    this.columns.forEach((column, i) => { this.mix(hashes, keys[column], rowCount, this.codes[i], scratch) })
    return hashes
  }

  /** The result lies in the scratch account. */
  share(keys: readonly Vector[], rowCount: number, scratch: EvalContext): SharedRows {
    const { account } = scratch
    const hashes = this.hashesOf(keys, rowCount, scratch)
    this.rowsSeen += rowCount
    const { zeros } = this
    for (let row = 0; row < rowCount; row++) {
      const hash = hashes[row]
      const rank = Math.clz32(hash) + 1
      const register = hash & (REGISTERS - 1) // a remainder would be one of doubles
      if (rank <= zeros[register]) continue
      this.sum += 2 ** -rank - 2 ** -zeros[register]
      zeros[register] = rank
    }
    const starts = account.u32((1 << this.bits) + 1)
    const rows = account.u32(rowCount)
    scratch.kernels.rowsByPart(hashes.byteOffset, this.bits, rowCount, starts.byteOffset, rows.byteOffset)
    return { rows, starts }
  }

  /** About how many distinct keys there were, where they are many. */
  distinct(): number { return BIAS * REGISTERS * REGISTERS / this.sum }

  private mix(hashes: Uint32Array, key: Vector, rowCount: number, codes: CodeSamples, scratch: EvalContext): void {
    const samples = this.samplesOf(key, codes, scratch)
    const { nulls, isConst } = key
    if (nulls === null && !isConst) scratch.kernels.mixSamples(samples.byteOffset, rowCount, hashes.byteOffset)
    else for (let row = 0; row < rowCount; row++) {
      const slot = isConst ? 0 : row
      const sample = nulls !== null && nulls[slot] !== 0 ? 0 : samples[slot]
      hashes[row] = Math.imul(hashes[row] ^ (hashes[row] >>> 15), 0x85ebca6b) ^ sample
    }
    ;(key.kind === 'codes' ? this.context : scratch).account.free(samples.byteOffset)
  }

  private samplesOf(key: Vector, codes: CodeSamples, scratch: EvalContext): Uint32Array {
    switch (key.kind) {
      case 'bytes': return textHashes(key, scratch)
      case 'codes': return codes.of(key)
      case 'number': case 'big': return wordSamples(key, scratch)
      default: throw new Error(`exec: ${key.type.name} is no key to share rows by`)
    }
  }
}
