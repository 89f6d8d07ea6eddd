import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { MemoryLimitExceeded } from '../../../storage/kernels/work-memory.ts'
import { newAccount, newDictionaries, type Row, TestTable, TestWorld } from '../test-table.ts'
import { BesideRows, type Places } from './beside-rows.ts'
import { besideOf } from './string-rows.ts'

const COUNT = 9000
const [USER, AT, KIND, NOTE, MAYBE] = [2, 3, 4, 5, 6]
const rowsOf = (part: number): Row[] => Array.from({ length: COUNT }, (_, i) => [
  part * COUNT + i, `user_${(i * 31 + part) % 700}`, 1_700_000_000 + i * 7 % COUNT, `kind ${(i + part) % 5}`, `note ${i % 600}`,
  i % 3 === 0 ? null : i,
])
const newTable = (): TestTable => {
  const table = new TestTable('events', 1, [
    ['id', 'Int32'], ['user', 'String'], ['at', 'DateTime'], ['kind', 'String'], ['note', 'String'], ['maybe', 'Nullable(UInt32)'],
  ])
  for (const part of [0, 1, 2]) table.add(rowsOf(part), part !== 1)
  return table
}
/** As often as it takes to learn the rows of each string, and what stands beside them. */
const ASKS = 400
const isKnown = (table: TestTable, column: number, type: string, kind: 'number' | 'codes', world: TestWorld): boolean => {
  const dictionary = kind === 'codes' ? world.dictionaryOf(1, column) : null
  return (besideOf(table.rowSets, USER)?.valuesOf(column, parseDataType(type), dictionary) ?? null) !== null
}

it('leaves answers as they are, of all rows of a string and of some of them', () => {
  const table = newTable()
  const world = new TestWorld([table])
  const all = [0, 1, 2].flatMap(rowsOf)
  const sql = (user: number) => `SELECT id, toUnixTimestamp(at), kind, note, maybe FROM events WHERE user = 'user_${user}' ORDER BY id`
  const some = (user: number) => `SELECT id, kind FROM events WHERE user = 'user_${user}' AND id % 2 = 1 ORDER BY id`
  const wanted = (user: number) => all.filter(([, name]) => name === `user_${user}`)
  const check = (user: number) => {
    expect(world.run(sql(user)).rows).toEqual(wanted(user).map(([id, , at, kind, note, maybe]) => [id, at, kind, note, maybe]))
    expect(world.run(some(user)).rows).toEqual(wanted(user).filter(([id]) => Number(id) % 2 === 1).map(([id, , , kind]) => [id, kind]))
  }
  check(1)
  for (let i = 0; i < ASKS; i++) world.run(sql(i % 40))
  for (let user = 0; user < 700; user += 23) check(user)
  expect(world.run(sql(1000)).rows).toEqual([])
  expect(isKnown(table, AT, 'DateTime', 'number', world)).toBe(true)
  expect(isKnown(table, KIND, 'String', 'codes', world)).toBe(true)
  // More strings than a byte has values, and numbers that may be NULL.
  expect(isKnown(table, NOTE, 'String', 'codes', world)).toBe(false)
  expect(isKnown(table, MAYBE, 'Nullable(UInt32)', 'number', world)).toBe(false)
})

it('leaves out row sets that are older than a column', () => {
  const table = newTable()
  const [, second] = table.rowSets
  const column = second.column.bind(second)
  Object.defineProperty(second, 'column', { value: (id: number) => (id === KIND ? null : column(id)) })
  const world = new TestWorld([table])
  const sql = (user: number) => `SELECT id, kind FROM events WHERE user = 'user_${user}' ORDER BY id`
  for (let i = 0; i < ASKS; i++) world.run(sql(i % 40))
  for (let user = 0; user < 700; user += 61) {
    expect(world.run(sql(user)).rows).toEqual([0, 1, 2].flatMap((part) => rowsOf(part)
      .filter(([, name]) => name === `user_${user}`).map(([id, , , kind]) => [id, part === 1 ? '' : kind])))
  }
})

it('begins anew after a question without the memory, and leaves out what cannot be read', () => {
  const { rowSets: [rowSet] } = newTable()
  const dictionaries = newDictionaries()
  const places: Places = {
    ends: Uint32Array.of(COUNT), rowCount: COUNT, takesPart: () => true, stringsOf: (_, block) => new Uint32Array(rowSet.blockRows(block)),
  }
  const type = parseDataType('DateTime')
  const learnt = (error: Error, times: number) => {
    const reader = rowSet.column(AT)
    if (reader === null) throw new Error('no column')
    let asked = 0
    const failing = Object.create(reader, {
      decode: { value: (...args: Parameters<typeof reader.decode>) => { if (args[0] === 1 && ++asked <= times) throw error; return reader.decode(...args) } },
    })
    const list = [Object.create(rowSet, { column: { value: () => failing } })]
    const beside = new BesideRows()
    beside.valuesOf(AT, type, null)
    for (let i = 0; i < ASKS * 3; i++) if (beside.isDue(COUNT)) beside.learn(places, list, dictionaries, newAccount(2 ** 24))
    return beside.valuesOf(AT, type, null)
  }
  expect([...learnt(new MemoryLimitExceeded(1, 1), 2) ?? []]).toEqual(rowsOf(0).map((row) => row[2]))
  expect(learnt(new Error('damaged'), 1)).toBeNull()
})
