import { expect, it } from 'vitest'
import { bytesOfText } from '../../sql/raw-text.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'
import { isAmong, rowSetsWith } from './string-presence.ts'
import { newDictionary, type Row, TestTable } from '../test-table.ts'

const USER = 2
/** Every so many-th user is in a row set. */
const rowsOf = (step: number, count: number): Row[] => Array.from({ length: count }, (_, i) => [i, `user_${i * step % 60}`])

it('says which row sets may have a string, once it was asked often enough, and of strings that came later', () => {
  const table = new TestTable('events', 1, [['id', 'UInt32'], ['user', 'String']])
  const steps = [1, 2, 3, 5, 6]
  for (const step of steps) table.add(rowsOf(step, 1000), true)
  const list = table.rowSets
  const readers = list.map((rowSet) => rowSet.column(USER))
  readers[4] = null // a row set older than the column: its rows show a default
  const { dictionaries, dictionary } = newDictionary(USER)
  const ask = (...users: string[]) => rowSetsWith(users.map(bytesOfText), list, readers, USER, dictionary, dictionaries)

  for (let i = 0; i < 100; i++) expect(ask('user_1')).toBeNull() // no row set is mapped yet
  readers.forEach((reader, i) => { if (reader !== null) dictionaries.mapLocal(dictionary, list[i].label, reader) })
  for (let i = 0; i < 500; i++) ask('user_1')
  const found = (...users: string[]): number[] => {
    const bits = ask(...users)
    if (bits === null) throw new Error('nothing is known')
    return list.flatMap((_, i) => (isAmong(bits, i) ? [i] : []))
  }
  for (let user = 0; user < 60; user++) {
    const wanted = steps.flatMap((step, i) => (i === 4 || rowsOf(step, 1000).some((row) => row[1] === `user_${user}`) ? [i] : []))
    expect(found(`user_${user}`)).toEqual(wanted)
  }
  expect(found('user_4', 'user_3')).toEqual([0, 1, 2, 4])
  expect(found('nobody')).toEqual([4])
  dictionaries.enter(dictionary, bytesOfText('late'))
  expect(found('late')).toEqual([4])
})

it('knows strings that other threads enter while it learns', () => {
  const table = new TestTable('events', 1, [['id', 'UInt32'], ['user', 'String']])
  for (const step of [1, 2]) table.add(rowsOf(step, 1000), true)
  const list = table.rowSets
  const readers = list.map((rowSet) => rowSet.column(USER))
  const { dictionaries, dictionary } = newDictionary(USER)
  const entering = {
    known: (...asked: Parameters<SharedDictionaries['mapLocal']>) => dictionaries.mapLocal(...asked),
  } as unknown as SharedDictionaries // of which nothing else is asked
  let found: Uint32Array | null = null
  for (let i = 0; i < 200; i++) found = rowSetsWith([bytesOfText('user_59')], list, readers, USER, dictionary, entering)
  expect(found === null ? null : list.map((_, i) => isAmong(found, i))).toEqual([true, false])
})
