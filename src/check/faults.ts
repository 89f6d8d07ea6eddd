// What is wrong with the SQL of one node, over all branches of its template: each place is reported
// once, as an error where every request meets it, else as a warning.
// Invariant: places are offsets in the node's own SQL, never in a rendered text.

import { locateInNode } from '../project/definitions.ts'
import type { Findings } from '../project/diagnostics.ts'
import { sourceOf } from '../render/compose.ts'
import type { CompiledNode } from '../render/node-cache.ts'
import { placeholderText } from '../render/renderer.ts'
import type { NodeText } from '../render/slots.ts'

/** What a check says of one rendered text; `at` and `end` are offsets in it. */
export type Fault = {
  readonly at: number
  readonly end?: number
  readonly code: string
  readonly message: string
  /** Not wrong, only not known to us yet: never an error. */
  readonly isMild?: boolean
}

/** What is wrong with one rendered text. */
export type TextCheck = (text: NodeText) => readonly Fault[]

// Branches of different `if`s may exclude each other ({% if a %} in the SELECT and in the GROUP BY):
// so many other choices are tried before a fault counts as certain.
const CHOICES_TRIED = 24

/** A parameter without a type stands as an empty text here, and as a number or a moment in a request. */
const PLACEHOLDER_READ = "Cannot read '' as "
/** Within a text that a template puts together anything may stand. */
const PATTERN = 'cannot-compile-regexp'

/** Runs `check` over the branches of a node and reports what it finds. */
export function reportFaults(
  compiled: CompiledNode, texts: readonly NodeText[], check: TextCheck, findings: Findings,
): void {
  const places = new Map<number, { fault: Fault; text: NodeText; failed: Set<number> }>()
  for (const [branch, text] of texts.entries()) {
    for (const fault of check(text)) {
      if ((fault.message.startsWith(PLACEHOLDER_READ) || fault.code === PATTERN) && hasValue(text, fault)) continue
      const offset = placeOf(text, fault)
      const known = places.get(offset)
      if (known === undefined) places.set(offset, { fault, text, failed: new Set([branch]) })
      else known.failed.add(branch)
    }
  }
  for (const [offset, { fault, text, failed }] of places) {
    const place = locateInNode(compiled.node, offset)
    if (fault.isMild) findings.warning(place, fault.code, fault.message)
    else if (isCertain(compiled, texts, check, { offset, isValue: isOfValue(text, fault), failed })) {
      findings.error(place, fault.code, fault.message)
    } else {
      findings.warning(place, fault.code, `${fault.message} (in some branches of the template)`)
    }
  }
}

const placeOf = (text: NodeText, fault: Fault): number =>
  sourceOf(text, Math.min(fault.at, text.sql.length))

type FaultPlace = {
  readonly offset: number; readonly isValue: boolean; readonly failed: ReadonlySet<number>
}

/** True where all renderings contain the place and fail there. A branch that nobody takes may be wrong:
 * other services take such a pipe, and an error here would keep the whole project from being served. */
function isCertain(
  compiled: CompiledNode, texts: readonly NodeText[], check: TextCheck, place: FaultPlace,
): boolean {
  // What a parameter stands for is a placeholder: a real value may be right.
  if (place.isValue) return false
  return place.failed.size === texts.length && (texts.length === 1 || holds(compiled, check, place))
}

function holds(compiled: CompiledNode, check: TextCheck, { offset }: FaultPlace): boolean {
  for (let seed = 1; seed <= CHOICES_TRIED; seed++) {
    const text = placeholderText(compiled, at => mixed(at, seed))
    if (text === null || !contains(text, offset)) continue
    if (!check(text).some(fault => placeOf(text, fault) === offset)) return false
  }
  return true
}

/** A choice that looks random and is the same in every run. */
const mixed = (at: number, seed: number): number =>
  Math.imul(at + 1, 0x9e3779b1 + 2 * seed * 0x85ebca6b) >>> 9

/** True where a rendered text holds what stands at an offset of the node's SQL. */
function contains({ marks, sql }: NodeText, offset: number): boolean {
  for (let i = 0; i < marks.length; i += 3) {
    const length = (marks[i + 3] ?? sql.length) - marks[i]
    const from = marks[i + 1]
    if (marks[i + 2] === 1 && offset >= from && offset < from + length) return true
  }
  return false
}

/** True where what is wrong holds something that a parameter stands for. */
const hasValue = ({ marks, sql }: NodeText, { at, end = at + 1 }: Fault): boolean => {
  for (let i = 0; i < marks.length; i += 3) {
    if (marks[i + 2] === 0 && marks[i] < end && (marks[i + 3] ?? sql.length) > at) return true
  }
  return false
}

/** True where a real value in a placeholder's place may make it right: there, or in what a constant is computed
 * from, wherever that stands. */
const isOfValue = (text: NodeText, fault: Fault): boolean => isValueAt(text, fault.at)
  || (fault.message.endsWith('must be constant') && text.marks.some((mark, i) => i % 3 === 2 && mark === 0))

/** True where an offset of a rendered text lies in what a parameter stands for. */
function isValueAt({ marks }: NodeText, at: number): boolean {
  let i = 0
  while (i + 3 < marks.length && marks[i + 3] <= at) i += 3
  return marks.length > 0 && marks[i + 2] === 0
}
