// SETTINGS that say how values are written, where functions write them: toJSONString, formatRow, a list as String.
// Texts of single values do not change: ClickHouse writes these as it always does.

import { arrayOf, bareType, STRING, type DataType } from '../../storage/column/data-type.ts'
import { settingsText } from '../functions/strings/styled-values.ts'
import { withoutDictionaries } from '../functions/values/types.ts'
import { JSON_BY_SETTINGS, TEXT_BY_SETTINGS } from '../functions/strings/written-values.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import type { Span } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { constant, type Resolved } from './resolved.ts'
import { OUTPUT_SETTINGS } from './settings.ts'

/** What the query, or one around it, sets of OUTPUT_SETTINGS, as a constant that functions read (settingsText). */
function outputSettings(analysis: Analysis): Resolved {
  const written: Record<string, Value> = {}
  for (const name of OUTPUT_SETTINGS) {
    const value = analysis.setting(name)
    if (value !== null) written[name] = value
  }
  return constant(settingsText(written), STRING)
}

const areUnset = (settings: Resolved): boolean => settings.kind === 'literal' && settings.value === ''

const isComposite = ({ id }: DataType): boolean => id === 'Array' || id === 'Tuple' || id === 'Map'

/** toJSONString(x) as SETTINGS want it. */
export function jsonBySettings(analysis: Analysis, value: Resolved, span: Span): Resolved {
  const settings = outputSettings(analysis)
  return areUnset(settings) ? typedCall(analysis, 'toJSONString', [value], span)
    : typedCall(analysis, JSON_BY_SETTINGS, [value, settings], span)
}

/** A value that is to become a text: of an array, tuple or map its text as SETTINGS want it, else the value itself. */
export function textBySettings(analysis: Analysis, value: Resolved, to: DataType, span: Span): Resolved {
  if (bareType(to).id !== 'String' || !isComposite(bareType(value.type))) return value
  const settings = outputSettings(analysis)
  return areUnset(settings) ? value : typedCall(analysis, TEXT_BY_SETTINGS, [value, settings], span)
}

/** formatRow, or its form without a newline, of arguments with these names: formats show names and types. */
export const formattedRow = (
  analysis: Analysis, name: string, args: readonly Resolved[], names: readonly string[], span: Span): Resolved =>
  typedCall(analysis, name, [...args, constant(names, arrayOf(STRING)),
    constant(args.slice(1).map(({ type }) => withoutDictionaries(type).name), arrayOf(STRING)), outputSettings(analysis)], span)
