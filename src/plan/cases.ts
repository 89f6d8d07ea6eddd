// CASE x WHEN …: the same as conditions of equality, but for what ClickHouse's transform() does where all values are constants.

import { bareType, isNullable, STRING, type DataType } from '../../storage/column/data-type.ts'
import { fitsLowCardinality, supertypeOrVariant } from '../functions/values/types.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import { bytesOfText } from '../sql/raw-text.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { typedComparison } from './compare.ts'
import { foldValue } from './fold.ts'
import { NULL_TYPE } from './literals.ts'
import { QueryError, type Span } from './plan.ts'
import { constant, isConstant, type Resolved } from './resolved.ts'

const withoutType = (types: readonly DataType[], span: Span): QueryError =>
  new QueryError(`There is no common type for ${[...new Set(types.map(({ name }) => name))].join(', ')}: convert them to one type, for `
    + 'example with toFloat64 or toString', span, 'NO_COMMON_TYPE')

/** caseWithExpression(x, w1, t1, …, e) is multiIf(x = w1, t1, …, e). */
export function typedCase(analysis: Analysis, args: readonly Resolved[], span: Span): Resolved {
  const [operand, ...list] = args
  // No Variant comes out of this form, as in ClickHouse.
  const results = list.filter((_, i) => i % 2 === 1 || i === list.length - 1).map((part) => part.type)
  const common = supertypeOrVariant(results)
  if (isVariant(common) && !results.some(isVariant)) throw withoutType(results, span)
  const whens = list.filter((_, i) => i % 2 === 0 && i < list.length - 1)
  const isTransform = list.every(isConstant)
  const branches = list.map((part) => (whens.includes(part)
    ? typedComparison(analysis, 'equals', operand, isTransform ? withOwnZeros(analysis, operand, part, span) : part, span)
    // Other than if(), this form takes a FixedString among Strings without the zeros at its end.
    : bareType(part.type).id === 'FixedString' && bareType(common).id === 'String' ? typedCall(analysis, 'toString', [part], span) : part))
  const chosen = typedCall(analysis, 'multiIf', branches, span)
  // To ClickHouse it is transform(), which works on a dictionary where all else is constant.
  const isCoded = operand.type.id === 'LowCardinality' && isTransform
  if (!isCoded || !fitsLowCardinality(chosen.type)) return chosen
  return typedCall(analysis, 'toLowCardinality', [chosen], span)
}

/** What a constant of WHEN is compared as: among constants alone a FixedString is another text than the one without the zeros
 * at its end. */
function withOwnZeros(analysis: Analysis, operand: Resolved, when: Resolved, span: Span): Resolved {
  if (isNullable(when.type) || (when.type.id === 'FixedString' && operand.type.id !== 'String')) return when
  const [a, b] = [bareType(operand.type), bareType(when.type)]
  const value = foldedText(analysis, a, b, when)
  if (value === null) return when
  const size = bytesOfText(value).length
  if (b.id === 'FixedString') return value.endsWith('\0') || size < b.length ? constant(null, NULL_TYPE) : when
  return size === a.length ? typedCall(analysis, 'CAST', [when, constant(a.name, STRING)], span) : constant(null, NULL_TYPE)
}

/** Null: not a text beside a FixedString. */
function foldedText(analysis: Analysis, a: DataType, b: DataType, when: Resolved): string | null {
  const value = [a.id, b.id].sort().join() === 'FixedString,String' ? foldValue(analysis, when) : null
  return typeof value === 'string' ? value : null
}
