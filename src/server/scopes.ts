// What a token allows, in the contract's words: `PIPES:READ:top_pages`, `DATASOURCES:READ:events:org = 1`.

import type { ParamValue, Principal } from '../render/renderer.ts'

export const SCOPE_TYPES = [
  'ADMIN', 'TOKENS', 'DATASOURCES:CREATE', 'DATASOURCES:DROP', 'DATASOURCES:READ', 'DATASOURCES:APPEND', 'PIPES:READ',
] as const
export type ScopeType = typeof SCOPE_TYPES[number]

/** Types that are about one data source or pipe. */
const OF_RESOURCE: ReadonlySet<ScopeType> = new Set(['DATASOURCES:READ', 'DATASOURCES:APPEND', 'PIPES:READ'])

export type Scope = {
  readonly type: ScopeType
  /** '' where the type is about none; '*' all of the kind. */
  readonly resource: string
  /** SQL condition on the rows of the resource. */
  readonly filter?: string
  /** Parameters that the token sets. */
  readonly fixedParams?: Readonly<Record<string, ParamValue>>
}

/** A scope from its text; null: it is none. */
export function parseScope(text: string): Scope | null {
  const type = SCOPE_TYPES.find((name) => text === name || text.startsWith(`${name}:`))
  if (type === undefined) return null
  const rest = text.slice(type.length + 1)
  if (!OF_RESOURCE.has(type)) return { type, resource: '' }
  const mark = rest.indexOf(':')
  const resource = mark < 0 ? rest : rest.slice(0, mark)
  if (resource === '') return null
  return mark < 0 ? { type, resource } : { type, resource, filter: rest.slice(mark + 1) }
}

export const scopeText = ({ type, resource }: Scope): string =>
  OF_RESOURCE.has(type) ? `${type}:${resource}` : type

/** True where scopes carry one of the type for the resource (ADMIN carries all). */
export const carries = (scopes: readonly Scope[], type: ScopeType, resource: string): boolean =>
  scopes.some((scope) => scope.type === 'ADMIN' || (scope.type === type
    && (scope.resource === resource || scope.resource === '*')))

/** What scopes add to every request: filters by resource, parameters that they set. */
export function principalOf(scopes: readonly Scope[], claims: Readonly<Record<string, unknown>>): Principal {
  const filters: Record<string, string> = {}
  const fixedParams: Record<string, ParamValue> = {}
  for (const scope of scopes) {
    if (scope.filter !== undefined && scope.filter.trim() !== '') {
      // Two scopes of one resource: a row that one of them shows is shown.
      const before = filters[scope.resource]
      filters[scope.resource] = before === undefined ? scope.filter : `(${before}) OR (${scope.filter})`
    }
    Object.assign(fixedParams, scope.fixedParams)
  }
  for (const scope of scopes) {
    if (scope.type !== 'DATASOURCES:APPEND' && scope.filter === undefined) delete filters[scope.resource]
  }
  return { filters, fixedParams, claims }
}

/** What a token adds to a call of one pipe: parameters that its scopes set for that pipe win over those
 * that they set for others. */
export function principalFor(
  { principal, scopes }: { readonly principal: Principal; readonly scopes: readonly Scope[] }, pipe: string,
): Principal {
  const own = scopes.filter(({ resource }) => resource === pipe).map((scope) => scope.fixedParams)
  return { ...principal, fixedParams: Object.assign({}, principal.fixedParams, ...own) }
}

/** A parameter that scopes set to different values: a statement over several pipes can't have both. */
export function contradiction(scopes: readonly Scope[]): string | null {
  const seen = new Map<string, string>()
  for (const [name, value] of scopes.flatMap(({ fixedParams }) => Object.entries(fixedParams ?? {}))) {
    const text = JSON.stringify(value)
    if ((seen.get(name) ?? text) !== text) return name
    seen.set(name, text)
  }
  return null
}
