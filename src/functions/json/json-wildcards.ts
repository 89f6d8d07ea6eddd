// JSON paths as SQL/JSON writes them: keys, indexes, and brackets that stand for several elements of an array.
// Invariant: values come in the order of the brackets, those of the last bracket first.

import type { JsonStep } from '../../../storage/kernels/json.ts'
import { FunctionError } from '../values/function.ts'
import { findKey, kindAt, members } from '../values/json-scan.ts'

const encoder = new TextEncoder()

/** Elements from the first to before the second number. */
type Range = readonly [number, number]
type WildStep = JsonStep | { readonly ranges: readonly Range[] }

/** `steps` lead to one value; `wild`, empty for most paths, begin with the first bracket of several elements. */
export type StandardPath = { readonly steps: readonly JsonStep[]; readonly wild: readonly WildStep[] }

const RANGE = String.raw`\d+(?:\s+to\s+\d+)?`
const TOKEN = new RegExp(String.raw`\.([A-Za-z_][\w-]*)|\."([^"]+)"|\[\s*(\d+)\s*\]|\["([^"]+)"\]|\['([^']+)'\]`
  + String.raw`|\[\s*(\*|${RANGE}(?:\s*,\s*${RANGE})*)\s*\]`, 'y')

/** Reads a path such as $.a.b[0], $.a[*].b or $[0, 2 to 4]. Throws FunctionError BAD_ARGUMENTS. */
export function standardPath(text: string): StandardPath {
  if (!text.startsWith('$')) throw new FunctionError(`JSON path '${text}' must begin with $`, 'BAD_ARGUMENTS')
  const steps: JsonStep[] = [] // an index of a path counts from 0 and means arrays only
  const wild: WildStep[] = []
  TOKEN.lastIndex = 1
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (match === null) throw new FunctionError(`not supported yet: JSON path '${text}'`, 'BAD_ARGUMENTS')
    const [, name, quoted, index, inBrackets, inQuotes, several] = match
    const key = name ?? quoted ?? inBrackets ?? inQuotes
    if (several !== undefined) wild.push({ ranges: several === '*' ? [[0, Infinity]] : several.split(',').map(rangeOf) })
    else (wild.length > 0 ? wild : steps).push(key === undefined ? { index: Number(index) + 1, ofArrays: true } : { key: encoder.encode(key) })
  }
  return { steps, wild }
}

function rangeOf(text: string): Range {
  const [first, end] = text.split('to').map(Number)
  if (end !== undefined && first >= end) throw new FunctionError(`The range '${text.trim()}' of a JSON path is empty`, 'BAD_ARGUMENTS')
  return [first, end ?? first + 1]
}

/** Where the values begin that `wild` leads to from the value at `at`. */
export function placesOf(bytes: Uint8Array, at: number, end: number, wild: readonly WildStep[]): readonly number[] {
  return wild.reduce<readonly number[]>((places, step) => places.flatMap((place) => placesBehind(bytes, place, end, step)), [at])
}

function placesBehind(bytes: Uint8Array, at: number, end: number, step: WildStep): readonly number[] {
  if ('key' in step) {
    const place = findKey(bytes, at, end, step.key)
    return place < 0 ? [] : [place]
  }
  if (kindAt(bytes, at, end) !== 'array') return []
  const elements = members(bytes, at, end)
  return 'ranges' in step ? step.ranges.flatMap(([from, to]) => elements.slice(from, to)) : elements.slice(step.index - 1, step.index)
}
