// cityHash64 and intHash64 of single values: numbers by an integer's finalizer, texts by a kernel.

import { UINT64, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { hash128to64 } from '../../../storage/kernels/city-hash.ts'
import { castToString } from '../values/cast.ts'
import { bigReader, define, expectTypes, numberReader } from '../base/define.ts'
import type { EvalContext, FunctionDef } from '../values/function.ts'
import { cityRows } from './hash-values.ts'
import { intHash64 } from '../values/int-hash.ts'
import { isNumber, isString, numberInfo } from '../values/types.ts'
import { asBytes, bigVector, inWorkMemory, newBigs } from '../values/vectors.ts'

/** cityHash64 of strings and numbers; several arguments are combined one after another. */
export const cityHashOfPlain: FunctionDef['evaluate'] = (args, type, rowCount, context) => {
  const readers = args.map((arg) => hashReader(arg, context))
  const out = newBigs(type, rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    let hash = readers[0](row)
    for (let i = 1; i < readers.length; i++) hash = hash128to64(hash, readers[i](row))
    out[row] = hash
  }
  return bigVector(type, out)
}

function hashReader(vector: Vector, context: EvalContext): (row: number) => bigint {
  if (vector.kind === 'number' || vector.kind === 'big') {
    if (!vector.type.id.startsWith('Float')) {
      const read = bigReader(vector)
      // Smaller integers are read as they lie in memory: without their sign.
      const bits = 8 * (numberInfo(vector.type)?.bytes ?? 8)
      return (row) => intHash64(BigInt.asUintN(bits, read(row)))
    }
    const read = numberReader(vector)
    const bits = new DataView(new ArrayBuffer(8))
    const isSingle = vector.type.id === 'Float32'
    return (row) => {
      if (isSingle) bits.setFloat32(0, read(row))
      else bits.setFloat64(0, read(row))
      return intHash64(isSingle ? BigInt(bits.getUint32(0)) : bits.getBigUint64(0))
    }
  }
  if (isLarge(vector.type)) return cityRows([vector], context)
  const strings = asBytes(isString(vector.type) ? vector : castToString(vector, context), context.account)
  const text = inWorkMemory(strings, context.account)
  const count = text.offsets.length - 1
  const target = context.account.i64(Math.max(1, count))
  const hashes = new BigUint64Array(target.buffer, target.byteOffset, count)
  context.kernels.cityHashes(text.offsets.byteOffset, text.bytes.byteOffset, count, target.byteOffset)
  return (row) => hashes[text.isConst ? 0 : row]
}

/** Whole numbers of up to 64 bits, and what is kept as one. */
export const isPlainInteger = (type: DataType): boolean => (isNumber(type) ? numberInfo(type)?.isFloat === false
  && !isLarge(type) : ['Date', 'Date32', 'DateTime', 'IPv4', 'Decimal'].includes(type.id) && !isLarge(type))

export const INT_HASH_64 = define('intHash64', [1, 1], (args) => {
  expectTypes('intHash64', args, isPlainInteger)
  return UINT64
}, ([a], type, rowCount, context) => {
  const read = bigReader(a)
  const out = newBigs(type, rowCount, context.account)
  for (let row = 0; row < rowCount; row++) out[row] = intHash64(BigInt.asUintN(64, read(row)))
  return bigVector(type, out)
})
