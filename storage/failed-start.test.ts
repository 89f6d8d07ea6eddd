import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createArena } from './arena/create.ts'
import { crc32 } from './bytes/crc32.ts'
import type { Disk } from './disk/disk.ts'
import { nodeDisk } from './disk/node-disk.ts'
import type { StoreTask } from './face.ts'
import { openStore } from './index.ts'

const TABLE = { name: 't', engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], ttl: null, settings: {},
  columns: [{ name: 'a', type: 'String', defaultExpr: null }] }
const sleep = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms) })

it('has ended all that a start began before it gives the folder back, where the manifest can\'t be written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  const arena = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const running: StoreTask[] = []
  /** No flush comes through, and each takes its time. */
  const fails = async (task: StoreTask): Promise<never> => {
    running.push(task)
    await sleep(10)
    running.pop()
    throw new Error('EIO')
  }
  const store = await openStore(folder, { disk: nodeDisk(), arena, tasks: { run: fails }, limits: { walFileBytes: 1, walRoomBytes: 0 } })
  const { id: tableId } = await store.createTable(TABLE)
  for (const line of ['a', 'b', 'c', 'd']) {
    const address = arena.allocate(1)
    arena.bytes(address, 1).set(Buffer.from(line))
    await store.commit({ parts: [{ tableId, schemaVersion: 1, address, bytes: 1, checksum: crc32(Buffer.from(line)), rowCount: 1 }] })
  }
  await store.close()
  let begun = 0
  const counting = async (task: StoreTask): Promise<never> => {
    begun++
    return await fails(task)
  }
  const disk: Disk = Object.create(nodeDisk(), { renameAsync: { value: async () => { throw new Error('the manifest: EIO') } } })
  await expect(openStore(folder, { disk, arena, tasks: { run: counting }, limits: { startBytesMax: 1 } })).rejects.toThrow('the manifest: EIO')
  const atEnd = [begun, running.length]
  expect(atEnd[0]).toBeGreaterThan(0)
  await sleep(50)
  expect([begun, running.length]).toEqual([atEnd[0], 0])
  expect(atEnd[1]).toBe(0)
  rmSync(folder, { recursive: true })
})
