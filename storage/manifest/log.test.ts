import { expect, it } from 'vitest'
import type { SegmentRef } from '../face.ts'
import { SimulatedDisk, seededRandom } from '../disk/simulated-disk.ts'
import { FRESH, type Edit } from './edit.ts'
import { ManifestLog } from './log.ts'

const segment = (id: number): SegmentRef => ({
  kind: 'segment', id, file: `segment-${String(id).padStart(10, '0')}`, bytes: 2e6, rowCount: 50_000, partition: `202${id % 4}-01-01`,
  maskVersion: 0, maskedRows: 0, expiry: null, firstSequence: id, lastSequence: id,
})

it('hands over what it has read while the disk still takes its new file, on which nothing is built before', async () => {
  const random = seededRandom(2)
  const disk = new SimulatedDisk({ random })
  disk.makeFolder()
  const options = { disk, folder: '/store', random }
  const edit: Edit = { kind: 'drop', tableId: 7 }
  await (await ManifestLog.open(options, () => {}, () => ({ edits: [edit], standing: FRESH }))).close()
  let goOn = () => {}
  const held = new Promise<void>((resolve) => { goOn = resolve })
  const slow: SimulatedDisk = Object.create(disk, { syncFolderAsync: { value: async (folder: string) => {
    await held
    await disk.syncFolderAsync(folder)
  } } })
  const found: Edit[] = []
  const done: string[] = []
  const log = ManifestLog.begin({ ...options, disk: slow }, ({ edits }) => { found.push(...edits) }, () => ({ edits: found, standing: FRESH }))
  expect(found).toEqual([edit])
  const changed = log.change(() => {
    done.push('change')
    return { edits: [edit], standing: FRESH }
  }, () => {})
  void log.begun.then(() => done.push('begun'))
  await new Promise((resolve) => { setImmediate(resolve) })
  expect(done).toEqual([])
  goOn()
  await changed
  expect(done).toEqual(['begun', 'change'])
  await log.close()
})

it('notes and reads back any number of segments, shown by one record and in all', async () => {
  const random = seededRandom(1)
  const disk = new SimulatedDisk({ random })
  disk.makeFolder()
  const options = { disk, folder: '/store', random }
  const all: Edit[] = []
  const current = () => ({ edits: all, standing: FRESH })
  const log = await ManifestLog.open(options, () => {}, current)
  const edit: Edit = { kind: 'segments', tableId: 1, removed: [], flushed: 1, added: Array.from({ length: 7000 }, (_, id) => segment(id)) }
  await log.change(() => ({ edits: [edit], standing: FRESH }), () => { all.push(edit) })
  await log.close()
  for (const _ of ['as it was added', 'as what is there']) {
    const found: Edit[] = []
    await (await ManifestLog.open(options, ({ edits }) => { found.push(...edits) }, current)).close()
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found[0])).toBe(JSON.stringify(edit))
  }
})
