// Statements by shape: a call that differs only in its parameters' values finds its plan here and
// parses nothing. A plan that depends on the value of a slot (an INTERVAL's size, a folded constant)
// is kept per value.

import type { TypedPlan } from '../plan/plan.ts'

const SHAPES_MAX = 1000
const VARIANTS_MAX = 64

export type CachedPlan = { readonly plan: TypedPlan; readonly planId: number }

type Shape = { consumed: readonly number[]; readonly variants: Map<string, CachedPlan> }

/** Plans of the current catalog; a change of any table's schema clears it. */
export class PlanCache {
  private readonly shapes = new Map<string, Shape>()
  private nextPlanId = 1

  find(key: string, slotValues: readonly unknown[]): CachedPlan | null {
    const shape = this.shapes.get(key)
    if (shape === undefined) return null
    // Most recently used at the end: the first is what goes.
    this.shapes.delete(key)
    this.shapes.set(key, shape)
    return shape.variants.get(variantKey(shape.consumed, slotValues)) ?? null
  }

  /** Keeps a plan and gives it the number by which workers know it. */
  add(key: string, slotValues: readonly unknown[], plan: TypedPlan): CachedPlan {
    const cached = { plan, planId: this.takePlanId() }
    let shape = this.shapes.get(key)
    const consumed = [...plan.consumedSlots].sort((a, b) => a - b)
    // Another variant may consume more slots: the shape must then tell apart by all of them.
    if (shape === undefined || shape.consumed.join() !== consumed.join()) {
      const all = shape === undefined ? consumed : [...new Set([...shape.consumed, ...consumed])].sort((a, b) => a - b)
      this.shapes.set(key, shape = { consumed: all, variants: new Map() })
    }
    if (shape.variants.size >= VARIANTS_MAX) {
      shape.variants.delete(shape.variants.keys().next().value as string)
    }
    shape.variants.set(variantKey(shape.consumed, slotValues), cached)
    if (this.shapes.size > SHAPES_MAX) this.shapes.delete(this.shapes.keys().next().value as string)
    return cached
  }

  /** A number for a plan that is kept elsewhere. */
  takePlanId(): number { return this.nextPlanId++ }

  clear(): void { this.shapes.clear() }
}

const variantKey = (consumed: readonly number[], values: readonly unknown[]): string =>
  consumed.map((slot) => `${typeof values[slot]}:${String(values[slot])}`).join('\u0000')
