// Which texts there are, in order: paths of documents, types of paths and of values.
// Invariant: the analyzer hands on what the documents hold (JSONAllPaths, JSONAllPathsWithTypes, dynamicType), not the
// documents; NONE, the type of no value, is no type.

import { arrayOf, bareType, mapOf, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { byGroup } from '../values/state-bytes.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { slotOf } from '../values/vectors.ts'

const NONE = 'None'
const LIST = arrayOf(STRING)
const TYPES = mapOf(STRING, LIST)

/** Of each group its texts, each with texts that belong to it. */
type Sets = Map<string, Set<string>>[]

const inOrder = (texts: Iterable<string>): string[] => [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

function add(sets: Sets, group: number, text: string, belonging: string | null): void {
  if (text === NONE && belonging === null) return
  let own = sets[group].get(text)
  if (own === undefined) sets[group].set(text, own = new Set())
  if (belonging !== null && belonging !== '') own.add(belonging)
}

/** Adds a row's value: a text, a list of them, or pairs. */
function addValue(sets: Sets, group: number, value: Value): void {
  if (typeof value === 'string') add(sets, group, value, null)
  else for (const item of value as readonly Value[]) {
    if (typeof item === 'string') add(sets, group, item, null)
    else add(sets, group, String((item as readonly Value[])[0]), String((item as readonly Value[])[1]))
  }
}

const textSets = (name: string, seen: DataType, result: DataType): AggregateDef => ({
  name, arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg]) => {
    if (bareType(arg) !== seen) throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}`)
    return result
  },
  create: (_args, _parameters, context: EvalContext) => {
    const sets: Sets = []
    return byGroup({
      resize: (groupCount) => { while (sets.length < groupCount) sets.push(new Map()) },
      update: (groups, rowCount, [vector]: readonly Vector[]) => {
        for (let row = 0; row < rowCount; row++) addValue(sets, groups[row], valueAt(vector, slotOf(vector, row)))
      },
      write: (out, group) => {
        const bytes = Buffer.from(JSON.stringify([...sets[group]].map(([text, own]) => [text, ...own])))
        out.sized(bytes, 0, bytes.length)
      },
      read: (reader, group) => {
        for (const [text, ...own] of JSON.parse(Buffer.from(reader.sized()).toString()) as string[][]) {
          add(sets, group, text, own[0] ?? null)
          for (const belonging of own) add(sets, group, text, belonging)
        }
      },
      finish: (groupCount) => vectorOf(Array.from({ length: groupCount }, (_, group): Value => {
        const own = sets[group] ?? new Map<string, Set<string>>()
        const texts = inOrder(own.keys())
        return result === LIST ? texts : texts.map((text) => [text, inOrder(own.get(text) as Set<string>)])
      }), result, context.account),
    }, context)
  },
})

export const TEXT_SETS: readonly AggregateDef[] = [
  textSets('distinctJSONPaths', LIST, LIST), textSets('distinctJSONPathsAndTypes', mapOf(STRING, STRING), TYPES),
  textSets('distinctDynamicTypes', STRING, LIST),
]
