// The writers of a run: inserts with their idempotency keys, the same again by who heard no answer, rows that were
// sent before in another batch, bulk writes; and what a start must show of those of which nobody knew.

import { BulkWrite } from './bulk-write.ts'
import { keyedOf, keyOf, type Keyed } from './keyed.ts'
import type { Happening } from './model.ts'
import { forgetsKeys, isRemoval, type Action, type Step } from './plan.ts'
import { isInDoubt, isManifestInDoubt, isRefusal } from './refusals.ts'
import { RowKeysModel } from './row-keys-model.ts'
import { Failure, type RunWorld, type Tables } from './tables.ts'
import { partOf, rowKeysOf } from './world.ts'
import type { KeyTurn } from '../../storage/face.ts'

export class Writers {
  readonly rowKeys = new RowKeysModel()
  private readonly world: RunWorld
  private readonly tables: Tables
  private keyed: Keyed[] = []
  /** Rows of one bulk write in each of its tables, of which nobody knows yet. */
  private sentInBulk: number[] = []
  private bulks: { readonly rows: ReadonlyMap<string, readonly number[]> }[] = []
  private nextRow = 1

  constructor(world: RunWorld, tables: Tables) {
    this.world = world
    this.tables = tables
  }

  /** A start has shown what there is. */
  restarted(): void {
    this.checkKeys()
    this.checkBulks()
    this.rowKeys.restarted(new Set(this.tables.rowsOf('keyed')), this.tables.of('keyed').model.hasNoRemovals)
  }

  /** A table is about to be dropped, and with it the keys of bulk writes into it. */
  dropping(name: string): void {
    this.keyed = this.keyed.filter(({ isBulk, names }) => !isBulk || !names.includes(name))
  }

  /** Rows and their key are one transaction. Where rows may have been removed this says nothing. */
  private checkKeys(): void {
    for (const { id, names, rows, outcome } of this.keyed) {
      if (outcome !== null) continue
      const isKnown = this.world.store.findKey(id) !== null
      for (const name of names) {
        if (name === 'aging' || name === 'keyed' || this.tables.of(name).model.hasNoRemovals !== true) continue
        if (this.tables.rowsOf(name).includes(rows[0]) !== isKnown) {
          throw new Failure(`rows ${rows.join(' ')} of ${name} are ${isKnown ? 'gone, but their key is' : 'there, but no key'} there`)
        }
      }
    }
  }

  async insert(names: readonly string[], count: number, step: Step): Promise<void> {
    const rows = Array.from({ length: count }, () => this.nextRow++)
    const keyed = keyedOf(rows[0], names, rows)
    this.keyed.push(keyed)
    await this.send(keyed, step)
  }

  async bulk(action: Action & { kind: 'bulk' }, step: Step): Promise<void> {
    const { table, also, pieces, divisor, rest } = action
    const names = also === null ? [table] : [table, also]
    const write = new BulkWrite(names, this.world.store, this.world.arena, this.rowKeys, divisor === 1 ? [table] : [], divisor > 1)
    const rows = new Map(names.map((name) => [name, this.rowsForBulk(name, pieces * 3)]))
    this.sentInBulk.push(...rows.get('keyed') ?? [])
    const bulk = { rows }
    const isBeside = forgetsKeys(step.filter((other) => other !== action))
    // Rows that turn out to be there already are never among those of the write.
    const entries = names.map((name) => {
      const { model } = this.tables.of(name)
      const own = write.kept(name)
      const what: Happening = name === table ? { kind: 'bulk', divisor, rest, rows: own } : { kind: 'insert', rows: own }
      const beside = !(name === table && divisor > 0) && this.isBesideRemoval(name, step) ? model.removals() : []
      return { model, index: model.note(what, null, beside) }
    })
    const keyed = keyedOf(this.nextRow++, [table], rows.get(table) ?? [], true)
    if (pieces > 0) this.keyed.push(keyed)
    const settle = (happened: boolean | null) => {
      keyed.outcome = happened
      keyed.isUnderWay = false
      for (const { model, index } of entries) model.settle(index, happened)
      write.settle(happened, isBeside)
    }
    try {
      await write.begin()
      if (this.world.disk.isStopped) return
      if (pieces > 0) this.bulks.push(bulk)
      for (let piece = 0; piece < pieces; piece++) {
        for (const [name, own] of rows) {
          const wrong = await write.add(name, own.slice(piece * 3, piece * 3 + 3), isBeside)
          if (wrong !== null) throw new Failure(wrong)
        }
      }
      const deleted = divisor > 1 ? { deleted: { table, condition: `n % ${divisor} = ${rest}` } } : {}
      await write.commit({ ...deleted, answered: { table, keyOf: () => keyOf(keyed, this.world.nowMs) } })
      settle(true)
    } catch (error) {
      if (this.world.disk.isStopped) return
      await write.abort()
      // A write that may go the way of inserts may be in doubt as they are; of others that failed at their empty
      // transaction nothing can be left.
      const mayBeInLog = divisor === 0 && !names.includes('keyed') && isInDoubt(error)
      settle(mayBeInLog || isManifestInDoubt(error) ? null : false)
      if (!isRefusal(error)) throw error
    } finally {
      write.release()
    }
    if (!this.world.disk.isStopped) this.bulks = this.bulks.filter((one) => one !== bulk)
  }

  /** All rows that were sent to the table with row keys, those of bulk writes last. */
  private sentRows(): number[] {
    return [...this.keyed.filter(({ names }) => names.includes('keyed')).flatMap(({ rows }) => rows), ...this.sentInBulk]
  }

