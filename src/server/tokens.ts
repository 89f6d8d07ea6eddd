// Tokens: who may do what. The admin token and one token for each name that the project's files
// grant something to; values are made once and kept in the data folder (mode 0600).
// Invariant: a token's value is never logged and is compared in constant time.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../project/definitions.ts'

export type Scope =
  | { readonly type: 'ADMIN' }
  | {
    readonly type: 'DATASOURCES:READ' | 'DATASOURCES:APPEND' | 'PIPES:READ'
    readonly resource: string
  }

export type Token = { readonly name: string; readonly value: string; readonly scopes: readonly Scope[] }

type Stored = { readonly admin: string; readonly named: Record<string, string> }

const digest = (value: string): Buffer => createHash('sha256').update(value).digest()

const newValue = (): string => `p.${randomBytes(32).toString('base64url')}`

/** All tokens of a server. */
export class Tokens {
  private readonly file: string
  private stored: Stored
  private byDigest = new Map<string, { token: Token; digest: Buffer }>()
  admin: Token

  /** Reads or makes the tokens of a data folder; `adminValue` (PIPIT_ADMIN_TOKEN) wins over the
   * stored one. */
  constructor(folder: string, adminValue: string | null) {
    this.file = join(folder, 'tokens.json')
    this.stored = existsSync(this.file)
      ? JSON.parse(readFileSync(this.file, 'utf8')) as Stored
      : { admin: newValue(), named: {} }
    if (!existsSync(this.file)) this.save()
    this.admin = { name: 'admin', value: adminValue ?? this.stored.admin, scopes: [{ type: 'ADMIN' }] }
    this.index([])
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
      this.stored = { ...this.stored, named: { ...this.stored.named, ...made } }
      this.save()
    }
    this.index([...scopes].map(([name, granted]) => (
      { name, value: this.stored.named[name], scopes: granted })))
  }

  /** The token of a value, or null. */
  find(value: string): Token | null {
    const presented = digest(value)
    const entry = this.byDigest.get(presented.toString('base64'))
    return entry !== undefined && timingSafeEqual(entry.digest, presented) ? entry.token : null
  }

  /** A token by its name in the files. */
  named(name: string): Token | null { return this.all().find((token) => token.name === name) ?? null }

  all(): Token[] { return [...this.byDigest.values()].map(({ token }) => token) }

  private index(tokens: readonly Token[]): void {
    this.byDigest = new Map([this.admin, ...tokens].map((token) => {
      const key = digest(token.value)
      return [key.toString('base64'), { token, digest: key }]
    }))
  }

  private save(): void {
    const temporary = `${this.file}.tmp`
    writeFileSync(temporary, `${JSON.stringify(this.stored, null, 2)}\n`, { mode: 0o600 })
    chmodSync(temporary, 0o600)
    renameSync(temporary, this.file)
  }
}

/** True where the token carries the scope (ADMIN carries all). */
export const allows = (token: Token, type: Scope['type'], resource: string): boolean =>
  token.scopes.some((scope) => scope.type === 'ADMIN'
    || (scope.type === type && scope.resource === resource))
