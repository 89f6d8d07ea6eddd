// Vectors and typed arrays on their way between threads inside a StatePayload: copies outside of the
// worker's memory, written and read in the same order.
// Invariant: strings travel as bytes, so that no dictionary is needed to read them.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import type { NumberArray, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { StatePayload } from './function.ts'
import { asBytes, arrayOfType, elementTypeOf, newNumbers } from './vectors.ts'

type PayloadArray = StatePayload['arrays'][number]

/** Collects copies of arrays and numbers. */
export class PayloadWriter {
  private readonly arrays: PayloadArray[] = []
  private readonly numbers: number[] = []

  array(array: PayloadArray): void {
    this.arrays.push(array.slice())
  }

  number(value: number): void {
    this.numbers.push(value)
  }

  /** A vector that is not constant. */
  vector(vector: Vector, account: MemoryAccount): void {
    this.number(vector.length)
    this.number(vector.nulls === null ? 0 : 1)
    if (vector.nulls !== null) this.array(vector.nulls.subarray(0, vector.length))
    switch (vector.kind) {
      case 'number':
        this.number(0)
        this.array(Float64Array.from(vector.values))
        break
      case 'big':
        this.number(1)
        this.array(vector.values)
        break
      case 'codes': case 'bytes': {
        const text = asBytes(vector, account)
        this.array(text.offsets.subarray(0, vector.length + 1))
        this.array(text.bytes.subarray(0, text.offsets[vector.length]))
        break
      }
      case 'array':
        this.array(vector.offsets.subarray(0, vector.length + 1))
        this.vector(vector.values, account)
        break
      case 'tuple':
        for (const field of vector.fields) this.vector(field, account)
    }
  }

  finish(): StatePayload {
    return { arrays: this.arrays, numbers: this.numbers }
  }
}

/** Reads what a PayloadWriter wrote. */
export class PayloadReader {
  private readonly payload: StatePayload
  private nextArray = 0
  private nextNumber = 0

  constructor(payload: StatePayload) {
    this.payload = payload
  }

  array<A extends PayloadArray>(): A {
    return this.payload.arrays[this.nextArray++] as A
  }

  number(): number {
    return this.payload.numbers[this.nextNumber++]
  }

  /** A vector of a type; its arrays lie outside of the worker's memory. */
  vector(type: DataType, account: MemoryAccount): Vector {
    const length = this.number()
    const nulls = this.number() === 1 ? this.array<Uint8Array>() : null
    const common = { type, length, isConst: false, nulls }
    const bare = bareType(type)
    switch (bare.id) {
      case 'String': case 'FixedString': case 'UUID': case 'IPv6':
        return { kind: 'bytes', ...common, offsets: this.array(), bytes: this.array() }
      case 'Array': case 'Map':
        return { kind: 'array', ...common, offsets: this.array(),
          values: this.vector(elementTypeOf(bare), account) }
      case 'Tuple':
        return { kind: 'tuple', ...common, fields: bare.args.map((arg) => this.vector(arg, account)) }
      default:
    }
    if (this.number() === 1) {
      return { kind: 'big', ...common, values: this.array<BigInt64Array>() }
    }
    return { kind: 'number', ...common, values: narrowed(this.array<Float64Array>(), bare, account) }
  }
}

/** Doubles in the array of their type. */
function narrowed(values: Float64Array, bare: DataType, account: MemoryAccount): NumberArray {
  if (arrayOfType(bare) === (Float64Array as unknown)) return values
  const narrow = newNumbers(bare, values.length, account)
  narrow.set(values)
  return narrow
}
