// The tree of a template expression: what expression-parse.ts makes and expression.ts compiles.
// Invariant: `at` is the offset of the expression's first character in the node's SQL.

import type { Value } from './values.ts'

export type Expr =
  | { readonly kind: 'constant'; readonly at: number; readonly value: Value }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'list' | 'tuple'; readonly at: number; readonly items: readonly Expr[] }
  | { readonly kind: 'dict'; readonly at: number
    readonly entries: readonly (readonly [Expr, Expr])[] }
  | { readonly kind: 'not' | 'negate'; readonly at: number; readonly value: Expr }
  | { readonly kind: 'and' | 'or'; readonly at: number; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'arithmetic'; readonly at: number; readonly operator: string
    readonly left: Expr; readonly right: Expr }
  /** `a < b <= c`: one operator per operand after the first. */
  | { readonly kind: 'compare'; readonly at: number; readonly operators: readonly string[]
    readonly operands: readonly Expr[] }
  | { readonly kind: 'choice'; readonly at: number; readonly condition: Expr
    readonly yes: Expr; readonly no: Expr }
  | Call
  | { readonly kind: 'method'; readonly at: number; readonly self: Expr; readonly name: string
    readonly args: readonly Expr[] }
  /** `loop.first`: nothing has attributes here, which is said where the expression is reached, as Python does. */
  | { readonly kind: 'attribute'; readonly at: number; readonly self: Expr; readonly name: string }
  | { readonly kind: 'index'; readonly at: number; readonly self: Expr; readonly key: Expr }
  | { readonly kind: 'slice'; readonly at: number; readonly self: Expr
    readonly from: Expr | null; readonly to: Expr | null; readonly step: Expr | null }
  /** `[item for targets in list if condition]`. */
  | { readonly kind: 'comprehension'; readonly at: number; readonly item: Expr
    readonly targets: readonly string[]; readonly list: Expr; readonly condition: Expr | null }

/** `name(args, key=value)`. */
export type Call = {
  readonly kind: 'call'
  readonly at: number
  readonly name: string
  readonly args: readonly Expr[]
  readonly named: ReadonlyMap<string, Expr>
}
