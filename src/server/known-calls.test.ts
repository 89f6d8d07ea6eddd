import { expect, it } from 'vitest'
import type { Project } from '../project/definitions.ts'
import { callKey, KnownCalls, type Asker, type KnownCall } from './known-calls.ts'
import type { Token } from './tokens.ts'

const project = (): Project => ({}) as Project // known by its identity alone
const token = (id: string): Token => ({ id }) as Token
const asker = (): Asker => ({ project: project(), token: token('a'), secrets: null })
const call = (n: number) => ({ params: { n }, own: { n }, rendered: {} as KnownCall['rendered'] })

it('knows a call from its second time on', () => {
  const calls = new KnownCalls()
  const me = asker()
  calls.keep(callKey('top', 'n=1', me.token), me, call(1))
  expect(calls.find(callKey('top', 'n=1', me.token), me)).toBeNull()
  calls.keep(callKey('top', 'n=1', me.token), me, call(1))
  expect(calls.find(callKey('top', 'n=1', me.token), me)?.own).toEqual({ n: 1 })
  expect(calls.find(callKey('top', 'n=2', me.token), me)).toBeNull()
  expect(calls.find(callKey('other', 'n=1', me.token), me)).toBeNull()
})

it('knows no call of another token, of changed rights, of another version of the project, with other secrets', () => {
  const calls = new KnownCalls()
  const me = asker()
  for (let time = 0; time < 2; time++) calls.keep(callKey('top', 'n=1', me.token), me, call(1))
  expect(calls.find(callKey('top', 'n=1', me.token), me)).not.toBeNull()
  for (const other of [{ token: token('b') }, { token: token('a') }, { project: project() }, { secrets: { key: 'x' } }]) {
    const asking = { ...me, ...other }
    expect(calls.find(callKey('top', 'n=1', asking.token), asking)).toBeNull()
  }
})

it('forgets the oldest of many, and all of an old version of the project', () => {
  const calls = new KnownCalls()
  const me = asker()
  for (let n = 0; n < 300; n++) for (let time = 0; time < 2; time++) calls.keep(callKey('top', `n=${n}`, me.token), me, call(n))
  expect(calls.find(callKey('top', 'n=299', me.token), me)?.own).toEqual({ n: 299 })
  expect(calls.find(callKey('top', 'n=0', me.token), me)).toBeNull()
  const next = { ...me, project: project() }
  for (let time = 0; time < 2; time++) calls.keep(callKey('top', 'n=299', next.token), next, call(7))
  expect(calls.find(callKey('top', 'n=298', me.token), me)).toBeNull()
  expect(calls.find(callKey('top', 'n=299', next.token), next)?.own).toEqual({ n: 7 })
})
