// Parts of a value by name: `tuple.a`, `list.size0`, `json.a.b`, `x.null`, as names and as getSubcolumn() ask for them.

import { alternativesOf, bareType, DYNAMIC, isNullable, STRING, type DataType } from '../../storage/column/data-type.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import { tryParse } from '../functions/values/parse-value.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { foldValue } from './fold.ts'
import { QueryError, type Span } from './plan.ts'
import { constant, isConstant, type Resolved } from './resolved.ts'

/** Subcolumns that ClickHouse gives every column of some types. */
const SUBCOLUMNS: Readonly<Record<string, string>> = {
  size0: 'length', null: 'isNull', keys: '__keys', values: '__values',
}

/** How many lists lie in each other. */
const depthOf = (type: DataType): number => (type.id === 'Array' ? 1 + depthOf(type.args[0]) : 0)

/** The tuple whose elements have names here: the type's own, or that of a list's elements. */
function tupleWithin(type: DataType): DataType | null {
  const bare = bareType(type)
  if (bare.id === 'Array') return tupleWithin(bare.args[0])
  return bare.id === 'Tuple' ? bare : null
}

/** The part of a value that `parts` name, one within the other; `missing` makes the error where there is none. */
export function partOf(
  analysis: Analysis, value: Resolved, parts: readonly string[], span: Span, missing: () => QueryError,
): Resolved {
  if (bareType(value.type).id === 'JSON' && parts.length > 0) {
    return typedCall(analysis, 'getSubcolumn', [value, constant(parts.join('.'), STRING)], span)
  }
  return parts.reduce((inner, part) => {
    const type = bareType(inner.type)
    if (part === 'null' && (isVariant(type) || !isNullable(inner.type))) throw missing()
    if (isVariant(type) && alternativesOf(type).some(({ name }) => shownTypeName(name) === part)) {
      return typedCall(analysis, 'variantElement', [inner, constant(part, STRING)], span)
    }
    const inLists = /^size([1-9]\d?)$/.exec(part)
    if (inLists !== null && depthOf(type) > Number(inLists[1])) {
      return typedCall(analysis, '__sizes', [inner, constant(Number(inLists[1]))], span)
    }
    if (type.id === 'Map' && part.startsWith('key_')) {
      const key = tryParse(part.slice('key_'.length), type.args[0], 'refuse')
      if (key === undefined) throw missing()
      return typedCall(analysis, 'arrayElement', [inner, constant(key, bareType(type.args[0]))], span)
    }
    const tuple = part === 'size0' && type.id === 'Array' ? null : tupleWithin(type)
    if (tuple !== null) {
      if (!/^\d+$/.test(part) && tuple.names?.includes(part) !== true) throw missing()
      const key = /^\d+$/.test(part) ? constant(Number(part)) : constant(part, STRING)
      return typedCall(analysis, 'tupleElement', [inner, key], span)
    }
    if (Object.hasOwn(SUBCOLUMNS, part) && (part === 'null' || type.id === 'Array' || type.id === 'Map')) {
      return typedCall(analysis, SUBCOLUMNS[part], [inner], span)
    }
    // Of a dictionary's texts ClickHouse has none.
    if (part === 'size' && type.id === 'String' && inner.type.id !== 'LowCardinality') return typedCall(analysis, 'length', [inner], span)
    throw missing()
  }, value)
}

/** `meta.at` in its parts: names of tuples may have dots of their own, so the longest that fits is one; and so may a
 * map's key, which is all that is left. */
function partsOf(type: DataType, path: string): string[] {
  if (bareType(type).id === 'Map' && path.startsWith('key_')) return [path]
  const tuple = tupleWithin(type)
  const names = (tuple?.names ?? []).filter((name) => path === name || path.startsWith(`${name}.`))
  const dot = path.indexOf('.')
  const first = names.reduce((longest, name) => (name.length > longest.length ? name : longest), '')
  if (tuple === null || first === '') return dot < 0 ? [path] : [path.slice(0, dot), ...partsOf(type, path.slice(dot + 1))]
  const rest = path.slice(first.length + 1)
  return rest === '' ? [first] : [first, ...partsOf(tuple.args[tuple.names?.indexOf(first) ?? 0], rest)]
}

/** getSubcolumn(value, 'a.b') of what is no JSON; null: the function itself knows its documents. */
export function typedSubcolumn(analysis: Analysis, [value, path]: readonly Resolved[], span: Span): Resolved | null {
  if (bareType(value.type).id === 'JSON' || value.type === DYNAMIC || !isConstant(path)) return null
  const name = foldValue(analysis, path)
  if (typeof name !== 'string') return null
  return partOf(analysis, value, partsOf(value.type, name), span,
    () => new QueryError(`There is no subcolumn ${name} in type ${shownTypeName(value.type.name)}`, span, 'ILLEGAL_COLUMN'))
}
