// States as bytes: what every aggregate's serialize() and mergeRows() are written with, and how the
// values inside of states lie (FORMAT.md 4).
// Invariant: nothing here depends on a dictionary or on the worker; no bytes mean the state of no row.

import { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import { bareType, isNullable, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { ByteBuilder } from './byte-builder.ts'
import { FunctionError, type AggregateStates, type EvalContext } from './function.ts'
import { arrayOfType, inWorkMemory, slotOf } from './vectors.ts'

/** One state a group, written by `write`. */
export function serializeGroups(
  groupCount: number, account: MemoryAccount, write: (out: ByteBuilder, group: number) => void,
): BytesVector {
  const out = new ByteBuilder(groupCount, account, groupCount * 8)
  for (let group = 0; group < groupCount; group++) {
    write(out, group)
    out.endRow()
  }
  return out.finish(STRING)
}

/** Calls back for every row whose state is not empty, with a reader at its start. */
export function eachState(
  states: BytesVector, rowCount: number, visit: (reader: ByteReader, row: number) => void): void {
  const reader = new ByteReader(states.bytes)
  try {
    for (let row = 0; row < rowCount; row++) {
      const slot = states.isConst ? 0 : row
      reader.at = states.offsets[slot]
      const end = states.offsets[slot + 1]
      if (end === reader.at) continue
      visit(reader, row)
      if (reader.at > end) throw damaged()
    }
  } catch (error) {
    throw error instanceof RangeError ? damaged() : error
  }
}

/** Gives kernels the groups, offsets and bytes of states: those of a constant a row at a time. */
export function nearStates(
  groups: Uint32Array, states: BytesVector, rowCount: number, account: MemoryAccount,
  visit: (groups: number, offsets: number, bytes: number, count: number) => void,
): void {
  if (rowCount === 0) return
  const strings = inWorkMemory(states, account)
  const isHere = groups.buffer === account.work.buffer
  const near = isHere ? groups : account.u32(rowCount)
  if (!isHere) near.set(groups.subarray(0, rowCount))
  const [offsets, bytes] = [strings.offsets.byteOffset, strings.bytes.byteOffset]
  if (!states.isConst) visit(near.byteOffset, offsets, bytes, rowCount)
  else for (let row = 0; row < rowCount; row++) visit(near.byteOffset + row * 4, offsets, bytes, 1)
  if (!isHere) account.free(near.byteOffset)
  if (strings === states) return
  account.free(strings.offsets.byteOffset)
  account.free(strings.bytes.byteOffset)
}

/** States come from queries too (CAST of text): bytes that are none are the query's fault. */
export const damaged = (): FunctionError =>
  new FunctionError('Cannot read the state of an aggregate function: its bytes end too early',
    'CANNOT_READ_ALL_DATA')

/** States that write and read one group at a time. */
export type GroupStates = {
  resize(groupCount: number): void
  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void
  write(out: ByteBuilder, group: number): void
  /** Adds a state that write() wrote. */
  read(reader: ByteReader, group: number): void
  finish(groupCount: number): Vector
}

/** The whole interface over states that go group by group. */
export const byGroup = (states: GroupStates, { account }: EvalContext): AggregateStates => ({
  resize: (groupCount) => states.resize(groupCount),
  update: (groups, rowCount, args) => states.update(groups, rowCount, args),
  serialize: (groupCount) =>
    serializeGroups(groupCount, account, (out, group) => states.write(out, group)),
  mergeRows: (groups, rowCount, rows) =>
    eachState(rows, rowCount, (reader, row) => states.read(reader, groups[row])),
  finish: (groupCount) => states.finish(groupCount),
})

const SINGLE = new Float32Array(1)
const SINGLE_BITS = new Uint32Array(SINGLE.buffer)

/** A number as its type is wide: 1, 2, 4 or 8 bytes, low first. */
export function writeNumberState(out: ByteBuilder, type: DataType, value: number | bigint): void {
  if (type.id === 'Float64') out.f64(Number(value))
  else if (type.id === 'Float32') {
    SINGLE[0] = Number(value)
    out.u32(SINGLE_BITS[0])
  } else {
    switch (arrayOfType(type).BYTES_PER_ELEMENT) {
      case 1: out.byte(Number(value) & 255); break
      case 2:
        out.byte(Number(value) & 255)
        out.byte((Number(value) >> 8) & 255)
        break
      case 4: out.u32(Number(value)); break
      default: out.i64(value)
    }
  }
}

/** What writeNumberState wrote. */
export function readNumberState(reader: ByteReader, type: DataType): number | bigint {
  switch (type.id) {
    case 'Float64': return reader.f64()
    case 'Float32':
      SINGLE_BITS[0] = reader.u32()
      return SINGLE[0]
    case 'Bool': case 'UInt8': case 'Nothing': return reader.u8()
    case 'Int8': case 'Enum8': return (reader.u8() << 24) >> 24
    case 'UInt16': case 'Date': return reader.u8() | (reader.u8() << 8)
    case 'Int16': case 'Enum16': return ((reader.u8() | (reader.u8() << 8)) << 16) >> 16
    case 'UInt32': case 'DateTime': case 'IPv4': return reader.u32()
    case 'Int32': case 'Date32': case 'Time': return reader.u32() | 0
    case 'UInt64': {
      const value = reader.i64()
      return value < 0 ? BigInt.asUintN(64, BigInt(value)) : value
    }
    default: return reader.i64()
  }
}

/** A value of any type: a byte for NULL where it can be, numbers by width, strings and arrays after
 * their length, tuples field by field. ColumnLog.read() is the other way. */
export function writeStateValue(out: ByteBuilder, vector: Vector, row: number): void {
  const slot = slotOf(vector, row)
  if (isNullable(vector.type)) {
    const isNull = vector.nulls !== null && vector.nulls[slot] === 1
    out.byte(isNull ? 1 : 0)
    if (isNull) return
  }
  switch (vector.kind) {
    case 'number': case 'big':
      writeNumberState(out, bareType(vector.type), vector.values[slot])
      return
    case 'codes': {
      const bytes = vector.dictionary.bytesOf(vector.codes[slot])
      out.sized(bytes, 0, bytes.length)
      return
    }
    case 'bytes': out.sized(vector.bytes, vector.offsets[slot], vector.offsets[slot + 1]); return
    case 'array':
      out.varint(vector.offsets[slot + 1] - vector.offsets[slot])
      for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) {
        writeStateValue(out, vector.values, at)
      }
      return
    case 'tuple': for (const field of vector.fields) writeStateValue(out, field, slot)
  }
}
