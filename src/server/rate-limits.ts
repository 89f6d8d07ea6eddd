// Requests a second of tokens that carry a limit (a JWT's limits.rps): within each second so many, the
// rest 429 with the documented headers.

import { HttpError } from './answer.ts'
import type { Token } from './tokens.ts'

/** Tokens counted; older seconds are forgotten when there are more. */
const COUNTED_MAX = 10_000

/** Counts calls of this second by token. */
export class RateLimits {
  private second = 0
  private readonly used = new Map<string, number>()

  /** Counts a call. Throws 429 when the second's are used up. */
  take(token: Token, nowMs: number): void {
    if (token.rps === null) return
    const second = Math.floor(nowMs / 1000)
    if (second !== this.second || this.used.size > COUNTED_MAX) this.used.clear()
    this.second = second
    // By name: a client that signs a new token for every call has one limit all the same.
    const used = (this.used.get(token.name) ?? 0) + 1
    this.used.set(token.name, used)
    if (used <= token.rps) return
    throw new HttpError(429, `The token '${token.name}' may make ${token.rps} requests a second`, {
      'Retry-After': '1', 'X-RateLimit-Limit': String(token.rps), 'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '1',
    })
  }
}
