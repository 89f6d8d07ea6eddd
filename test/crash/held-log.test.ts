// Keys of a bulk write are in the log before the edit that shows its rows, which may wait for long: until then
// the log stays, however far it has come. No plan of the simulator lets so much happen in between, so the
// moment is made here, and shown to be the right one by the guard's absence.

import { expect, it } from 'vitest'
import { PlainArena } from './plain-arena.ts'
import { inlineTasks, partOf, rowKeysOf, tableNamed, taskWorld } from './world.ts'
import { seededRandom, SimulatedDisk, simulatedPath } from '../../storage/disk/simulated-disk.ts'
import type { StoreTask, TableMeta, TaskRunner } from '../../storage/face.ts'
import { openStore, Store } from '../../storage/index.ts'

type World = { readonly store: Store; readonly arena: PlainArena; readonly keyed: TableMeta; readonly whole: TableMeta }

async function open(disk: SimulatedDisk, hold: (task: StoreTask) => Promise<void> = async () => {}): Promise<World> {
  const arena = new PlainArena(2 ** 20)
  const inline = inlineTasks(taskWorld(arena, disk), () => 0)
  const run = async (task: StoreTask): Promise<unknown> => {
    await hold(task)
    return await (inline.run as (task: StoreTask) => Promise<unknown>)(task)
  }
  const store = await openStore(simulatedPath(), {
    disk, arena, tasks: { run: run as TaskRunner['run'] }, random: () => 0.25, clock: { nowMs: () => 0 },
    limits: { freeBytesMin: 0, walFileBytes: 300 },
  })
  const tableOf = async (name: string) => store.table(name) ?? await store.createTable(tableNamed(name))
  return { store, arena, keyed: await tableOf('keyed'), whole: await tableOf('whole') }
}

/** Which of the rows the next process knows again. */
async function knownAfterAll(rows: readonly number[]): Promise<number[]> {
  const disk = new SimulatedDisk({ random: seededRandom(5) })
  let masking = () => {}
  let goOn = () => {}
  const isMasking = new Promise<void>((resolve) => { masking = resolve })
  const mayGoOn = new Promise<void>((resolve) => { goOn = resolve })
  const { store, arena, keyed, whole } = await open(disk, async ({ kind }) => {
    if (kind !== 'mask') return
    masking()
    await mayGoOn
  })
  const claims = await store.claimBulk(new Map([[keyed.id, { isReplacing: false, isFirm: false }]]))
  const stage = store.stage(claims)
  expect(await stage.look(keyed.id, rowKeysOf(rows))).toBe(null)
  await stage.add(partOf(keyed, rows, arena))
  const shown = stage.commit({ deleted: { table: 'keyed', condition: 'n % 5 = 4' } })
  await isMasking
  for (let row = 1000; row < 1010; row++) {
    await store.commit({ parts: [partOf(whole, [row], arena)] })
    await store.flush('whole')
  }
  goOn()
  await shown
  for (const claim of claims) claim.release()
  const next = await open(disk.afterKill({ random: seededRandom(6) }))
  return await next.store.deduplicate([keyed.id], async (turn) => {
    const marks = await turn.look(keyed.id, rowKeysOf(rows))
    return rows.filter((_, index) => marks?.[index] === 1)
  })
}

it('keeps the log until the keys in it are remembered', async () => {
  expect(await knownAfterAll([1, 2, 3])).toEqual([1, 2, 3])
  const { prototype } = Store as unknown as { prototype: { holdLog: () => () => void } } // the bug, planted
  const { holdLog } = prototype
  prototype.holdLog = () => () => {}
  try {
    expect(await knownAfterAll([1, 2, 3])).toEqual([])
  } finally {
    prototype.holdLog = holdLog
  }
}, 30_000)
