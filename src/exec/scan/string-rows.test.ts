import { expect, it } from 'vitest'
import { bytesOfText } from '../../sql/raw-text.ts'
import { rowsWith } from './string-rows.ts'
import { newDictionary, newAccount, type Row, TestTable, TestWorld } from '../test-table.ts'

const USER = 2
const COUNT = 9000
/** Every so many-th user is in a row set; each seventh row has none. */
const userOf = (step: number, i: number): string | null => (i % 7 === 0 ? null : `user_${i * step % 900}`)
const rowsOf = (step: number, count: number): Row[] => Array.from({ length: count }, (_, i) => [i, userOf(step, i)])

/** As often as it takes to learn. */
const ASKS = 800

const STEPS = [1, 2, 7]
/** A list that is asked for users; strings of its row sets have no codes yet. */
function asked() {
  const table = new TestTable('events', 1, [['id', 'UInt32'], ['user', 'Nullable(String)']])
  for (const step of STEPS) table.add(rowsOf(step, COUNT), true)
  // A row set of strings that hardly repeat has no dictionary: once all are known, and once not.
  const plain = (name: string): Row[] => Array.from({ length: 500 }, (_, i) => [i, `${name}_${i}`])
  table.add(plain('user'), false)
  table.add(plain('other'), false)
  const list = table.rowSets
  const readers = list.map((rowSet) => rowSet.column(USER))
  expect(readers.map((reader) => (reader?.distinctCount ?? 0) < 0)).toEqual([false, false, false, true, true])
  const { dictionaries, dictionary } = newDictionary(USER)
  const ask = (user: string) => {
    const account = newAccount(2 ** 24)
    const rows = rowsWith(bytesOfText(user), USER, { list, readers, dictionary, dictionaries }, account)
    account.releaseAll()
    return rows.map((some) => (some === null ? null : [...some.rows]))
  }
  return { list, readers, dictionaries, dictionary, ask }
}

const wantedOf = (name: string): number[][] => STEPS.map((step) => rowsOf(step, COUNT).flatMap(([, of], row) => (of === name ? [row] : [])))

it('knows the rows of each string once it was asked often enough, but for row sets that keep strings of their own', () => {
  const { list, readers, dictionaries, dictionary, ask } = asked()
  readers.forEach((reader, i) => { if (reader !== null && reader.distinctCount >= 0) dictionaries.mapLocal(dictionary, list[i].label, reader) })
  for (let i = 0; i < 500; i++) dictionaries.enter(dictionary, bytesOfText(`user_${i}`))
  for (let i = 0; i < ASKS; i++) ask('user_1')
  for (let user = 0; user < 900; user += 13) {
    const name = `user_${user}`
    expect(ask(name)).toEqual([...wantedOf(name), user < 500 ? [user] : [], null])
  }
  dictionaries.enter(dictionary, bytesOfText('late'))
  expect(ask('late')).toEqual([[], [], [], [], null])
  expect(ask('nobody')).toEqual([[], [], [], [], null])
})

it('enters the strings of dictionaries that no query has entered, where there is room', () => {
  const { list, readers, dictionaries, dictionary, ask } = asked()
  const areMapped = () => readers.slice(0, 3).map((reader, i) => reader !== null && dictionaries.known(dictionary, list[i].label, reader) !== null)
  for (let i = 0; i < 64; i++) ask('user_1') // it does not pay yet
  expect(areMapped()).toEqual([false, false, false])
  for (let i = 0; i < ASKS; i++) ask('user_1')
  expect(areMapped()).toEqual([true, true, true])
  for (let user = 0; user < 900; user += 31) expect(ask(`user_${user}`).slice(0, 3)).toEqual(wantedOf(`user_${user}`))

  const full = asked()
  full.dictionaries.refuse(full.dictionary)
  for (let i = 0; i < ASKS; i++) expect(full.ask('user_1')).toEqual([])

  const damaged = asked()
  const [first] = damaged.readers
  if (first !== null) Object.defineProperty(first, 'expandDictionary', { value: () => { throw new Error('damaged') } })
  for (let i = 0; i < ASKS; i++) damaged.ask('user_1')
  expect(damaged.ask('user_1').slice(0, 3)).toEqual([null, ...wantedOf('user_1').slice(1)])
})

it('leaves answers as they are, deleted rows left out, in one worker and in three', () => {
  const table = new TestTable('events', 1, [['id', 'UInt32'], ['user', 'String'], ['at', 'DateTime']])
  const rows = (part: number): Row[] => Array.from({ length: COUNT }, (_, i) => [part * COUNT + i, `user_${(i * 31 + part) % 700}`, 1_700_000_000 + i])
  for (const part of [0, 1, 2]) table.add(rows(part), part !== 1)
  const isGone = (part: number, i: number): boolean => part > 0 && i % 3 === part
  table.rowSets.forEach((rowSet, part) => {
    if (part === 0) return
    const deleted = new Uint8Array(Math.ceil(COUNT / 8))
    for (let i = 0; i < COUNT; i++) if (isGone(part, i)) deleted[i >> 3] |= 1 << (i & 7)
    Object.defineProperty(rowSet, 'deleted', { value: deleted })
  })
  const world = new TestWorld([table])
  world.run('SELECT uniqExact(user) FROM events')
  const sql = (user: number) => `SELECT id FROM events WHERE user = 'user_${user}' AND at < toDateTime(${1_700_000_000 + COUNT - 50}, 'UTC') ORDER BY id`
  const wanted = (user: number) => [0, 1, 2].flatMap((part) => rows(part)
    .filter((row, i) => row[1] === `user_${user}` && i < COUNT - 50 && !isGone(part, i)).map(([id]) => id))
  for (let i = 0; i < ASKS; i++) {
    const answer = world.run(sql(i % 40), i % 5 === 0 ? 3 : 1)
    if (i % 17 === 0) expect(answer.rows.map(([id]) => id)).toEqual(wanted(i % 40))
  }
  const before = world.run(sql(41)).run.stats.rowsRead
  expect(before).toBeLessThan(100) // also of the row set that keeps no postings
  expect(world.run(sql(1000)).rows).toEqual([])
})

it('learns on after questions without memory, which keep what they have, and without a row set that cannot be read', () => {
  const table = new TestTable('events', 1, [['id', 'UInt32'], ['user', 'Nullable(String)']])
  for (const step of [1, 2]) table.add(rowsOf(step, COUNT), true)
  const list = table.rowSets
  const readers = list.map((rowSet) => rowSet.column(USER))
  const { dictionaries, dictionary } = newDictionary(USER)
  for (const [i, reader] of readers.entries()) if (reader !== null) dictionaries.mapLocal(dictionary, list[i].label, reader)
  const damaged = Object.create(readers[1], { decode: { value: () => { throw new Error('damaged') } } })
  const ask = (bytes: number) => {
    const account = newAccount(bytes)
    const rows = rowsWith(bytesOfText('user_2'), USER, { list, readers: [readers[0], damaged], dictionary, dictionaries }, account)
    expect(account.usedBytes).toBe(0)
    return rows.map((some) => (some === null ? null : [...some.rows]))
  }
  for (let i = 0; i < ASKS; i++) ask(i % 5 < 4 ? 1024 : 2 ** 24)
  expect(ask(1024)).toEqual([rowsOf(1, COUNT).flatMap(([, of], row) => (of === 'user_2' ? [row] : [])), null])
})
