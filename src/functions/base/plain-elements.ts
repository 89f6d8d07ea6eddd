// Functions of arrays that see elements of LowCardinality as the values that they are.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { ArgInfo, FunctionDef } from '../values/function.ts'
import { withoutDictionaries } from '../values/types.ts'
import { retypeWithin } from '../values/vectors.ts'

/** The type of an array or map with plain elements; any other type as it is. */
const plain = (type: DataType): DataType => (type.id === 'Array' || type.id === 'Map' ? withoutDictionaries(type) : type)

const plainArgs = (args: readonly ArgInfo[]): readonly ArgInfo[] =>
  args.map((arg) => (plain(arg.type) === arg.type ? arg : { ...arg, type: plain(arg.type) }))

/** The function over arrays whose elements are plain, as ClickHouse strips them for functions that do not say
 * that they deal with LowCardinality themselves: Array(LowCardinality(String)) gives Array(String). */
export function overPlainElements(def: FunctionDef): FunctionDef {
  const { lambdaParameters } = def
  return {
    ...def, returnType: (args) => def.returnType(plainArgs(args)),
    evaluate: (args, type, rowCount, context, lambda) =>
      def.evaluate(args.map((arg) => retypeWithin(arg, plain(arg.type))), type, rowCount, context, lambda),
    ...(lambdaParameters === undefined ? {} : { lambdaParameters: (args) => lambdaParameters(plainArgs(args)) }),
  }
}
