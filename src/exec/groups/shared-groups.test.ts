import { expect, it } from 'vitest'
import { STRING } from '../../../storage/column/data-type.ts'
import { LocalStrings } from '../../../storage/column/local-strings.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { valueAt, vectorOf } from '../../functions/values/values.ts'
import { bindSlots } from '../../plan/slots.ts'
import { KeyHashes } from '../keys/key-hashes.ts'
import { runtimeAlone, type Runtime } from '../runtime/runtime.ts'
import { PartAccount, ScratchAccount } from '../blocks/scratch.ts'
import { PARTS, SharedGroups } from './shared-groups.ts'
import type { SharedStates } from '../runtime/shared-states.ts'
import { TestTable, TestWorld } from '../test-table.ts'

it('hold no memory of rows that were shared out by codes', () => {
  const work = new WorkMemory(8 * 2 ** 20)
  const kernels = loadKernels(work)
  const context = () => ({ account: new MemoryAccount(work, 2 ** 20), kernels, nowMs: 0, checkAlive: () => {} })
  const [durable, scratch] = [context(), context()]
  const hashes = new KeyHashes([STRING], 5, durable)
  const codes = durable.account.u32(1000).map((_, row) => row % 3)
  const key: Vector = {
    kind: 'codes', type: STRING, length: 1000, isConst: false, nulls: null, codes,
    dictionary: new LocalStrings(3, Uint8Array.from(Buffer.from('abc')), Uint32Array.from([0, 1, 2, 3])),
  }
  hashes.share([key], 1000, scratch)
  const { usedBytes } = durable.account
  for (let block = 0; block < 5; block++) hashes.share([key], 1000, scratch)
  expect(durable.account.usedBytes).toBe(usedBytes)
})

const events = new TestTable('events', 1, [['id', 'UInt32'], ['user', 'String'], ['n', 'Int32']])
events.add(Array.from({ length: 40_000 }, (_, i) => [i, `user_${i % 7000}`, i % 11]), true)
const world = new TestWorld([events])

it.each([
  ["SELECT concat(user, '!') AS k, count() AS c, sum(n) AS s, min(id), max(id) FROM events GROUP BY k ORDER BY k", 2],
  ["SELECT concat(user, '!') AS k, id, groupArray(n), groupArray(upper(user)), any(user) FROM events GROUP BY k, id ORDER BY id", 10],
  ["SELECT k, count(), max(c) FROM (SELECT concat(user, '!') AS k, n, count() AS c FROM events GROUP BY k, n) GROUP BY k ORDER BY k", 15],
  ["SELECT k, count(), max(c) FROM (SELECT concat(user, toString(id % 30000)) AS k, n, count() AS c FROM events GROUP BY k, n) GROUP BY k ORDER BY k", 30],
])('keep their keys for who keeps the rows, whether shared memory has room or not: %s', (sql, asksMax) => {
  const plan = world.planOf(sql)
  const answer = (shared: SharedStates | null): string => world.withPlan(plan, bindSlots(plan, []), 1,
    ({ blocks }) => JSON.stringify(blocks.flatMap(({ columns, rowCount }) => Array.from({ length: rowCount }, (_, row) =>
      columns.map((column) => valueAt(column, row))))), 800 * 2 ** 20, () => ({ shared }))
  const wanted = answer(null)
  for (const every of [Number.POSITIVE_INFINITY, 2, 1]) {
    const cells: Uint8Array[] = []
    let asked = 0
    const shared: SharedStates = {
      shareFrom: 1000, flushFrom: 2000, windowsFrom: 1000,
      allocate: (bytes) => (++asked % every === 0 ? null
        : { address: cells.push(new Uint8Array(new SharedArrayBuffer(bytes))) - 1, bytes }),
      bytes: ({ address }) => cells[address],
    }
    expect(answer(shared) === wanted).toBe(true)
    // What had no room is not packed again with each block.
    if (every === 1) expect(asked).toBeLessThan(asksMax)
    expect(asked).toBeGreaterThan(0)
  }
})

