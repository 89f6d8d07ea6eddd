// One stretch of rows of a Parquet file as JSON lines in the data arena: the first half of its import;
// the second is that of all JSON lines (ingest-job.ts). The row group stays decoded from stretch to
// stretch, so one worker has all of one.

import { nodeDisk } from '../../storage/disk/node-disk.ts'
import type { DiskReader } from '../../storage/disk/disk.ts'
import type { ParquetFile } from '../ingest/parquet.ts'
import { QueryError } from '../plan/plan.ts'
import { describeFailure, StoreFull } from './failure.ts'
import type { Job } from './job-queue.ts'
import type { ParquetMessage } from './messages.ts'
import type { WorkerWorld } from './world.ts'

/** A file as hyparquet reads it. */
export function parquetFileOf(reader: DiskReader): ParquetFile {
  return {
    byteLength: reader.bytes,
    slice: (start, end = reader.bytes) => {
      const bytes = new Uint8Array(end - start)
      if (reader.read(bytes, start) !== bytes.length) throw new Error('the file is cut off')
      return bytes.buffer
    },
  }
}

export class ParquetJob implements Job {
  private readonly world: WorkerWorld
  private readonly message: ParquetMessage
  private failure: Error | null = null

  constructor(world: WorkerWorld, message: ParquetMessage) {
    this.world = world
    this.message = message
  }

  private get key(): string { return `${this.message.file} ${this.message.group}` }

  step(): 'more' | 'waiting' | 'done' {
    const { world, message: { id, from, to } } = this
    if (this.failure !== null) throw new QueryError(this.failure.message, null, 'BAD_PARQUET')
    const known = world.rowGroups.get(this.key)
    if (known === undefined) {
      const reading = world.groupsRead.get(this.key) ?? this.read()
      world.groupsRead.set(this.key, reading)
      void reading.then((failure) => {
        this.failure = failure
        world.resume(this)
      })
      return 'waiting'
    }
    const lines = known.lines(from, to)
    if (to >= known.rowCount) world.rowGroups.delete(this.key)
    const address = world.dataArena.allocate(lines.length)
    if (address === 0) throw new StoreFull()
    world.dataArena.bytes(address, lines.length).set(lines)
    world.post({ kind: 'parquet-lines', id, address, bytes: lines.length })
    return 'done'
  }

  /** Resolves with why it could not be read; null: it is there. */
  private async read(): Promise<Error | null> {
    const { world, message: { file, group, columns } } = this
    try {
      // Loaded by imports of Parquet only.
      const { RowGroup } = await import('../ingest/parquet.ts')
      const reader = nodeDisk().openForRead(file)
      try {
        world.rowGroups.set(this.key, await RowGroup.read(parquetFileOf(reader), group, columns))
      } finally {
        reader.close()
      }
      return null
    } catch (error) {
      return error as Error
    } finally {
      world.groupsRead.delete(this.key)
    }
  }

  fail(error: unknown): void {
    this.world.post({ kind: 'failed', id: this.message.id, error: describeFailure(error) })
  }
}
