import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadProject, memoryReader } from '../project/load.ts'
import { contradiction, principalFor, principalOf, type Scope } from './scopes.ts'
import { allows, Tokens } from './tokens.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'tokens-')) })
afterEach(() => rmSync(folder, { recursive: true }))

const { project } = loadProject('/p', memoryReader({
  'a.datasource': 'TOKEN tracker APPEND\nSCHEMA >\n  `x` String `json:$.x`\n',
  'p.pipe': 'TOKEN dashboard READ\nNODE n\nSQL >\n  SELECT x FROM a\nTYPE endpoint\n',
}))

it('gives each name of the files a token with the scopes that the files grant', () => {
  const tokens = new Tokens(folder, null)
  tokens.applyProject(project)
  const tracker = tokens.named('tracker')
  expect(tracker?.scopes).toEqual([{ type: 'DATASOURCES:APPEND', resource: 'a' }])
  expect(tokens.named('dashboard')?.scopes).toEqual([{ type: 'PIPES:READ', resource: 'p' }])
  expect(tracker !== null && allows(tracker, 'DATASOURCES:APPEND', 'a')).toBe(true)
  expect(tracker !== null && allows(tracker, 'DATASOURCES:READ', 'a')).toBe(false)
  expect(allows(tokens.admin, 'PIPES:READ', 'anything')).toBe(true)
})

it('keeps values over a restart, in a file that only its owner reads', () => {
  const first = new Tokens(folder, null)
  first.applyProject(project)
  const second = new Tokens(folder, null)
  second.applyProject(project)
  expect(second.admin.value).toBe(first.admin.value)
  expect(second.named('tracker')?.value).toBe(first.named('tracker')?.value)
  expect(statSync(join(folder, 'tokens.json')).mode & 0o777).toBe(0o600)
})

it('finds a token by its whole value only, and takes the admin token that is handed in', () => {
  const tokens = new Tokens(folder, 'secret-admin')
  expect(tokens.find('secret-admin')).toBe(tokens.admin)
  expect(tokens.find('secret-admi')).toBeNull()
  expect(tokens.find('')).toBeNull()
})

it('sets the parameters that a token fixes pipe by pipe', () => {
  const scopes: readonly Scope[] = [
    { type: 'PIPES:READ', resource: 'a', fixedParams: { org: 'one' } },
    { type: 'PIPES:READ', resource: 'b', fixedParams: { org: 'two', site: 's' } },
  ]
  const token = { scopes, principal: principalOf(scopes, {}) }
  expect(principalFor(token, 'a').fixedParams).toEqual({ org: 'one', site: 's' })
  expect(principalFor(token, 'b').fixedParams).toEqual({ org: 'two', site: 's' })
  expect(contradiction(scopes)).toBe('org')
  expect(contradiction(scopes.slice(1))).toBe(null)
})

it('changes nothing that it cannot keep', () => {
  const tokens = new Tokens(folder, null)
  const reader = tokens.create('reader', [{ type: 'PIPES:READ', resource: 'p' }])
  if (reader === null) throw new Error('no token')
  mkdirSync(join(folder, 'tokens.json.tmp')) // in the way of the next write
  expect(() => tokens.create('other', [])).toThrow()
  expect(() => tokens.drop(reader)).toThrow()
  expect(() => tokens.change(reader, [])).toThrow()
  expect(() => tokens.refresh(reader)).toThrow()
  expect(() => tokens.refresh(tokens.admin)).toThrow()
  expect(tokens.named('other')).toBeNull()
  expect(tokens.find(reader.value)).toEqual(reader)
  expect(new Tokens(folder, null).admin.value).toBe(tokens.admin.value)
})
