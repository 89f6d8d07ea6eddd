// Statements by shape: a call that differs only in its parameters' values finds its plan here and
// parses nothing. A plan that depends on the value of a slot (an INTERVAL's size, a folded constant)
// is kept per value.

import type { Span, TypedPlan } from '../plan/plan.ts'
import type { Value } from '../functions/values/value.ts'

const SHAPES_MAX = 1000
const VARIANTS_MAX = 64

/** A piece of a statement that came from a value. */
type Place = { readonly start: number; readonly end: number }

export type CachedPlan = {
  readonly plan: TypedPlan
  readonly planId: number
  /** Where the slots stood in the text that the plan was made of: its spans are that text's. */
  readonly places: readonly Place[]
}

/** A plan with the values of a call. */
export type BoundPlan = CachedPlan & { readonly slots: readonly Value[] }

type Shape = { consumed: readonly number[]; readonly variants: Map<string, CachedPlan> }

/** Plans of the current catalog; a change of any table's schema clears it. */
export class PlanCache {
  private readonly shapes = new Map<string, Shape>()
  private nextPlanId = 1
  /** Grows with every change of the catalog. */
  epoch = 0
  /** The last one of `shapes`: it stands where a call moves what it finds. */
  private latest: Shape | null = null
  private kept: { readonly request: object; readonly bound: BoundPlan } | null = null

  find(key: string, slotValues: readonly unknown[]): CachedPlan | null {
    const shape = this.shapes.get(key)
    if (shape === undefined) return null
    // Most recently used at the end: the first is what goes.
    if (shape !== this.latest) {
      this.shapes.delete(key)
      this.shapes.set(key, shape)
      this.latest = shape
    }
    return shape.variants.get(variantKey(shape.consumed, slotValues)) ?? null
  }

  /** Keeps a plan and gives it the number by which workers know it. */
  add(key: string, slotValues: readonly unknown[], plan: TypedPlan, places: readonly Place[]): CachedPlan {
    const cached = this.once(plan, places)
    let shape = this.shapes.get(key)
    const consumed = [...plan.consumedSlots].sort((a, b) => a - b)
    // Another variant may consume more slots: the shape must then tell apart by all of them.
    if (shape === undefined || shape.consumed.join() !== consumed.join()) {
      const all = shape === undefined ? consumed : [...new Set([...shape.consumed, ...consumed])].sort((a, b) => a - b)
      this.shapes.delete(key)
      this.shapes.set(key, shape = { consumed: all, variants: new Map() })
      this.latest = shape
    }
    if (shape.variants.size >= VARIANTS_MAX) {
      shape.variants.delete(shape.variants.keys().next().value as string)
    }
    shape.variants.set(variantKey(shape.consumed, slotValues), cached)
    if (this.shapes.size > SHAPES_MAX) this.shapes.delete(this.shapes.keys().next().value as string)
    return cached
  }

  /** Notes the plan of a request, which is looked for again: once for the versions of what it reads, and once to run. */
  keep(request: object, bound: BoundPlan): BoundPlan {
    this.kept = { request, bound }
    return bound
  }

  /** The plan that was noted last, if it was for this very request; null: another. */
  keptOf(request: object): BoundPlan | null { return this.kept?.request === request ? this.kept.bound : null }

  /** The request will not be looked for again: by what it tells its caller it holds the call, whose answer may be large. */
  forget(request: object): void { if (this.kept?.request === request) this.kept = null }

  /** A plan for one call alone. */
  once(plan: TypedPlan, slots: readonly Place[]): CachedPlan {
    return { plan, planId: this.takePlanId(), places: slots.map(({ start, end }) => ({ start, end })) }
  }

  /** A number for a plan that is kept elsewhere. */
  takePlanId(): number { return this.nextPlanId++ }

  clear(): void {
    this.epoch++
    this.shapes.clear()
    this.latest = null
    this.kept = null
  }
}

/** A span of the text that a plan was made of, in the text of a call with the same slots elsewhere. */
export function movedSpan({ at, end }: Span, planned: readonly Place[], called: readonly Place[]): Span {
  const move = (offset: number): number => {
    let before = -1
    while (before + 1 < planned.length && planned[before + 1].end <= offset) before++
    const within = planned[before + 1]
    if (within !== undefined && within.start < offset) return called[before + 1].start
    return before < 0 ? offset : called[before].end + offset - planned[before].end
  }
  return { at: move(at), end: move(end) }
}

const variantKey = (consumed: readonly number[], values: readonly unknown[]): string =>
  consumed.map((slot) => `${typeof values[slot]}:${String(values[slot])}`).join('\u0000')
