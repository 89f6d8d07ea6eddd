// Every byte of a small store damaged, one at a time: what is read is right, or an error names the file
// (and of a segment the column and the block). Never a wrong answer, a crash or a hang.

import { beforeAll, expect, it } from 'vitest'
import { PlainArena } from './plain-arena.ts'
import { inlineTasks, partOf, readChecked, tableNamed, TABLES, taskWorld } from './world.ts'
import { seededRandom, SimulatedDisk, simulatedPath } from '../../storage/disk/simulated-disk.ts'
import { openStore, type Store } from '../../storage/index.ts'
import { readFooter, type ColumnEntry } from '../../storage/part/footer.ts'

let disk: SimulatedDisk

async function open(from: SimulatedDisk): Promise<{ store: Store; arena: PlainArena; own: SimulatedDisk }> {
  const own = from.afterKill({ random: () => 0.5 })
  const arena = new PlainArena(2 ** 22)
  const store = await openStore(simulatedPath(), {
    disk: own, arena, tasks: inlineTasks(taskWorld(arena, own), () => 0), random: () => 0.25, clock: { nowMs: () => 0 },
    limits: { freeBytesMin: 0, walRoomBytes: 100 },
  })
  return { store, arena, own }
}

/** A table of small images, under one checksum each, and one whose sections have their own, with
 * postings. */
const rowsFor = (table: string): number[] =>
  Array.from({ length: table === 'whole' ? 1300 : 120 }, (_, row) => row * 11 % 10_007)

beforeAll(async () => {
  const first = await open(new SimulatedDisk({ random: seededRandom(1) }))
  for (const name of TABLES) {
    const meta = await first.store.createTable(tableNamed(name))
    const rows = rowsFor(name)
    // Most of it in segments, the rest in the log.
    const half = rows.length - 60
    await first.store.commit({ parts: [partOf(meta, rows.slice(0, half), first.arena)] })
    await first.store.flush(name)
    for (let at = half; at < rows.length; at += 20) {
      await first.store.commit({ parts: [partOf(meta, rows.slice(at, at + 20), first.arena)] })
    }
  }
  await first.store.close()
  disk = first.own
})

/** Where in a segment a byte lies: `column s, block 0`; '': in its head or footer, or no section has a checksum
 * of its own. */
function placesOf(path: string): (at: number) => string {
  const bytes = disk.bytesOf(path)
  if (!/segment-/.test(path) || Buffer.from(bytes.slice(-4)).toString('latin1') !== 'PIMS') return () => ''
  const footer = readFooter(path, bytes.length, (from, length) => bytes.subarray(from, from + length))
  const columns = footer.columnIds.map((id) => footer.entry(id) as ColumnEntry)
  return (at) => {
    for (const { name, run: { starts }, blockCount } of columns) {
      const section = starts.findIndex((start, index) => start <= at && at < (starts[index + 1] ?? 0))
      if (section >= 0) return `column ${name}, block ${section < blockCount ? section : ''}`
    }
    return ''
  }
}

/** `place`: what an error must say besides the file's name; null: the rows are right. */
async function whatReads(path: string, place: string): Promise<string | null> {
  let text = ''
  try {
    const { store, arena, own } = await open(disk)
    for (const name of TABLES) {
      const snapshot = store.snapshot(name)
      const rows = readChecked(snapshot, arena, own).sort((a, b) => a - b)
      if (rows.join() !== rowsFor(name).sort((a, b) => a - b).join()) return `WRONG ${name}: ${rows.length} rows`
    }
    return null
  } catch (error) {
    text = (error as Error).message
  }
  const file = path.slice(path.lastIndexOf('/') + 1)
  const isNamed = text.includes(file) && text.includes(place) && (!file.startsWith('segment') || TABLES.some((name) => text.includes(`of ${name}`)))
  return isNamed ? null : `UNNAMED ${text}`
}

it('reads right or names the file, whichever byte is damaged', async () => {
  const files = [...disk.list(simulatedPath()).filter((name) => name !== 'segments'), ...disk.list(simulatedPath('segments')).map((name) => `segments/${name}`)]
  const kinds = files.map((name) => Buffer.from(disk.bytesOf(simulatedPath(name)).slice(-4)).toString('latin1'))
  expect(kinds).toContain('PIMS')
  expect(kinds).toContain('PIMW')
  const wrong: string[] = []
  const places = new Set<string>()
  let count = 0
  for (const name of files) {
    const path = simulatedPath(name)
    const { length } = disk.bytesOf(path)
    const placeOf = placesOf(path)
    for (let at = 0; at < length; at++) {
      // One bit, in most places; all of them in some.
      const damage = at % 5 === 0 ? 255 : 1 << at % 8
      const place = placeOf(at)
      if (place !== '') places.add(place)
      const bytes = disk.damage(path, at, damage)
      const found = await whatReads(path, place)
      bytes()
      count++
      if (found !== null) wrong.push(`${name} at ${at} (${damage}): ${found}`)
    }
  }
  expect(wrong).toEqual([])
  expect([...places].sort()).toEqual(expect.arrayContaining(['column n, block 0', 'column s, block ', 'column s, block 0']))
  expect(count).toBeGreaterThan(3000)
}, 600_000)
