import { expect, it } from 'vitest'
import type { SegmentRef } from '../face.ts'
import { SimulatedDisk, seededRandom } from '../disk/simulated-disk.ts'
import { FRESH, type Edit } from './edit.ts'
import { ManifestLog } from './log.ts'

const segment = (id: number): SegmentRef => ({
  kind: 'segment', id, file: `segment-${String(id).padStart(10, '0')}`, bytes: 2e6, rowCount: 50_000, partition: `202${id % 4}-01-01`,
  maskVersion: 0, maskedRows: 0, expiry: null, firstSequence: id, lastSequence: id,
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