  /** Of the table with row keys, some that were sent before. */
  private rowsForBulk(name: string, count: number): number[] {
    const sent = name !== 'keyed' ? [] : this.sentRows()
    return Array.from({ length: count }, (_, index) => index % 2 === 0 && sent.length > index ? sent[index] : this.nextRow++)
  }

  /** All tables of a bulk write have its rows, or none. Where rows may have been removed this says nothing. */
  private checkBulks(): void {
    for (const { rows } of this.bulks) {
      const sure = [...rows].filter(([name]) => name !== 'aging' && name !== 'keyed' && this.tables.of(name).model.hasNoRemovals === true)
      const there = sure.map(([name, own]) => this.tables.rowsOf(name).includes(own[0]))
      if (new Set(there).size > 1) throw new Failure(`of a bulk write ${sure.map(([name], index) => `${name} ${there[index]}`).join()}`)
    }
    this.bulks = []
  }

  /** A client that heard no answer, or a refusal, or lost the answer, sends the same again. */
  async retry(which: number, step: Step): Promise<void> {
    const keyed = this.keyed[which % Math.max(1, this.keyed.length)]
    if (keyed === undefined || keyed.isUnderWay) return
    const isKnown = this.world.store.findKey(keyed.id) !== null
    if (keyed.outcome === true && !isKnown) throw new Failure(`the key of rows ${keyed.rows.join(' ')} is forgotten`)
    if (keyed.outcome === false && isKnown) throw new Failure(`the key of refused rows ${keyed.rows.join(' ')} is there`)
    if (!isKnown) await this.send(keyed, step)
  }

  /** What a restart says of inserts of which nobody knew: the key is there exactly when the rows are. */
  settleKeys(): void {
    for (const keyed of this.keyed) {
      keyed.isUnderWay = false
      const isKnown = this.world.store.findKey(keyed.id) !== null
      if (keyed.outcome !== null && keyed.outcome !== isKnown) {
        throw new Failure(`the key of rows ${keyed.rows.join(' ')} is ${isKnown ? 'there' : 'forgotten'}`)
      }
      keyed.outcome = isKnown
      keyed.isInDoubt = false
    }
  }

  /** Rows in a batch of another cut, as an at-least-once client sends them. */
  async resend({ from, count, fresh }: Action & { kind: 'resend' }, step: Step): Promise<void> {
    const sent = this.sentRows()
    const again = Array.from({ length: sent.length === 0 ? 0 : count }, (_, index) => sent[(from + index * 3) % sent.length])
    const rows = [...again, ...Array.from({ length: fresh }, () => this.nextRow++)]
    if (rows.length === 0) return
    const keyed = keyedOf(this.nextRow++, ['keyed'], rows)
    this.keyed.push(keyed)
    await this.send(keyed, step)
  }

  /** Rows of the keyed table go past their keys first. */
  private async send(keyed: Keyed, step: Step): Promise<void> {
    const { names, rows } = keyed
    keyed.outcome = null
    keyed.isUnderWay = true
    if (!names.includes('keyed')) return await this.commit(keyed, step, () => rows, null)
    const table = this.world.store.table('keyed')
    if (table === null) throw new Failure('table keyed is missing')
    const isBeside = forgetsKeys(step)
    await this.world.store.deduplicate([table.id], async (turn) => {
      if (this.world.disk.isStopped) return
      const marks = await turn.look(table.id, rowKeysOf(rows))
      const wrong = this.rowKeys.check(rows, marks, isBeside)
      if (wrong !== null) throw new Failure(wrong)
      const kept = rows.filter((_, index) => marks?.[index] !== 1)
      await this.commit(keyed, step, (name) => name === 'keyed' ? kept : rows, turn)
      this.rowKeys.settle(kept, keyed.outcome, isBeside)
    }).catch((error: Error) => {
      if (error.name !== 'KeysUnderWay') throw error
      keyed.outcome = keyed.isInDoubt ? null : false
      keyed.isUnderWay = false
    })
  }

  private isBesideRemoval(table: string, step: Step): boolean {
    return step.some((other) => isRemoval(other) && 'table' in other && other.table === table)
  }

  private async commit(
    keyed: Keyed, step: Step, rowsFor: (name: string) => readonly number[], turn: KeyTurn | null,
  ): Promise<void> {
    const names = keyed.names.filter((name) => rowsFor(name).length > 0)
    const entries = names.map((name) => {
      const { model } = this.tables.of(name)
      return { model, index: model.note({ kind: 'insert', rows: rowsFor(name) }, null,
        this.isBesideRemoval(name, step) ? model.removals() : []) }
    })
    const settle = (happened: boolean | null) => {
      keyed.isInDoubt = happened === null || (keyed.isInDoubt && happened === false)
      keyed.outcome = keyed.isInDoubt ? null : happened
      keyed.isUnderWay = false
      for (const { model, index } of entries) model.settle(index, happened)
    }
    const parts = names.flatMap((name) => {
      const table = this.world.store.table(name)
      if (table === null) throw new Failure(`table ${name} is missing`)
      return inParts(rowsFor(name)).map((rows) => partOf(table, rows, this.world.arena))
    })
    try {
      await this.world.store.commit({ parts, rowKeys: turn?.claims() ?? [], keys: [keyOf(keyed, this.world.nowMs)] })
    } catch (error) {
      if (this.world.disk.isStopped) return
      settle(isInDoubt(error) ? null : false)
      if (!isRefusal(error)) throw error
      return
    }
    settle(true)
  }
}

/** Rows of one table as one to three parts of their transaction, as views give a target several. */
function inParts(rows: readonly number[]): (readonly number[])[] {
  const size = Math.ceil(rows.length / (1 + rows.length % 3))
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, part) => rows.slice(part * size, (part + 1) * size))
}
