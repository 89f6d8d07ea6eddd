// uniq over codes gives what uniq over the strings' hashes gives: with strings whose hashes are equal,
// groups beyond what is kept, states of several workers, and states as bytes.

import { beforeAll, describe, expect, it } from 'vitest'
import { TestTable, TestWorld, type Row } from '../../exec/test-table.ts'
import { hashesOf, type Twins } from '../hashes/dictionary-hashes.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { LocalStrings } from '../../../storage/column/local-strings.ts'

const STRINGS = 160_000
const texts = Array.from({ length: STRINGS }, (_, i) => `user_${i * 17}`)

function dictionaryOf(strings: readonly string[]): LocalStrings {
  const offsets = new Uint32Array(strings.length + 1)
  strings.forEach((text, i) => { offsets[i + 1] = offsets[i] + text.length })
  return new LocalStrings(strings.length, new Uint8Array(Buffer.from(strings.join(''))), offsets)
}

describe('uniq over codes', () => {
  let twins: Twins
  let world: TestWorld
  beforeAll(() => {
    const work = new WorkMemory(64 * 2 ** 20)
    const account = new MemoryAccount(work, 64 * 2 ** 20)
    const context = { account, kernels: loadKernels(work), nowMs: 0, checkAlive: () => {} }
    twins = hashesOf(dictionaryOf(texts), 65536, context).twins
    expect(account.usedBytes).toBe(0)
    // Each string twice; group 0 has all of them, groups 1 to 5 the twins and some others.
    const rows: Row[] = texts.map((text, i): Row => [text, 0, i])
    const some = [...twins.flat(), ...Array.from({ length: 3000 }, (_, i) => i * 7)]
    some.forEach((code, i) => { for (const group of [1 + (i % 5), 1 + (i % 2)]) rows.push([texts[code], group, i]) })
    const table = new TestTable('t', 1, [['s', 'String'], ['g', 'UInt32'], ['n', 'UInt32']])
    for (const part of [rows.slice(0, 100_000), rows.slice(100_000), rows.slice(50_000)]) table.add([...part, ...part], true)
    world = new TestWorld([table])
  }, 60_000)

  it('knows the strings whose hashes are equal', () => {
    expect(twins.length).toBeGreaterThan(0)
    for (const same of twins) expect(same.length).toBeGreaterThan(1)
  })

  it('counts hashes, not codes', () => {
    const by = (argument: string, from: string, group: string) =>
      `SELECT ${group} AS k, uniq(${argument}) FROM ${from} GROUP BY k ORDER BY k`
    const groups = ['g', 'g % 3', 'n % 5000', '0']
    for (const group of groups) {
      // Strings that an expression makes have no shared codes.
      const { rows } = world.run(by("concat(s, '')", 't', group))
      for (const workers of [1, 3]) expect(world.run(by('s', 't', group), workers).rows).toEqual(rows)
      const states = `(SELECT ${group} AS k, uniqState(s) AS st FROM t GROUP BY k)`
      expect(world.run(`SELECT k, uniqMerge(st) FROM ${states} GROUP BY k ORDER BY k`, 2).rows).toEqual(rows)
    }
    expect(world.run('SELECT uniqIf(s, g > 9), uniqIf(s, g = 1) FROM t', 3).rows)
      .toEqual(world.run("SELECT uniqIf(concat(s, ''), g > 9), uniqIf(concat(s, ''), g = 1) FROM t").rows)
  })

  it('asks each group or looks at all codes, with one result', () => {
    const wide = world.run('SELECT k, uniq(s) AS u FROM (SELECT s, n % 200000 AS k FROM t) GROUP BY k ORDER BY k')
    const plain = world.run("SELECT k, uniq(concat(s, '')) AS u FROM (SELECT s, n % 200000 AS k FROM t) GROUP BY k ORDER BY k")
    expect(wide.rows).toEqual(plain.rows)
  })
})
