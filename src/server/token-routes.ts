// /v0/tokens: list, one, create (static, or a JWT by expiration_time), new scopes, refresh, drop.

import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { signJwt, type JwtClaims } from './jwt.ts'
import { allParams, textOf, type Params } from './params.ts'
import { parseScope, SCOPE_TYPES, type Scope } from './scopes.ts'
import type { Token } from './tokens.ts'

const describe = (token: Token) => ({
  id: token.id, name: token.name, token: token.value, origin: { type: token.origin },
  scopes: token.scopes.map(({ type, resource, filter }) => ({
    type, ...(resource === '' ? {} : { resource }), ...(filter === undefined ? {} : { filter }),
  })),
})

/** GET /v0/tokens */
export function listTokens(call: Call): HttpAnswer {
  requireScope(call, 'TOKENS', '')
  return jsonAnswer(200, { tokens: call.context.tokens.all().map(describe) })
}

function tokenNamed(call: Call): Token {
  requireScope(call, 'TOKENS', '')
  const name = decodeURIComponent(call.rest[0])
  const token = call.context.tokens.named(name)
  if (token === null) throw new HttpError(404, `There is no token '${name}'`)
  return token
}

/** GET /v0/tokens/NAME */
export const getToken = (call: Call): HttpAnswer => jsonAnswer(200, describe(tokenNamed(call)))

function scopesOf(params: Params): Scope[] {
  const given = params.scope
  const texts = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map(String)
  if (texts.length === 0) throw new HttpError(400, "The parameter 'scope' is missing: scope=PIPES:READ:NAME")
  return texts.map((text) => {
    const scope = parseScope(text)
    if (scope === null) {
      throw new HttpError(400, `'${text}' is no scope; there are ${SCOPE_TYPES.join(', ')}, `
        + 'with :NAME where they are about one data source or pipe')
    }
    return scope
  })
}

/** POST /v0/tokens?name=…&scope=…; with expiration_time and a JSON body of claims: a JWT. */
export async function createToken(call: Call): Promise<HttpAnswer> {
  requireScope(call, 'TOKENS', '')
  const params = allParams(call.request)
  const name = textOf(params, 'name')
  if (name === '') throw new HttpError(400, "The parameter 'name' is missing")
  const expires = textOf(params, 'expiration_time')
  if (expires !== '') {
    if (!/^\d+$/.test(expires)) throw new HttpError(400, `expiration_time is '${expires}'; give seconds since 1970`)
    if (!Array.isArray(params.scopes)) {
      throw new HttpError(400, 'The body must be JSON with the scopes of the token: '
        + '{"scopes": [{"type": "PIPES:READ", "resource": "NAME"}]}')
    }
    // Only signed here: whoever shows the token has its claims looked at (jwt.ts).
    const { scopes, limits } = params as unknown as JwtClaims
    const { tokens, workspace } = call.context
    const token = await signJwt(tokens, workspace.id, { name, scopes, limits }, Number(expires))
    return jsonAnswer(200, { token })
  }
  const made = call.context.tokens.create(name, scopesOf(params))
  if (made === null) throw new HttpError(409, `There is a token '${name}' already`)
  return jsonAnswer(200, describe(made))
}

function changeable(call: Call): Token {
  const token = tokenNamed(call)
  if (token.origin !== 'http') {
    throw new HttpError(400, token.origin === 'admin' ? 'The admin token cannot be changed or dropped'
      : `The token '${token.name}' is of the project's files: change it there`)
  }
  return token
}

/** PUT /v0/tokens/NAME?scope=… */
export function changeToken(call: Call): HttpAnswer {
  const token = changeable(call)
  call.context.tokens.change(token, scopesOf(allParams(call.request)))
  return jsonAnswer(200, describe(call.context.tokens.named(token.id) as Token))
}

/** DELETE /v0/tokens/NAME */
export function dropToken(call: Call): HttpAnswer {
  call.context.tokens.drop(changeable(call))
  return jsonAnswer(200, { ok: true })
}

/** POST /v0/tokens/NAME/refresh */
export const refreshToken = (call: Call): HttpAnswer =>
  jsonAnswer(200, describe(call.context.tokens.refresh(tokenNamed(call))))
