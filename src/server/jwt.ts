// Tokens that carry their own scopes: JWTs signed HS256 with the admin token. A verified one is
// remembered until it expires, so that a call costs no signature.

import { createHash } from 'node:crypto'
import type { ParamValue } from '../render/renderer.ts'
import { HttpError } from './answer.ts'
import { SCOPE_TYPES, type Scope, type ScopeType } from './scopes.ts'
import { makeToken, type Token, type Tokens } from './tokens.ts'

/** Verified tokens kept; the oldest goes first. */
const REMEMBERED_MAX = 1000

export type JwtScope = {
  readonly type: string
  readonly resource?: string
  readonly fixed_params?: Readonly<Record<string, ParamValue>>
  readonly filter?: string
}
export type JwtClaims = {
  readonly name: string
  readonly scopes: readonly JwtScope[]
  readonly limits?: { readonly rps?: number }
}

export const looksLikeJwt = (value: string): boolean => value.startsWith('eyJ') && value.split('.').length === 3

const keyOf = (tokens: Tokens): Uint8Array => new TextEncoder().encode(tokens.admin.value)

/** Loaded with the first JWT: most servers see none, and the package costs a start 0.1 s. */
const loadJose = () => import('jose')

/** A signed token with these claims, good until `expires` (seconds since 1970). */
export async function signJwt(tokens: Tokens, workspace: string, claims: JwtClaims, expires: number): Promise<string> {
  const { SignJWT } = await loadJose()
  return new SignJWT({ workspace_id: workspace, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setExpirationTime(expires).sign(keyOf(tokens))
}

function scopeOf({ type, resource, filter, fixed_params: fixedParams }: JwtScope): Scope {
  // A token that anybody can be given must not be an administrator.
  if (!SCOPE_TYPES.includes(type as ScopeType) || type === 'ADMIN' || type === 'TOKENS') {
    throw new HttpError(403, `The token is not valid: a JWT cannot have the scope '${type}'`)
  }
  return { type: type as ScopeType, resource: resource ?? '', filter, fixedParams }
}

/** Verified JWTs of one server. */
export class Jwts {
  private readonly tokens: Tokens
  private readonly nowMs: () => number
  private readonly remembered = new Map<string, { readonly token: Token; readonly key: string; readonly expires: number }>()

  constructor(tokens: Tokens, nowMs: () => number = Date.now) {
    this.tokens = tokens
    this.nowMs = nowMs
  }

  /** The token of a JWT's text. Throws 403 when it is not good or no longer. */
  async find(value: string): Promise<Token> {
    const id = createHash('sha256').update(value).digest('base64')
    const known = this.remembered.get(id)
    // A refreshed admin token ends what it has signed.
    if (known !== undefined && known.expires * 1000 > this.nowMs() && known.key === this.tokens.admin.value) {
      return known.token
    }
    this.remembered.delete(id)
    const { token, expires } = await this.verify(value, id)
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.delete(this.remembered.keys().next().value as string)
    this.remembered.set(id, { token, expires, key: this.tokens.admin.value })
    return token
  }

  private async verify(value: string, id: string): Promise<{ token: Token; expires: number }> {
    const { errors, jwtVerify } = await loadJose()
    try {
      const { payload } = await jwtVerify(value, keyOf(this.tokens), {
        algorithms: ['HS256'], requiredClaims: ['exp'], currentDate: new Date(this.nowMs()),
      })
      // Anything may stand in a payload: each claim is looked at before it is used.
      const claims = payload as unknown as Partial<JwtClaims>
      if (!Array.isArray(claims.scopes)) throw new HttpError(403, 'The token is not valid: it has no scopes')
      const rps = claims.limits?.rps
      const token = makeToken({
        id: `jwt:${id}`, name: String(claims.name ?? 'jwt'), value: '', origin: 'jwt',
        scopes: claims.scopes.map(scopeOf), rps: typeof rps === 'number' && rps > 0 ? rps : null,
      })
      return { token, expires: payload.exp as number }
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new HttpError(403, 'The token is not valid: it has expired')
      if (error instanceof errors.JOSEError) {
        throw new HttpError(403, `The token is not valid: ${error.message.replace(/^"|"$/g, '')}`)
      }
      throw error
    }
  }
}
