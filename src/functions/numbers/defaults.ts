// A type's default value as an expression: what a column holds that nobody gave a value.

import { DataTypeError, parseDataType } from '../../../storage/column/parse-type.ts'
import { constantInfo, define } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { typeDefault, vectorOf } from '../values/values.ts'
import { asConst } from '../values/vectors.ts'

function namedType(args: readonly ArgInfo[]) {
  const text = constantInfo('defaultValueOfTypeName', args, 0)
  if (typeof text === 'string') {
    try {
      return parseDataType(text)
    } catch (error) {
      throw error instanceof DataTypeError ? new FunctionError(error.message, 'UNKNOWN_TYPE') : error
    }
  }
  throw new FunctionError('Argument 1 of function defaultValueOfTypeName must be the name of a type')
}

const ofName = define('defaultValueOfTypeName', [1, 1], namedType,
  (_args, type, rowCount, context) => asConst(vectorOf([typeDefault(type)], type, context.account), rowCount),
  { nulls: 'own' })

const ofArgument = define('defaultValueOfArgumentType', [1, 1], ([a]) => a.type,
  (_args, type, rowCount, context) => asConst(vectorOf([typeDefault(type)], type, context.account), rowCount),
  { nulls: 'own' })

export const DEFAULTS: readonly FunctionDef[] = [ofName, ofArgument]
