// Backups of a simulated store, each with the rows that it must hold: those of the moment of its cut. A
// restore, by the next process or a later one, has all rows of one moment: of the last backup that was
// said to be done, or of one that was begun after it.

import { join } from 'node:path'
import { PlainArena } from './plain-arena.ts'
import { inlineTasks, readChecked, taskWorld } from './world.ts'
import { restoreBackup, writeBackup } from '../../storage/backup/backup.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import type { Disk } from '../../storage/disk/disk.ts'
import type { SimulatedDisk } from '../../storage/disk/simulated-disk.ts'
import { openStore, type Store } from '../../storage/index.ts'
import { simulatedPath } from '../../storage/disk/simulated-disk.ts'

const BACKUP = '/backup'
const RESTORED = '/restored'

export class Backups {
  /** Rows by table of each moment that a restore may show, as one text. */
  private moments: string[] = []
  private isUnderWay = false
  private isDone = false

  /** Backs up what is there now. One at a time, as the engine does it. */
  async take(
    store: Store, arena: PlainArena, disk: SimulatedDisk, target: Disk, random: () => number,
  ): Promise<void> {
    if (this.isUnderWay) return
    this.isUnderWay = true
    const cut = store.cut()
    const moment = disk.aside(() => rowsOf(store, arena, disk, simulatedPath()))
    this.moments.push(moment)
    try {
      await writeBackup(cut, { disk: target, arena, random, from: simulatedPath(), to: BACKUP, isCopy: true })
      this.isDone = true
      this.moments = [moment]
    } finally {
      this.isUnderWay = false
    }
  }

  /** The process that was backing up is no more. */
  stopped(): void { this.isUnderWay = false }

  /** Restores the backup and looks at it; null: it is right. */
  async wrong(disk: SimulatedDisk, random: () => number): Promise<string | null> {
    if (!this.isDone) return null
    await restoreBackup(disk, BACKUP, RESTORED)
    const { problems } = verifyStore(disk, RESTORED, () => {})
    if (problems.length > 0) return `the restored store is damaged: ${JSON.stringify(problems)}`
    const arena = new PlainArena(2 ** 20)
    const store = await openStore(RESTORED, { disk, arena, random, tasks: inlineTasks(taskWorld(arena, disk), random), limits: { freeBytesMin: 0 } })
    try {
      const rows = rowsOf(store, arena, disk, RESTORED)
      return this.moments.includes(rows) ? null : `a restore has ${rows}, not ${this.moments.join(' or ')}`
    } finally {
      await store.close()
      disk.removeFolder(RESTORED)
    }
  }
}

function rowsOf(store: Store, arena: PlainArena, disk: SimulatedDisk, folder: string): string {
  return store.tables().map(({ name }) => name).sort().map((name) => {
    const snapshot = store.snapshot(name)
    try {
      return `${name}: ${readChecked(snapshot, arena, disk, join(folder, 'segments')).sort((a, b) => a - b).join(' ')}`
    } finally {
      snapshot.release()
    }
  }).join('; ')
}
