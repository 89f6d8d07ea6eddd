import { expect, it } from 'vitest'
import { SimulatedDisk, seededRandom } from '../disk/simulated-disk.ts'
import { StorageFull, Wal } from './wal.ts'

it('looks for room now and then, also when the clock is set back, and writes nothing once it is closed', async () => {
  let [nowMs, free] = [1e12, 1000]
  const random = seededRandom(1)
  const disk = new (class extends SimulatedDisk { override freeBytes(): number { return free } })({ random })
  const wal = new Wal({
    disk, folder: '/store', random, fileBytesMax: 2 ** 20, roomBytes: 0, freeBytesMin: 100, nowMs: () => nowMs, nextSequence: 1, nextFile: 1,
  })
  await wal.start([])
  const image = new Uint8Array(8)
  const append = () => wal.append({ parts: [{ tableId: 1, schemaVersion: 1, rowCount: 1, checksum: 0, image }], keys: null, rowKeys: [] }, () => {})
  await append()
  free = 0
  await append() // looked at just now
  nowMs -= 3_600_000
  await expect(append()).rejects.toThrow(StorageFull)
  free = 1000
  await append()
  await wal.close()
  // Whoever waited for room until now would begin a file in a folder that may be another process's.
  const files = disk.list('/store')
  await expect(append()).rejects.toThrow('the store is closed')
  expect(disk.list('/store')).toEqual(files)
})
