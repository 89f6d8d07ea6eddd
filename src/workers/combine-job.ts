// Rows of an insert into a table whose engine combines them: one worker's work between the views of the
// insert and its commit.

import { crc32 } from '../../storage/bytes/crc32.ts'
import type { NewPart } from '../../storage/face.ts'
import { combinePart } from '../../storage/merge/combine-part.ts'
import { foldCompiler } from '../exec/expressions/fold-compiler.ts'
import { keyCompiler } from '../exec/expressions/key-compiler.ts'
import { describeFailure, StoreFull } from './failure.ts'
import type { Job } from './job-queue.ts'
import type { CombineMessage } from './messages.ts'
import type { WorkerWorld } from './world.ts'

export class CombineJob implements Job {
  private readonly world: WorkerWorld
  private readonly message: CombineMessage

  constructor(world: WorkerWorld, message: CombineMessage) {
    this.world = world
    this.message = message
  }

  step(): 'more' | 'waiting' | 'done' {
    const { world, message: { id, table, part } } = this
    const { rowCount, image } = combinePart(table, part, {
      arena: world.dataArena, kernels: world.kernels, work: world.work,
      compileKey: keyCompiler, compileFold: foldCompiler,
    })
    const left = image === null ? part : rowCount === 0 ? null : this.placed(image, rowCount)
    world.post({ kind: 'combined', id, part: left })
    return 'done'
  }

  private placed(image: Uint8Array, rowCount: number): NewPart {
    const { world: { dataArena }, message: { part: { tableId, schemaVersion } } } = this
    const address = dataArena.allocate(image.length)
    if (address === 0) throw new StoreFull()
    dataArena.bytes(address, image.length).set(image)
    return { tableId, schemaVersion, address, bytes: image.length, checksum: crc32(image), rowCount }
  }

  fail(error: unknown): void {
    this.world.post({ kind: 'failed', id: this.message.id, error: describeFailure(error) })
  }
}
