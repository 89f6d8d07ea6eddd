// Data sources that were made over HTTP: files of the data folder beside those of the project. A drop is
// one rename: NAME.datasource becomes NAME.dropped, which stays until the rows are gone, so that a crash
// leaves the data source whole, or a drop that the next start ends.

import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { CREATED_FOLDER } from '../engine/beside.ts'
import { QUARANTINE_SUFFIX } from '../engine/tables.ts'
import type { PipeDef, Project } from '../project/definitions.ts'
import { loadProject } from '../project/load.ts'
import { SERVICE_PREFIX } from '../project/service-tables.ts'
import { HttpError } from '../server/answer.ts'
import { keepFile, syncFolder } from '../server/kept-file.ts'

const KEPT = '.datasource'
const DROPPED = '.dropped'

/** Removes a data source's rows; nothing where there are none. */
type Erase = (name: string) => Promise<void>

const ownerOf = (table: string): string => (
  table.endsWith(QUARANTINE_SUFFIX) ? table.slice(0, -QUARANTINE_SUFFIX.length) : table)

const makerOf = (target: string, project: Project): PipeDef | undefined =>
  [...project.pipes.values()].find(({ materialized }) => materialized.some((made) => made.target === target))

/** Of a store's tables, those whose rows belong to nothing that the project has. */
export const leftTables = (tables: readonly string[], project: Project): string[] => tables.filter((table) => (
  ownerOf(table) === table && !project.datasources.has(table) && !table.startsWith(SERVICE_PREFIX)
    && makerOf(table, project) === undefined))

export class CreatedDatasources {
  private readonly folder: string
  /** One change after the other: one that is made while one of its name goes would lose its rows with it. */
  private changes: Promise<unknown> = Promise.resolve()

  constructor(dataFolder: string) { this.folder = join(dataFolder, CREATED_FOLDER) }

  /** As files of the project's root; those are left out that the project has by now. */
  files(root: string): Readonly<Record<string, string>> {
    const names = this.named(KEPT)
    if (names.length === 0) return {}
    const { datasources } = loadProject(root).project
    return Object.fromEntries(names.filter((name) => !datasources.has(name))
      .map((name) => [`${name}${KEPT}`, readFileSync(this.file(name, KEPT), 'utf8')]))
  }

  /** Keeps one, durably, when `apply` takes the project with it. */
  add(name: string, text: string, apply: () => Promise<void>): Promise<void> {
    return this.inTurn(() => this.addNow(name, text, apply))
  }

  private async addNow(name: string, text: string, apply: () => Promise<void>): Promise<void> {
    nodeDisk().makeFolder(this.folder)
    keepFile(this.file(name, KEPT), text)
    try {
      await apply()
    } catch (error) {
      rmSync(this.file(name, KEPT), { force: true })
      throw error
    }
  }

  /** Takes one away when `reload` takes the project without it; `erase` then removes its rows. Of one that
   * no file describes any more it removes the rows. Throws HttpError 409 where a file of the project
   * describes or needs it; it stays. */
  drop(name: string, project: () => Project, reload: () => Promise<void>, erase: Erase): Promise<void> {
    return this.inTurn(() => this.dropNow(name, project(), reload, erase))
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.changes.then(change)
    this.changes = done.catch(() => {})
    return done
  }

  private async dropNow(name: string, project: Project, reload: () => Promise<void>, erase: Erase): Promise<void> {
    const owner = ownerOf(name)
    const maker = makerOf(owner, project)
    if (maker !== undefined) throw new HttpError(409, `Data Source '${name}' belongs to the materialized pipe '${maker.name}'`)
    if (!project.datasources.has(owner)) return erase(name)
    if (owner !== name) throw new HttpError(409, `Data Source '${name}' belongs to '${owner}', which is there`)
    if (!existsSync(this.file(name, KEPT))) {
      throw new HttpError(409, `Data Source '${name}' is described by a file of the project: remove the file, then drop its rows`)
    }
    this.rename(name, KEPT, DROPPED)
    try {
      await reload()
    } catch (error) {
      this.rename(name, DROPPED, KEPT)
      throw new HttpError(409, `Data Source '${name}' is needed: ${(error as Error).message}`)
    }
    await this.erase(name, erase)
  }

  /** Ends the drops that a crash left, before the project is applied. */
  async endDrops(erase: Erase): Promise<void> {
    for (const name of this.named(DROPPED)) await this.erase(name, erase)
  }

  private async erase(name: string, erase: Erase): Promise<void> {
    await erase(name)
    rmSync(this.file(name, DROPPED))
  }

  private rename(name: string, from: string, to: string): void {
    renameSync(this.file(name, from), this.file(name, to))
    syncFolder(this.folder)
  }

  private file(name: string, ending: string): string { return join(this.folder, `${name}${ending}`) }

  private named(ending: string): string[] {
    if (!existsSync(this.folder)) return []
    return readdirSync(this.folder).filter((file) => file.endsWith(ending)).map((file) => basename(file, ending))
  }
}
