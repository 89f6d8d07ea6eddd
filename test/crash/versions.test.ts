// Every kind of file has its version, and one of a newer Pipit is refused with both versions named, whatever
// else it holds.

import { expect, it } from 'vitest'
import { keyedOf, keyOf } from './keyed.ts'
import { PlainArena } from './plain-arena.ts'
import { inlineTasks, partOf, readChecked, rowKeysOf, tableNamed, taskWorld } from './world.ts'
import { seededRandom, SimulatedDisk, simulatedPath } from '../../storage/disk/simulated-disk.ts'
import { openStore, type Store } from '../../storage/index.ts'

/** Where the version lies in files whose names begin so. */
const KINDS: readonly (readonly [prefix: string, at: number])[] = [
  ['manifest-', 8], ['wal-', 8], ['keys-', 8], ['rowkeys-', 8], ['segments/segment-', 4], ['segments/mask-', 8],
]

async function open(disk: SimulatedDisk): Promise<{ store: Store; arena: PlainArena }> {
  const arena = new PlainArena(2 ** 20)
  const store = await openStore(simulatedPath(), {
    disk, arena, tasks: inlineTasks(taskWorld(arena, disk), () => 0), random: () => 0.25, clock: { nowMs: () => 0 },
    limits: { freeBytesMin: 0, walFileBytes: 300 },
  })
  return { store, arena }
}

async function readAll(disk: SimulatedDisk): Promise<number> {
  const { store, arena } = await open(disk)
  const snapshot = store.snapshot('keyed')
  const rows = readChecked(snapshot, arena, disk)
  snapshot.release()
  return rows.length
}

it('refuses a newer version of every kind of file', async () => {
  const disk = new SimulatedDisk({ random: seededRandom(8) })
  const { store, arena } = await open(disk)
  const keyed = await store.createTable(tableNamed('keyed'))
  for (const row of [1, 2, 3, 4]) {
    await store.deduplicate([keyed.id], async (turn) => {
      await turn.look(keyed.id, rowKeysOf([row]))
      await store.commit({ parts: [partOf(keyed, [row], arena)], rowKeys: turn.claims(), keys: [keyOf(keyedOf(row, ['keyed'], [row]), 0)] })
    })
    await store.flush('keyed')
  }
  await store.commit({ parts: [partOf(keyed, [10, 11, 12], arena)] })
  await store.flush('keyed')
  await store.delete('keyed', 'n % 5 = 1', false)
  disk.stop()
  const files = [...disk.aside(() => disk.list(simulatedPath())), ...disk.aside(() => disk.list(simulatedPath('segments'))).map((name) => `segments/${name}`)]
  const left = () => disk.afterKill({ random: seededRandom(9) })
  expect(await readAll(left())).toBe(5)
  for (const [prefix, at] of KINDS) {
    // All of a kind: some are left over, and go at the start.
    const own = files.filter((name) => name.startsWith(prefix))
    expect(own.length, `${prefix} among ${files.join(' ')}`).toBeGreaterThan(0)
    const heals = own.map((file) => disk.damage(simulatedPath(file), at, 9))
    await expect(readAll(left()), prefix).rejects.toThrow(/format version 8; this Pipit knows up to version 1/)
    for (const heal of heals) heal()
  }
}, 30_000)
