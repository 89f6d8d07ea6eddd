// Room for a job that outgrows its block: what the kernel asks for between two calls.
// A large job begins with what the last one of its plan came to, so that little is moved.
// Invariant: a buffer is moved whole and its pointer replaced before the kernel runs again.

import {
  COLUMN_BYTES, C_BYTES, C_BYTES_CAP, C_CODED, C_COUNT, C_ENTRY_CAP, C_KIND, C_MARKS, C_MASK, C_OFFSETS, C_SLOTS, C_SPANS, C_VALUES,
  KIND_BYTES, KIND_CODES, SLOT_BYTES, SPANS, SPAN_BYTES, S_NEED_BYTES, S_NEED_COLUMN, S_ROW, S_ROW_CAP,
  S_ROW_STARTS,
} from '../../storage/kernels/ndjson-layout.ts'
import type { NdjsonKernels } from '../../storage/kernels/ndjson.ts'
import { SLACK_BYTES, WorkMemory, type MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { JobSize } from './job-size.ts'
import type { Workspace } from './workspace.ts'

/** From so many distinct strings on, a column is judged: nearly all different (ids of rows) soon, more
 * often different than not (ids of sessions, which come again) after a longer look. */
const UNIQUE_ENTRIES = 4096
const MIXED_ENTRIES = 16384

/** True where codes are not worth their dictionary. */
export const isMostlyDistinct = (entries: number, rows: number): boolean =>
  (entries >= UNIQUE_ENTRIES && entries > rows * 0.9)
  || (entries >= MIXED_ENTRIES && entries > rows * 0.5)
/** Bytes from which buffers double instead of growing fourfold. */
const LARGE_BYTES = 1 << 20

/** Grows the buffers of one workspace on one account. */
export class Growth {
  private readonly space: Workspace
  private readonly account: MemoryAccount
  private readonly kernels: NdjsonKernels
  /** What the job will come to if its rows are as the last one's; null: nobody knows. */
  expected: JobSize | null = null
  /** The share of the input that was read so far (0..1). */
  share = 0

  constructor(space: Workspace, account: MemoryAccount, kernels: NdjsonKernels) {
    this.space = space
    this.account = account
    this.kernels = kernels
  }

  /** `known`, what the last job says, where what was read so far bears it out; else 0. */
  private ifLikely(known: number, soFar: number): number {
    return soFar > 0 && known * this.share <= soFar * 2 ? known : 0
  }

  /** Room for `bytes`, the first `used` of them moved from where `pointer` leads. */
  move(pointer: number, used: number, bytes: number): number {
    const { work } = this.space
    const moved = this.account.allocate(bytes)
    work.u8.copyWithin(moved, pointer, pointer + used)
    if (pointer !== 0 && !this.space.owns(pointer)) this.account.free(pointer)
    return moved
  }

  private moveField(at: number, field: number, used: number, bytes: number): void {
    this.space.set(at, field, this.move(this.space.get(at, field), used, bytes))
  }

  /** More rows. */
  rows(): void {
    const { space, share } = this
    const { state } = space
    const row = space.get(state, S_ROW)
    const expected = share > 0 ? Math.ceil(row / share * 1.05) + 64 : 0
    const known = this.expected?.rows ?? 0
    // Not far beyond what the rows so far show, unless the last job was about the same: a first line may be much
    // shorter than the rest.
    const cap = Math.max(row * 2, known > expected / 2 && known < expected * 2 ? known : Math.min(expected, row * 16))
    space.columns.forEach(({ width }, index) => {
      const at = space.column(index)
      // Offsets have one entry more than rows.
      this.moveField(at, C_VALUES, (row + 1) * width, (cap + 1) * width)
      if (space.get(at, C_MARKS) !== 0) this.moveField(at, C_MARKS, row, cap)
    })
    this.moveField(state, S_ROW_STARTS, row * 4, cap * 4)
    space.set(state, S_ROW_CAP, cap)
  }

  /** More bytes for the column that asked. */
  room(): void {
    const { space } = this
    const { state } = space
    const at = space.get(state, S_NEED_COLUMN)
    const row = space.get(state, S_ROW)
    const isCodes = space.get(at, C_KIND) === KIND_CODES
    const used = isCodes ? space.get(space.get(at, C_OFFSETS) + space.get(at, C_COUNT) * 4, 0)
      : space.get(space.get(at, C_VALUES) + row * 4, 0)
    // Plain values grow with the rows, for which there is room already.
    const expected = isCodes || row === 0 ? 0 : used / row * space.get(state, S_ROW_CAP) * 1.05
    const factor = used < LARGE_BYTES ? 4 : 2
    const known = this.ifLikely(this.expected?.columns[(at - space.column(0)) / COLUMN_BYTES].textBytes ?? 0, used)
    const least = Math.ceil(Math.max(space.get(at, C_BYTES_CAP) * factor, expected, known,
      used + space.get(state, S_NEED_BYTES) + 64))
    // All of the cell that this takes.
    const bytes = WorkMemory.cellBytes(least) - SLACK_BYTES
    this.moveField(at, C_BYTES, used, bytes)
    space.set(at, C_BYTES_CAP, bytes)
  }

  /** A larger dictionary for the column that asked, or none: it becomes plain bytes, and isRaw says so
   * to the next jobs. */
  entries(isRaw: boolean[]): void {
    const { space } = this
    const at = space.get(space.state, S_NEED_COLUMN)
    const count = space.get(at, C_COUNT)
    const index = (at - space.column(0)) / COLUMN_BYTES
    if (space.columns[index].isAdaptive && isMostlyDistinct(count, space.get(at, C_CODED))) {
      this.toBytes(at)
      isRaw[index] = true
      return
    }
    const known = this.ifLikely(this.expected?.columns[index].entries ?? 0, count)
    const cap = known > count ? 1 << 32 - Math.clz32(known - 1) : count * (count < 65536 ? 4 : 2)
    const slots = space.get(at, C_SLOTS)
    const slotCount = space.get(at, C_MASK) + 1
    const grown = this.account.allocate(cap * 2 * SLOT_BYTES)
    space.work.u8.fill(0, grown, grown + cap * 2 * SLOT_BYTES)
    this.kernels.ndjsonRehash(space.state, slots, slotCount, grown, cap * 2 - 1)
    if (!space.owns(slots)) this.account.free(slots)
    space.set(at, C_SLOTS, grown)
    space.set(at, C_MASK, cap * 2 - 1)
    this.moveField(at, C_OFFSETS, (count + 1) * 4, (cap + 1) * 4)
    space.set(at, C_ENTRY_CAP, cap)
  }

  /** Codes to the bytes that they stand for, and what waits for its code; the dictionary goes. */
  private toBytes(at: number): void {
    const { space, account } = this
    const { u8, u32 } = space.work
    const row = space.get(space.state, S_ROW)
    const values = space.get(at, C_VALUES) / 4
    const offsets = space.get(at, C_OFFSETS) / 4
    const bytes = space.get(at, C_BYTES)
    const coded = space.get(at, C_CODED)
    const spans = space.get(at, C_SPANS)
    // Of a row behind the coded ones the span, unless it is 0: such a row has its code, too.
    const spanOf = (i: number): number => {
      const span = (spans + i % SPANS * SPAN_BYTES) / 4
      return i < coded || u32[span] === 0 ? -1 : span
    }
    let total = 0
    for (let i = 0; i < row; i++) {
      const span = spanOf(i)
      const code = u32[values + i]
      total += span < 0 ? u32[offsets + code + 1] - u32[offsets + code] : u32[span + 1]
    }
    const cap = Math.ceil(total / Math.max(1, row) * space.get(space.state, S_ROW_CAP) * 1.05) + 1024
    const target = account.allocate(cap)
    let end = 0
    // The end of row i takes the place of code i + 1: that code is read first.
    let code = u32[values]
    u32[values] = 0
    for (let i = 0; i < row; i++) {
      const span = spanOf(i)
      const start = span < 0 ? bytes + u32[offsets + code] : u32[span]
      const length = span < 0 ? u32[offsets + code + 1] - u32[offsets + code] : u32[span + 1]
      u8.copyWithin(target + end, start, start + length)
      end += length
      code = u32[values + i + 1]
      u32[values + i + 1] = end
    }
    for (const field of [C_BYTES, C_OFFSETS, C_SLOTS]) {
      const pointer = space.get(at, field)
      if (!space.owns(pointer)) account.free(pointer)
    }
    space.set(at, C_BYTES, target)
    space.set(at, C_BYTES_CAP, cap)
    space.set(at, C_OFFSETS, 0)
    space.set(at, C_SLOTS, 0)
    space.set(at, C_COUNT, 0)
    space.set(at, C_KIND, KIND_BYTES)
  }
}
