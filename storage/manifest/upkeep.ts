// What goes on behind the inserts: memory parts beyond eight are merged, enough of them are flushed to
// segments, segments of one partition are merged. One task of each kind a table at a time.
// Invariant: the manifest edit comes after the files are synced and before the parts are let go.

import type { PartRef, SegmentRef, StoreLimits, TaskRunner } from '../face.ts'
import type { Edit } from './log.ts'
import { partsToMerge, segmentsToMerge } from './policy.ts'
import type { RowRef, TableState } from './table-state.ts'

export type UpkeepWorld = {
  readonly tasks: TaskRunner
  readonly segmentFolder: string
  readonly limits: StoreLimits
  readonly takeSegmentIds: (count: number) => number
  readonly takePartId: () => number
  readonly edit: (edits: readonly Edit[]) => Promise<void>
  readonly afterFlush: () => void
  readonly freePart: (address: number, bytes: number) => void
}

/** Segment ids that one flush may use: one a partition. */
const SEGMENT_IDS_A_FLUSH = 4096

export class Upkeep {
  private readonly world: UpkeepWorld
  private readonly underWay = new Set<Promise<void>>()
  /** The last failure of background work; the next success clears it. */
  lastError: Error | null = null

  constructor(world: UpkeepWorld) { this.world = world }

  /** Starts what a table needs. */
  look(state: TableState): void {
    const bytes = state.parts.reduce((sum, part) => sum + part.bytes, 0)
    if (bytes >= this.world.limits.flushBytes && !state.isFlushing) this.start(this.flush(state))
    else if (!state.isMergingParts && !state.isFlushing) {
      const parts = partsToMerge(state.parts)
      if (parts.length > 0) this.start(this.mergeParts(state, parts))
    }
  }

  /** Writes the parts that are there now to segments. */
  async flush(state: TableState): Promise<void> {
    while (state.isFlushing || state.isMergingParts) await this.settleOne()
    const { parts } = state
    if (parts.length === 0) return
    state.isFlushing = true
    try {
      const { segments } = await this.world.tasks.run({
        kind: 'flush', table: state.meta, parts, folder: this.world.segmentFolder,
        firstSegmentId: this.world.takeSegmentIds(SEGMENT_IDS_A_FLUSH),
        segmentIdCount: SEGMENT_IDS_A_FLUSH,
      })
      await this.world.edit([{
        kind: 'segments', tableId: state.meta.id, added: segments, removed: [],
        flushed: parts[parts.length - 1].lastSequence,
      }])
      this.world.afterFlush()
    } finally {
      state.isFlushing = false
    }
    this.mergePartitions(state)
  }

  /** Resolves when nothing is under way. */
  async settle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }

  private async settleOne(): Promise<void> {
    await (this.underWay.size > 0 ? Promise.race(this.underWay)
      : new Promise((resolve) => { setImmediate(resolve) }))
  }

  private start(work: Promise<void>): void {
    const guarded = work.then(() => { this.lastError = null }, (error) => { this.lastError = error as Error })
      .finally(() => this.underWay.delete(guarded))
    this.underWay.add(guarded)
  }

  private async mergeParts(state: TableState, parts: readonly PartRef[]): Promise<void> {
    state.isMergingParts = true
    try {
      const merged = await this.world.tasks.run({ kind: 'merge-parts', table: state.meta, parts })
      const isStillThere = parts.every((part) => state.rows.includes(part))
      if (!isStillThere) { // truncated meanwhile
        this.world.freePart(merged.address, merged.bytes)
        return
      }
      state.change([{
        kind: 'part', id: this.world.takePartId(), address: merged.address, bytes: merged.bytes,
        rowCount: merged.rowCount, firstSequence: parts[0].firstSequence,
        lastSequence: parts[parts.length - 1].lastSequence,
      }], new Set<RowRef>(parts))
    } finally {
      state.isMergingParts = false
    }
    this.look(state)
  }

  private mergePartitions(state: TableState): void {
    const byPartition = new Map<string, SegmentRef[]>()
    for (const segment of state.segments) {
      byPartition.set(segment.partition, [...byPartition.get(segment.partition) ?? [], segment])
    }
    for (const [partition, segments] of byPartition) {
      if (state.mergingPartitions.has(partition)) continue
      const run = segmentsToMerge(segments)
      if (run.length > 0) this.start(this.mergeSegments(state, partition, run))
    }
  }

  private async mergeSegments(
    state: TableState, partition: string, segments: readonly SegmentRef[],
  ): Promise<void> {
    state.mergingPartitions.add(partition)
    try {
      const result = await this.world.tasks.run({
        kind: 'merge', table: state.meta, segments, folder: this.world.segmentFolder,
        segmentId: this.world.takeSegmentIds(1),
      })
      if (!segments.every((segment) => state.rows.includes(segment))) return // truncated meanwhile
      await this.world.edit([{
        kind: 'segments', tableId: state.meta.id, added: result.segments,
        removed: segments.map(({ id }) => id), flushed: state.flushed,
      }])
    } finally {
      state.mergingPartitions.delete(partition)
    }
  }
}
