// One bulk write of the simulator: rows in pieces to a stage; of the table that tells rows apart by a key
// only those that are new.

import { PlainArena } from './plain-arena.ts'
import type { RowKeysModel } from './row-keys-model.ts'
import { partOf, rowKeysOf } from './world.ts'
import type { TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import type { Stage, StageEffects } from '../../storage/manifest/stage.ts'

const KEYED = 'keyed'

export class BulkWrite {
  private readonly store: Store
  private readonly arena: PlainArena
  private readonly keys: RowKeysModel
  private readonly replaced: readonly string[]
  private readonly isFirm: boolean
  private readonly rows = new Map<string, number[]>()
  private claims: Awaited<ReturnType<Store['claimBulk']>> = []
  private stage: Stage | null = null
  private endTruncate = (_happened: boolean | null): void => {}

  /** `replaced`: those of the tables `names` that lose what they hold. `isFirm`: rows stay, whoever comes
   * with them. */
  constructor(
    names: readonly string[], store: Store, arena: PlainArena, keys: RowKeysModel, replaced: readonly string[],
    isFirm: boolean,
  ) {
    this.isFirm = isFirm
    this.store = store
    this.arena = arena
    this.keys = keys
    this.replaced = replaced
    for (const name of names) this.rows.set(name, [])
  }

  async begin(): Promise<void> {
    const kind = { isReplacing: this.replaced.includes(KEYED), isFirm: this.isFirm }
    this.claims = await this.store.claimBulk(new Map(this.rows.has(KEYED) ? [[this.table(KEYED).id, kind]] : []))
    this.stage = this.store.stage(this.claims)
  }

  private table(name: string): TableMeta {
    const meta = this.store.table(name)
    if (meta === null) throw new Error(`table ${name} is missing`)
    return meta
  }

  /** Rows of a table that go in; grows with each piece. */
  kept(name: string): readonly number[] { return this.rows.get(name) ?? [] }

  /** Answers what is wrong with the rows that are taken for duplicates; null: nothing. */
  async add(name: string, rows: readonly number[], isBeside: boolean): Promise<string | null> {
    const stage = this.stage as Stage
    const own = this.rows.get(name) as number[]
    const meta = this.table(name)
    const marks = name === KEYED ? await stage.look(meta.id, rowKeysOf(rows)) : null
    const isMarked = (index: number) => marks?.[index] === 1
    if (name === KEYED) {
      const twice = rows.findIndex((row, index) => own.includes(row) && !isMarked(index))
      if (twice >= 0) return `row ${rows[twice]} comes twice in a bulk write, and is stored twice`
      const others = rows.flatMap((row, index) => own.includes(row) ? [] : [{ row, mark: Number(isMarked(index)) }])
      const wrong = this.replaced.includes(KEYED) ? null
        : this.keys.check(others.map(({ row }) => row), Uint8Array.from(others, ({ mark }) => mark), isBeside)
      if (wrong !== null) return wrong
    }
    const kept = rows.filter((_, index) => !isMarked(index))
    if (name === KEYED) this.keys.begin(kept)
    own.push(...kept)
    if (kept.length > 0) await stage.add(partOf(meta, kept, this.arena))
    return null
  }

  async commit(effects: StageEffects): Promise<void> {
    if (this.replaced.includes(KEYED)) this.endTruncate = this.keys.beginTruncate()
    await (this.stage as Stage).commit({ ...effects, replaced: this.replaced })
  }

  /** `happened` null: nobody knows. */
  settle(happened: boolean | null, isBeside: boolean): void {
    if (happened === false) this.keys.refuse(this.kept(KEYED))
    else this.keys.settle(this.kept(KEYED), happened, isBeside)
    this.endTruncate(happened)
  }

  async abort(): Promise<void> { await this.stage?.abort() }

  release(): void { for (const claim of this.claims) claim.release() }
}
