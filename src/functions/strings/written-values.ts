// Values as texts that SETTINGS have a say in: toJSONString, and the two forms that the analyzer calls where a query sets
// how values are written (src/plan/output-settings.ts).

import { STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castToString } from '../values/cast.ts'
import { constantOf, define } from '../base/define.ts'
import type { EvalContext, FunctionDef } from '../values/function.ts'
import { writeJsonValue } from '../values/json-value.ts'
import { rewordFrom, settingsOfText, stylist, type OutputSettings } from './styled-values.ts'

/** toJSONString(x) under SETTINGS: x, settingsText. */
export const JSON_BY_SETTINGS = '__jsonBySettings'
/** The text of an array, tuple or map under SETTINGS: x, settingsText. */
export const TEXT_BY_SETTINGS = '__textBySettings'

function jsonTexts(vector: Vector, type: DataType, rowCount: number, { account }: EvalContext, settings: OutputSettings): Vector {
  const styled = stylist(settings, true, account)?.(vector) ?? vector
  // Whether its characters are valid is not asked: they are a text of the query's, not of its answer.
  const { output_format_json_validate_utf8: _, ...wording } = settings
  const isReworded = Object.keys(wording).length > 0
  const out = new ByteBuilder(rowCount, account)
  for (let row = 0; row < rowCount; row++) {
    const start = out.length
    writeJsonValue(out, styled, row)
    if (isReworded) rewordFrom(out, start, wording)
    out.endRow()
  }
  return out.finish(type)
}

const settingsAt = (name: string, args: readonly Vector[]): OutputSettings => settingsOfText(String(constantOf(name, args, 1)))

export const WRITTEN_VALUES: readonly FunctionDef[] = [
  define('toJSONString', [1, 1], () => STRING, ([vector], type, rowCount, context) => jsonTexts(vector, type, rowCount, context, {})),
  define(JSON_BY_SETTINGS, [2, 2], () => STRING, (args, type, rowCount, context) =>
    jsonTexts(args[0], type, rowCount, context, settingsAt(JSON_BY_SETTINGS, args))),
  define(TEXT_BY_SETTINGS, [2, 2], () => STRING, (args, _type, _rowCount, context) => castToString(
    stylist(settingsAt(TEXT_BY_SETTINGS, args), false, context.account)?.(args[0]) ?? args[0], context)),
]
