// The tree of a template: text, values, and statements. template-parse.ts makes it, template.ts
// runs it, static-tables.ts and parameter-docs.ts read it. Offsets are in the node's SQL.

import type { Expr } from './expression-tree.ts'
import type { TextChunk } from './lexical.ts'

export type TemplateNode =
  | { readonly kind: 'text'; readonly chunk: TextChunk }
  /** `{{ … }}`; `end` is the offset after the closing braces. */
  | { readonly kind: 'value'; readonly at: number; readonly end: number; readonly expr: Expr }
  | { readonly kind: 'set'; readonly at: number; readonly targets: readonly string[]
    readonly value: Expr }
  | { readonly kind: 'if'; readonly at: number; readonly branches: readonly Branch[] }
  | { readonly kind: 'for'; readonly at: number; readonly targets: readonly string[]
    readonly list: Expr; readonly body: readonly TemplateNode[]; readonly orElse: readonly TemplateNode[] }
  | { readonly kind: 'while'; readonly at: number; readonly condition: Expr
    readonly body: readonly TemplateNode[]; readonly orElse: readonly TemplateNode[] }
  /** `caught`: the first except, whatever it names; null: there is none. */
  | { readonly kind: 'try'; readonly at: number; readonly body: readonly TemplateNode[]
    readonly caught: Caught | null; readonly orElse: readonly TemplateNode[]; readonly last: readonly TemplateNode[] }
  | { readonly kind: 'break' | 'continue'; readonly at: number }

/** `condition` null: else. */
export type Branch = { readonly condition: Expr | null; readonly body: readonly TemplateNode[] }

/** What stands in an except; `name` is bound to the message, where it says `as name`. */
export type Caught = { readonly name: string | null; readonly body: readonly TemplateNode[] }
