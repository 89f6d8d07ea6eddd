// Tokens: who may do what. The admin token, one for each name that the project's files grant something
// to, and those made over HTTP; values are made once and kept in the data folder (mode 0600).
// Invariant: a token's value is never logged, and is compared in constant time or found by a hash of all of
// it that nobody outside can know.

import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOKENS_FILE } from '../engine/beside.ts'
import type { Project } from '../project/definitions.ts'
import type { Principal } from '../render/renderer.ts'
import { keepFile } from './kept-file.ts'
import { carries, principalOf, type Scope, type ScopeType } from './scopes.ts'

export type Token = {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly scopes: readonly Scope[]
  /** Filters and parameters that it adds to every request. */
  readonly principal: Principal
  /** Requests a second; null: no limit. */
  readonly rps: number | null
  /** Files name it: it goes when they no longer do. */
  readonly origin: 'admin' | 'files' | 'http' | 'jwt'
}

type Created = { readonly id: string; readonly name: string; readonly value: string; readonly scopes: readonly Scope[] }
type Stored = {
  readonly admin: string
  readonly named: Record<string, string>
  readonly created?: readonly Created[]
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest()
const newValue = (): string => `p.${randomBytes(32).toString('base64url')}`

/** A token with what follows from its scopes. */
export const makeToken = (
  token: Pick<Token, 'id' | 'name' | 'value' | 'scopes' | 'origin'> & { readonly rps?: number | null },
): Token => ({ ...token, rps: token.rps ?? null, principal: principalOf(token.scopes, {}) })

/** All tokens of a server. */
export class Tokens {
  private readonly file: string
  private stored: Stored
  private byDigest = new Map<string, { token: Token; digest: Buffer }>()
  /** Tokens by values that were right before: a digest costs a twentieth of a small insert. */
  private readonly presented = new Map<string, Token>()
  private ofFiles: readonly Token[] = []
  admin: Token

  /** Reads or makes the tokens of a data folder; `adminValue` (PIPIT_ADMIN_TOKEN) wins over the
   * stored one. */
  constructor(folder: string, adminValue: string | null) {
    this.file = join(folder, TOKENS_FILE)
    this.stored = existsSync(this.file)
      ? JSON.parse(readFileSync(this.file, 'utf8')) as Stored
      : { admin: newValue(), named: {} }
    if (!existsSync(this.file)) this.save(this.stored)
    this.admin = this.adminToken(adminValue ?? this.stored.admin)
    this.index()
  }

  private adminToken(value: string): Token {
    return makeToken({ id: 'admin', name: 'admin', value, scopes: [{ type: 'ADMIN', resource: '' }], origin: 'admin' })
  }

  /** Makes the tokens those that the project's files name. */
  applyProject(project: Project): void {
    const scopes = new Map<string, Scope[]>()
    const grant = (name: string, scope: Scope) => {
      scopes.set(name, [...scopes.get(name) ?? [], scope])
    }
    for (const source of project.datasources.values()) {
      for (const { name, permission } of source.tokens) {
        const type = permission === 'APPEND' ? 'DATASOURCES:APPEND' : 'DATASOURCES:READ'
        grant(name, { type, resource: source.name })
      }
    }
    for (const pipe of project.pipes.values()) {
      for (const { name } of pipe.tokens) grant(name, { type: 'PIPES:READ', resource: pipe.name })
    }
    const missing = [...scopes.keys()].filter((name) => this.stored.named[name] === undefined)
    if (missing.length > 0) {
      const made = Object.fromEntries(missing.map((name) => [name, newValue()]))
      this.save({ ...this.stored, named: { ...this.stored.named, ...made } })
    }
    this.ofFiles = [...scopes].map(([name, granted]) => makeToken({
      id: `file:${name}`, name, value: this.stored.named[name], scopes: granted, origin: 'files' }))
    this.index()
  }

  /** The token of a value, or null. */
  find(value: string): Token | null {
    const known = this.presented.get(value)
    if (known !== undefined) return known
    const presented = digest(value)
    const entry = this.byDigest.get(presented.toString('base64'))
    if (entry === undefined || !timingSafeEqual(entry.digest, presented)) return null
    this.presented.set(value, entry.token)
    return entry.token
  }

  /** A token by its name or id. */
  named(name: string): Token | null {
    return this.all().find((token) => token.name === name || token.id === name) ?? null
  }

  all(): Token[] { return [...this.byDigest.values()].map(({ token }) => token) }

  /** Makes a token of its own; null: the name is taken. */
  create(name: string, scopes: readonly Scope[]): Token | null {
    if (this.named(name) !== null) return null
    const made = { id: randomUUID(), name, value: newValue(), scopes }
    this.keep([...this.stored.created ?? [], made])
    return this.named(made.id)
  }

  /** Gives a token made over HTTP other scopes. */
  change(token: Token, scopes: readonly Scope[]): void {
    this.keep((this.stored.created ?? []).map((one) => (one.id === token.id ? { ...one, scopes } : one)))
  }

  drop(token: Token): void {
    this.keep((this.stored.created ?? []).filter(({ id }) => id !== token.id))
  }

  /** A new value; the old one is of no use any more. */
  refresh(token: Token): Token {
    const value = newValue()
    const { named, created = [] } = this.stored
    if (token.origin === 'admin') this.save({ ...this.stored, admin: value })
    else if (token.origin === 'files') this.save({ ...this.stored, named: { ...named, [token.name]: value } })
    else this.save({ ...this.stored, created: created.map((one) => (one.id === token.id ? { ...one, value } : one)) })
    if (token.origin === 'admin') this.admin = this.adminToken(value)
    this.ofFiles = this.ofFiles.map((one) => (one.id === token.id ? { ...one, value } : one))
    this.index()
    return this.named(token.id) as Token
  }

  private keep(created: readonly Created[]): void {
    this.save({ ...this.stored, created })
    this.index()
  }

  private index(): void {
    const made = (this.stored.created ?? []).map((one) => makeToken({ ...one, origin: 'http' }))
    this.presented.clear()
    this.byDigest = new Map([this.admin, ...this.ofFiles, ...made].map((token) => {
      const key = digest(token.value)
      return [key.toString('base64'), { token, digest: key }]
    }))
  }

  /** What the disk does not take is not so. */
  private save(stored: Stored): void {
    keepFile(this.file, `${JSON.stringify(stored, null, 2)}\n`)
    this.stored = stored
  }
}

/** True where the token carries the scope (ADMIN carries all). */
export const allows = (token: Token, type: ScopeType, resource: string): boolean =>
  carries(token.scopes, type, resource)
