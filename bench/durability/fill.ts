// A log of a wanted size in a store that a server has made, as a killed process leaves it: parts of
// events, as a worker makes them, committed without any flush; then the process kills itself.
//
//   node dist/durability.js --fill FOLDER --megabytes N --batch ROWS --most ROWS

import { createArena } from '../../storage/arena/create.ts'
import { crc32 } from '../../storage/bytes/crc32.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { openStore } from '../../storage/index.ts'
import { bindKernels, compileKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { buildImage } from '../../storage/part/build.ts'
import { IngestJob, IngestPlan } from '../../src/ingest/ingest.ts'
import { EventGenerator } from '../generator.ts'

const TABLE = 'app_events'
/** Rows of the different parts that are committed in turn. */
const ROWS = 160_000
const NEVER = Number.POSITIVE_INFINITY

export const unlimited = {
  flushBytes: NEVER, flushRows: NEVER, flushCommits: NEVER, walBytesMax: NEVER, partBytesSoft: NEVER, partBytesMax: NEVER,
}

export const noTasks = { run: (): Promise<never> => Promise.reject(new Error('nothing is merged here')) }

/** Until the log has `bytes`, or the table `most` rows. */
export async function fill(folder: string, bytes: number, batch: number, most: number): Promise<never> {
  const arena = createArena({ budgetBytes: bytes * 1.25 })
  const store = await openStore(folder, { disk: nodeDisk(), arena, tasks: noTasks, limits: unlimited })
  const table = store.table(TABLE)
  if (table === null) throw new Error(`${folder} has no ${TABLE}`)
  const work = new WorkMemory(512 * 2 ** 20)
  const kernels = bindKernels(compileKernels(), work)
  const plan = new IngestPlan(table.columns.map((column) => ({
    id: column.id, name: column.name, type: parseDataType(column.type), jsonPath: `$.${column.name}`, defaultText: column.defaultExpr ?? "''", defaultValue: null,
  })))
  const generator = new EventGenerator('hard_events', ROWS, 3)
  const images = Array.from({ length: ROWS / batch }, () => {
    const job = new IngestJob(plan, work, kernels, [{ bytes: Buffer.from(generator.next(batch)), format: 'ndjson', gzip: false }])
    while (!job.step(100)) continue
    const account = new MemoryAccount(work, 2 ** 28)
    const { columns, rowCount } = job.result()
    const image = buildImage({
      tableId: table.id, schemaVersion: table.schemaVersion, isSorted: false, partition: '', withPostings: false, columns,
    }, account, kernels)
    account.releaseAll()
    job.release()
    return { image, rowCount, checksum: crc32(image) }
  })
  for (let next = 0; next * batch < most && store.health().walBytes < bytes; next++) {
    const { image, rowCount, checksum } = images[next % images.length]
    const address = arena.allocate(image.length)
    arena.bytes(address, image.length).set(image)
    await store.commit({ parts: [{
      tableId: table.id, schemaVersion: table.schemaVersion, address, bytes: image.length, checksum, rowCount,
    }] })
  }
  process.kill(process.pid, 'SIGKILL')
  throw new Error('killed')
}
