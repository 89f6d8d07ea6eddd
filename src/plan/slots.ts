// Slots: literals of the SQL whose values differ from call to call. The analyzer gives each use of
// one its own plan slot with the type needed there; bindSlots() converts a call's values to those.
// Invariant: a plan that read a slot's value while it was made names the slot in consumedSlots.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { UINT64, type DataType } from '../../storage/column/data-type.ts'
import { QueryError } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import type { TypedPlan } from './plan.ts'
import { convertValue } from './values.ts'

/** A literal that came from a value of the call; its place is known to the parser. */
export type SlotInfo = {
  /** The parameter's type: String, Int64, DateTime (a text), … */
  readonly type: string
  readonly value: string | number | bigint | boolean
}

/** The slots of one analysis. */
export class SlotTable {
  readonly infos: readonly SlotInfo[]
  private readonly byUse = new Map<string, number>()
  readonly types: string[] = []
  readonly sources: number[] = []
  private readonly consumed = new Set<number>()
  private isMuted = false
  private readonly counts = new Set<number>()

  constructor(infos: readonly SlotInfo[]) {
    this.infos = infos
  }

  /** The plan's slot for a call's slot used as `type`. */
  use(source: number, type: DataType): number {
    const key = `${source} ${type.name}`
    let slot = this.byUse.get(key)
    if (slot === undefined) {
      slot = this.types.length
      this.byUse.set(key, slot)
      this.types.push(type.name)
      this.sources.push(source)
    }
    return slot
  }

  /** The plan's slot for a call's slot that is a number of rows. */
  useCount(source: number): number {
    const slot = this.use(source, UINT64)
    this.counts.add(slot)
    return slot
  }

  get countSlots(): number[] {
    return [...this.counts]
  }

  /** The value of a call's slot has decided something. */
  consume(source: number): void {
    if (source >= 0 && !this.isMuted) this.consumed.add(source)
  }

  /** Runs `make` without noting which values it reads: for texts that only errors show. */
  unnoted<T>(make: () => T): T {
    const was = this.isMuted
    this.isMuted = true
    try {
      return make()
    } finally {
      this.isMuted = was
    }
  }

  get consumedSlots(): number[] {
    return [...this.consumed].sort((a, b) => a - b)
  }
}

/** Values for the plan's slots from the values of a call's slots; null: one of them cannot be what the
 * plan needs, so that the call needs a plan of its own (which says what is wrong, where something is). */
export function fitSlots(plan: TypedPlan, values: readonly SlotInfo['value'][]): Value[] | null {
  const last = lastBound.get(plan)
  const bound: Value[] = []
  for (let slot = 0; slot < plan.slotSources.length; slot++) {
    const source = plan.slotSources[slot]
    const value = last !== undefined && last.values[source] === values[source] ? last.bound[slot]
      : fitted(plan.slotTypes[slot], values[source])
    if (value === undefined) return null
    bound.push(value)
  }
  lastBound.set(plan, { values, bound })
  return bound
}

/** What a plan was bound to last: most slots of a call (defaults, a dashboard's bounds) are as before. */
const lastBound = new WeakMap<TypedPlan, { readonly values: readonly SlotInfo['value'][]; readonly bound: readonly Value[] }>()

/** undefined: no value of the type equals it, or its text is none. */
function fitted(type: string, value: SlotInfo['value']): Value | undefined {
  try {
    return convertValue(slotValue(value), parseDataType(type))
  } catch {
    return undefined
  }
}

/** Values for the slots of a plan that was made for these very values. Throws QueryError that names the
 * slot when a value cannot be what the plan needs. */
export function bindSlots(plan: TypedPlan, values: readonly SlotInfo['value'][]): Value[] {
  return fitSlots(plan, values) ?? plan.slotSources.map((source, slot) => bindSlot(plan, slot, values[source]))
}

function bindSlot(plan: TypedPlan, slot: number, value: SlotInfo['value']): Value {
  const source = plan.slotSources[slot]
  const type = parseDataType(plan.slotTypes[slot])
  try {
    const converted = convertValue(slotValue(value), type)
    if (converted !== undefined) return converted
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new QueryError(`Value ${source + 1} of the query: ${why}`, null, 'BAD_ARGUMENTS')
  }
  if (plan.countSlots.includes(slot)) {
    throw new QueryError(`Value ${source + 1} of the query, ${value}: LIMIT and OFFSET are whole `
      + 'numbers from 0', null, 'INVALID_LIMIT_EXPRESSION')
  }
  // No value of the type equals it: `x IN (300)` over UInt8 simply does not match.
  return null
}

/** A call's value in the plan's representation. */
export const slotValue = (value: SlotInfo['value']): Value =>
  typeof value === 'boolean' ? Number(value) : value
