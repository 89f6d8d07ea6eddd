// Rows of arguments kept as they came, each with its group: the state of aggregates whose answer needs
// all values (groupArray, exact quantiles, funnels, -Distinct).
// Invariant: rows never move; of one group they stand in order of arrival.

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { columnLog, type ColumnLog } from './column-log.ts'
import { rowsByGroup } from './key-map.ts'
import { grown } from '../values/state-array.ts'
import { eachState, serializeGroups, writeStateValue } from '../values/state-bytes.ts'

export class Collected {
  /** The group of each row. */
  owners: Uint32Array
  private readonly logs: readonly ColumnLog[]
  private readonly account: MemoryAccount

  constructor(types: readonly DataType[], account: MemoryAccount) {
    this.account = account
    this.logs = types.map((type) => columnLog(type, account))
    this.owners = grown(Uint32Array, null, 1, account)
  }

  get length(): number { return this.logs[0].length }

  add(group: number, args: readonly Vector[], row: number): void {
    this.own(group)
    for (let i = 0; i < this.logs.length; i++) this.logs[i].append(args[i], row)
  }

  /** Adds a row that write() wrote. */
  read(group: number, reader: ByteReader): void {
    this.own(group)
    for (const log of this.logs) log.read(reader)
  }

  private own(group: number): void {
    this.owners = grown(Uint32Array, this.owners, this.length + 1, this.account)
    this.owners[this.length] = group
  }

  /** The arguments' columns over all rows; valid until the next row comes. */
  view(): readonly Vector[] { return this.logs.map((log) => log.view()) }

  byGroup(groupCount: number): { offsets: Uint32Array; rows: Uint32Array } {
    return rowsByGroup(this.owners, this.length, groupCount, this.account)
  }

  /** | rows varint | arguments of each | of every group. */
  serialize(groupCount: number): BytesVector {
    const { offsets, rows } = this.byGroup(groupCount)
    const columns = this.view()
    return serializeGroups(groupCount, this.account, (out, group) => {
      out.varint(offsets[group + 1] - offsets[group])
      for (let at = offsets[group]; at < offsets[group + 1]; at++) {
        for (const column of columns) writeStateValue(out, column, rows[at])
      }
    })
  }

  /** Hands every row of states that serialize() wrote to `add`. */
  static eachRow(
    types: readonly DataType[], groups: Uint32Array, rowCount: number, states: BytesVector,
    account: MemoryAccount, add: (group: number, args: readonly Vector[], row: number) => void,
  ): void {
    const read = new Collected(types, account)
    eachState(states, rowCount, (reader, row) => {
      for (let count = reader.varint(); count > 0; count--) read.read(groups[row], reader)
    })
    const columns = read.view()
    for (let row = 0; row < read.length; row++) add(read.owners[row], columns, row)
    read.free()
  }

  free(): void {
    for (const log of this.logs) log.free()
    this.account.free(this.owners.byteOffset)
  }
}
