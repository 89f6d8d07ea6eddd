// A Parquet file in stretches of rows. It is read from its end, so the stream goes to a file of the
// store's folder first, which is gone when the import is over.

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Arena } from '../../storage/arena/arena.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import type { Store } from '../../storage/index.ts'
import { cellOf } from '../ingest/csv.ts'
import type { ParquetColumn } from '../ingest/parquet.ts'
import type { IngestSpec } from '../workers/messages.ts'
import { parquetFileOf } from '../workers/parquet-job.ts'
import type { WorkerPool } from '../workers/pool.ts'
import { EngineError } from './engine-error.ts'
import type { GuessedColumn } from './guess.ts'
import type { Piece } from './import-pieces.ts'

/** Encoded bytes of a stretch of rows, and their greatest number: its columns are a few times larger. */
const STRETCH_BYTES = 2 * 2 ** 20
const STRETCH_ROWS = 32_768
/** From so many row groups on each is one worker's, which has read its dictionaries. */
const GROUPS_APART = 8
/** Bytes between two looks at the room on the disk. */
const LOOK_BYTES = 64 * 2 ** 20

/** Where files lie that are read from their end. */
export const incomingFolder = (storeFolder: string): string => join(storeFolder, 'incoming')

type World = { readonly store: Store; readonly arena: Arena; readonly pool: WorkerPool }

/** Stretches of whole rows, in order. Throws EngineError where the file is none, or damaged. `atEnd` is
 * given what is to be done when no stretch is in work any more. */
export async function* parquetPieces(
  world: World, spec: IngestSpec, chunks: AsyncIterable<Uint8Array>, atEnd: (work: () => Promise<void>) => void,
): AsyncGenerator<Piece> {
  const path = incomingPath(world.store)
  atEnd(async () => {
    world.pool.forgetFile(path)
    await nodeDisk().removeAsync(path)
  })
  await save(path, chunks, world.store)
  const { columns: found, rowGroups } = await headOf(path)
  const columns = columnsOf(spec, found.map(({ name }) => name))
  for (const [group, { rows, bytes }] of rowGroups.entries()) {
    const most = Math.max(1, Math.min(STRETCH_ROWS, Math.floor(rows * STRETCH_BYTES / Math.max(1, bytes))))
    for (let from = 0; from < rows; from += most) {
      const to = Math.min(rows, from + most)
      const seat = rowGroups.length >= GROUPS_APART ? group : group + from / most
      yield { stretch: { file: path, group, from, to, columns, seat } }
    }
  }
}

/** The columns of a file, as a data source could have them. Throws EngineError. */
export async function parquetColumns(store: Store, chunks: AsyncIterable<Uint8Array>): Promise<GuessedColumn[]> {
  const path = incomingPath(store)
  try {
    await save(path, chunks, store)
    const { columns } = await headOf(path)
    return columns.map(({ name, type }) => ({ name, type, path: null, presentPercent: 100 }))
  } finally {
    await nodeDisk().removeAsync(path)
  }
}

function incomingPath(store: Store): string {
  const folder = incomingFolder(store.folder)
  nodeDisk().makeFolder(folder)
  return join(folder, `${randomUUID()}.parquet`)
}

async function save(path: string, chunks: AsyncIterable<Uint8Array>, store: Store): Promise<void> {
  const file = await nodeDisk().open(path)
  try {
    let offset = 0
    let looked = 0
    for await (const chunk of chunks) {
      await file.write([chunk], offset)
      offset += chunk.length
      if (offset - looked < LOOK_BYTES) continue
      store.requireRoom()
      looked = offset
    }
  } finally {
    await file.close()
  }
}

async function headOf(path: string) {
  const { readParquetHead } = await import('../ingest/parquet.ts')
  const reader = nodeDisk().openForRead(path)
  try {
    return await readParquetHead(parquetFileOf(reader))
  } catch (error) {
    throw new EngineError('query', (error as Error).message, 'BAD_PARQUET')
  } finally {
    reader.close()
  }
}

/** Columns of the file that the data source has, by name. */
function columnsOf(spec: IngestSpec, names: readonly string[]): ParquetColumn[] {
  const columns = spec.columns.filter(({ name }) => names.includes(name)).map(({ name, type }): ParquetColumn => {
    const time = /Date(32)?\b/.test(type) ? 'date' : /DateTime(?!64)/.test(type) ? 'seconds' : 'exact'
    return { name, key: name, cell: cellOf(type), time }
  })
  if (columns.length > 0) return columns
  throw new EngineError('query', `The file has none of the columns of ${spec.table.name}: it has ${names.join(', ')}`,
    'NO_SUCH_COLUMN_IN_TABLE')
}
