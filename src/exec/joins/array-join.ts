// ARRAY JOIN: each row as often as its arrays have elements, which stand behind its columns. Of several
// arrays element i stands beside element i; they are equally long. With LEFT a row without elements
// stays once, with defaults.
//
// Invariant: as a join, an operator that pushes more than once for a block keeps it in the query's
// account and empties the scratch memory after each push (join.ts).

import type { DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type ArrayVector, type Block, type Vector } from '../../../storage/column/vector.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, pick, retype, take } from '../../functions/values/vectors.ts'
import { QueryError } from '../../plan/plan.ts'
import { keepVector } from '../blocks/block-codec.ts'
import { freeVector } from '../blocks/kept-rows.ts'
import type { Operator } from '../runtime/operator.ts'
import type { Runtime } from '../runtime/runtime.ts'

export type ArrayJoinSpec = {
  /** Columns that are arrays or maps. */
  readonly arrays: readonly number[]
  readonly isLeft: boolean
  /** Of the elements. */
  readonly types: readonly DataType[]
  /** Columns (elements behind those of the input) that anyone reads. */
  readonly needed: ReadonlySet<number>
}

/** Where an element is not: the default stands in its place. */
const NOWHERE = 0xffffffff

export class ArrayJoinOperator implements Operator {
  private readonly spec: ArrayJoinSpec
  private readonly next: Operator
  private readonly runtime: Runtime

  constructor(spec: ArrayJoinSpec, next: Operator, runtime: Runtime) {
    this.spec = spec
    this.next = next
    this.runtime = runtime
  }

  get isFull(): boolean { return this.next.isFull }

  push(block: Block): void {
    const total = this.checked(block)
    if (total === 0) return
    if (total <= BLOCK_ROWS_MAX) {
      const { account } = this.runtime.scratch
      this.multiply(block, account.u32(total), account.u32(total), () => undefined)
      return
    }
    const { account } = this.runtime.durable
    const kept = { rowCount: block.rowCount, columns: block.columns.map((c) => keepVector(c, account)) }
    const rows = account.u32(BLOCK_ROWS_MAX)
    const places = account.u32(BLOCK_ROWS_MAX)
    try {
      this.multiply(kept, rows, places, () => this.runtime.scratch.account.releaseAll())
    } finally {
      for (const column of kept.columns) freeVector(column, account)
      account.free(rows.byteOffset)
      account.free(places.byteOffset)
    }
  }

  /** Rows that will come of a block. */
  private checked(block: Block): number {
    const [first, ...others] = this.spec.arrays.map((index) => block.columns[index] as ArrayVector)
    let total = 0
    for (let row = 0; row < block.rowCount; row++) {
      const length = lengthAt(first, row)
      for (const other of others) {
        if (lengthAt(other, row) === length) continue
        throw new QueryError('The arrays of an ARRAY JOIN are not equally long', null,
          'SIZES_OF_ARRAYS_DONT_MATCH')
      }
      total += this.spec.isLeft ? Math.max(1, length) : length
    }
    return total
  }

  /** `rows`: the row that a row of the output comes from; `places`: the number of its element. */
  private multiply(block: Block, rows: Uint32Array, places: Uint32Array, after: () => void): void {
    const first = block.columns[this.spec.arrays[0]] as ArrayVector
    let count = 0
    const add = (row: number, place: number) => {
      rows[count] = row
      places[count++] = place
      if (count < rows.length) return
      this.emit(block, rows, places, count)
      count = 0
      after()
    }
    for (let row = 0; row < block.rowCount && !this.next.isFull; row++) {
      const length = lengthAt(first, row)
      for (let place = 0; place < length; place++) add(row, place)
      if (length === 0 && this.spec.isLeft) add(row, NOWHERE)
    }
    if (count > 0) this.emit(block, rows, places, count)
    after()
  }

  private emit(block: Block, rows: Uint32Array, places: Uint32Array, count: number): void {
    const { account } = this.runtime.scratch
    const { arrays, needed } = this.spec
    this.runtime.scratch.checkAlive()
    const numbers = rows.subarray(0, count)
    const columns = block.columns.map((column, index) => (column.isConst || !needed.has(index)
      ? asConst(column.isConst ? column : this.unread(column.type), count)
      : take(column, numbers, count, account)))
    const elements = arrays.map((index, i) =>
      this.elementsOf(block.columns[index] as ArrayVector, rows, places, count, i))
    this.next.push({ rowCount: count, columns: [...columns, ...elements] })
  }

  private elementsOf(
    array: ArrayVector, rows: Uint32Array, places: Uint32Array, count: number, number: number,
  ): Vector {
    const { account } = this.runtime.scratch
    const type = this.spec.types[number]
    const slots = account.u32(count)
    const which = account.u8(count).fill(0)
    let anyMissing = false
    for (let i = 0; i < count; i++) {
      const isMissing = places[i] === NOWHERE
      slots[i] = isMissing ? 0 : array.offsets[array.isConst ? 0 : rows[i]] + places[i]
      which[i] = isMissing ? 1 : 0
      anyMissing ||= isMissing
    }
    if (!anyMissing) return retype(take(array.values, slots, count, account), type)
    const missing = asConst(defaultVector(type, 1, account), count)
    return pick([retype(array.values, type), missing], which, slots, count, type, account)
  }

  private readonly placeholders = new Map<DataType, Vector>()
  private unread(type: DataType): Vector {
    let vector = this.placeholders.get(type)
    if (vector === undefined) {
      vector = defaultVector(type, 1, this.runtime.durable.account)
      this.placeholders.set(type, vector)
    }
    return vector
  }

  finish(): void { this.next.finish() }
}

function lengthAt({ offsets, isConst }: ArrayVector, row: number): number {
  const slot = isConst ? 0 : row
  return offsets[slot + 1] - offsets[slot]
}