it('come from peers where shared memory has room for nothing else', () => {
  const table = new TestTable('ids', 2, [['id', 'String'], ['n', 'UInt32']])
  for (const from of [0, 2000, 4000]) table.add(Array.from({ length: 3000 }, (_, i) => [`id_${from + i}`, from + i]), true)
  const several = new TestWorld([table])
  const plan = several.planOf("SELECT count(), sum(c) FROM (SELECT concat(id, '!') AS k, n, count() AS c FROM ids GROUP BY k, n)")
  const cells: Uint8Array[] = []
  const shared: SharedStates = {
    shareFrom: 1000, flushFrom: 2000, windowsFrom: 1000,
    allocate: (bytes, isLast) => (!isLast ? null
      : { address: cells.push(new Uint8Array(new SharedArrayBuffer(bytes))) - 1, bytes }),
    bytes: ({ address }) => cells[address],
  }
  several.withPlan(plan, bindSlots(plan, []), 3, ({ blocks: [{ columns }] }) => {
    expect(columns.map((column) => valueAt(column, 0))).toEqual([7000, 9000])
  }, 800 * 2 ** 20, () => ({ shared }))
  expect(cells.length).toBeGreaterThan(0)
})

/** A GROUP BY of one column of strings that is shared out, its memory, and the key of so many texts. */
function stringGroups(flushFrom: number) {
  const work = new WorkMemory(16 * 2 ** 20)
  const kernels = loadKernels(work)
  const account = new MemoryAccount(work, 16 * 2 ** 20)
  const durable = { account, kernels, nowMs: 0, checkAlive: () => {} }
  const scratch = { ...durable, account: new ScratchAccount(account) }
  const runtime: Runtime = {
    ...runtimeAlone(durable, ''), scratch, newPart: () => new PartAccount(account), newScratch: () => new ScratchAccount(account),
  }
  const cells: Uint8Array[] = []
  const groups = new SharedGroups({
    types: [STRING], keys: [0], aggregates: [], joint: null, quota: 'max_rows_to_group_by', tail: { conditions: [], top: null },
    dictionaryById: () => null,
  }, {
    shareFrom: 1000, flushFrom, windowsFrom: 1000, bytes: ({ address }) => cells[address],
    allocate: (bytes) => ({ address: cells.push(new Uint8Array(new SharedArrayBuffer(bytes))) - 1, bytes }),
  }, runtime)
  const push = (key: Vector) => {
    groups.push({ rowCount: key.length, columns: [key] }, [key])
    scratch.account.releaseAll()
  }
  return { groups, account, push, pushTexts: (texts: readonly string[]) => push(vectorOf(texts, STRING, scratch.account)) }
}

it('keep no table of a large dictionary in each part', () => {
  const { groups, account, push, pushTexts } = stringGroups(2 ** 18)
  const texts = Array.from({ length: 20_000 }, (_, i) => `user_${i}`)
  const offsets = new Uint32Array(texts.length + 1)
  texts.forEach((text, i) => { offsets[i + 1] = offsets[i] + text.length })
  const dictionary = new LocalStrings(texts.length, Buffer.from(texts.join('')), offsets)
  pushTexts(texts.slice(0, 1000))
  const { usedBytes } = account
  const codes = Uint32Array.from({ length: 1000 }, (_, row) => row * 20)
  push({ kind: 'codes', type: STRING, length: 1000, isConst: false, nulls: null, codes, dictionary })
  expect(groups.groupCount).toBe(1950)
  expect(account.usedBytes - usedBytes).toBeLessThan(texts.length * 4 * 8)
  account.releaseAll()
})

it('are merged in steps of one partial state each', () => {
  const { groups, account, pushTexts } = stringGroups(2 ** 18)
  for (const from of [0, 1500, 3000]) {
    pushTexts(Array.from({ length: 2000 }, (_, i) => `user_${from + i}`))
    groups.flush()
  }
  expect(groups.chunks).toHaveLength(3)
  let rows = 0
  let groupCount = 0
  for (let part = 0; part < PARTS; part++) {
    const merge = groups.mergePart(part, ({ rowCount }) => { rows += rowCount })
    let steps = 0
    let step = merge.next()
    for (; step.done !== true; step = merge.next()) steps++
    expect(steps).toBe(3)
    groupCount += step.value
  }
  expect([rows, groupCount]).toEqual([5000, 5000])
  account.releaseAll()
})
