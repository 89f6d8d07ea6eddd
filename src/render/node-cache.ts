// What is kept per node between requests: the compiled template, its parameters' descriptions, and
// the tables of each shape of its SQL. Owned by a Renderer, so it lives as long as the project's
// version. Invariant: two renderings with the same key read the same tables, because they differ in
// literals.

import type { NodeDef } from '../project/definitions.ts'
import { tablesOf, type TableScan } from '../project/tables.ts'
import { parameterDocs, type ParamDoc } from './parameter-docs.ts'
import { compileTemplate, type Template } from './template.ts'
import { TemplateFault } from './values.ts'
import type { NodeText, Pieces, Slot } from './slots.ts'

// Shapes of one node: branches of its template. Beyond it something else than parameters changes
// the text (a name from column(), say), and the oldest shapes make room.
const SHAPES_MAX = 256

// Longer texts (lists of thousands of values) are read each time: 256 of them are too much to keep.
const SHAPE_CHARS_MAX = 50_000

/** How slots stand in a key: no SQL holds these characters. */
const MARK_OPEN = '\u0001'
const MARK_CLOSE = '\u0002'

/** `sql` with every slot replaced by a mark of its type: the same for all values of the
 * parameters. */
export function keyOf(sql: string, slots: readonly Slot[]): string {
  if (slots.length === 0) return sql
  let key = ''
  let at = 0
  for (const slot of slots) {
    const mark = slot.sameAs === undefined ? slot.type : `${slot.type} ${slot.sameAs}`
    key += sql.slice(at, slot.start) + MARK_OPEN + mark + MARK_CLOSE
    at = slot.end
  }
  return key + sql.slice(at)
}

/** A position that moves with the slots before it: characters behind the end of slot `after`. */
type Anchor = { readonly after: number; readonly chars: number }

/** Tables of a shape; positions are for the text that was scanned, offsetIn() moves them to
 * another. */
export type ShapeScan = {
  readonly scan: TableScan
  readonly slots: readonly Slot[]
  /** What keyOf() says of each of its texts: one string, whose hash is known. Null: it is not kept. */
  readonly key: string | null
  /** What stands before, between and behind the slots. */
  readonly between: readonly string[]
  /** Of its first text. */
  readonly pieces: Pieces | null
}

function newShape({ sql, slots, pieces }: NodeText, key: string | null): ShapeScan {
  const starts = [0, ...slots.map(({ end }) => end)]
  const ends = [...slots.map(({ start }) => start), sql.length]
  const between = key === null ? [] : starts.map((start, i) => sql.slice(start, ends[i]))
  return { scan: tablesOf(sql), slots, key, between, pieces: key === null ? null : pieces }
}

/** Whether a text has this shape: a look at its pieces costs less than joining them, or than making its key. */
function hasShape(text: NodeText, shape: ShapeScan): boolean {
  const { slots, pieces } = text
  if (slots.length !== shape.slots.length) return false
  if (pieces !== null) return shape.pieces !== null && hasPieces(text, pieces, shape, shape.pieces)
  return hasTexts(text, shape)
}

function hasPieces({ slots }: NodeText, own: Pieces, shape: ShapeScan, like: Pieces): boolean {
  if (own.texts.length !== like.texts.length) return false
  for (let at = 0, i = 0; at < own.texts.length; at++) {
    if (own.ofSlots[i] !== at) {
      if (like.ofSlots[i] === at || own.texts[at] !== like.texts[at]) return false
      continue
    }
    if (like.ofSlots[i] !== at || slots[i].type !== shape.slots[i].type || slots[i].sameAs !== shape.slots[i].sameAs) return false
    i++
  }
  return true
}

function hasTexts({ sql, slots }: NodeText, { slots: likes, between }: ShapeScan): boolean {
  let at = 0
  for (let i = 0; i < slots.length; i++) {
    const { start, end, type, sameAs } = slots[i]
    const like = likes[i]
    if (start - at !== between[i].length || type !== like.type || sameAs !== like.sameAs || !sql.startsWith(between[i], at)) return false
    at = end
  }
  return sql.length - at === between[slots.length].length && sql.endsWith(between[slots.length])
}

/** The offset in `text` of what stands at `offset` in the scanned text. */
export function offsetIn(shape: ShapeScan, text: NodeText, offset: number): number {
  const anchor = anchorOf(shape.slots, offset)
  return anchor.after < 0 ? offset : text.slots[anchor.after].end + anchor.chars
}

function anchorOf(slots: readonly Slot[], offset: number): Anchor {
  let after = -1
  while (after + 1 < slots.length && slots[after + 1].end <= offset) after += 1
  return { after, chars: after < 0 ? offset : offset - slots[after].end }
}

export class CompiledNode {
  readonly node: NodeDef
  /** The template, or what is wrong with it. */
  readonly template: Template | TemplateFault
  readonly docs: readonly ParamDoc[]
  readonly #shapes: Map<string, ShapeScan>
  /** The shape of the text before: mostly the next one's, too. */
  #last: ShapeScan | null = null

  /** `shapes`: where the tables of its texts are kept; those of requests share one. */
  constructor(node: NodeDef, shapes: Map<string, ShapeScan> = new Map()) {
    this.node = node
    this.#shapes = shapes
    this.template = compileOrFault(node.sql)
    this.docs = this.template instanceof TemplateFault ? [] : parameterDocs(this.template.nodes)
  }

  /** The tables of a rendered text. */
  shapeOf(text: NodeText): ShapeScan {
    if (text.length > SHAPE_CHARS_MAX) return newShape(text, null)
    if (this.#last !== null && hasShape(text, this.#last)) return this.#last
    const key = keyOf(text.sql, text.slots)
    let shape = this.#shapes.get(key)
    if (shape === undefined) {
      if (this.#shapes.size >= SHAPES_MAX) {
        const [oldest] = this.#shapes.keys()
        this.#shapes.delete(oldest)
      }
      shape = newShape(text, key)
      this.#shapes.set(key, shape)
    }
    return this.#last = shape
  }
}

function compileOrFault(sql: string): Template | TemplateFault {
  try {
    return compileTemplate(sql)
  } catch (error) {
    if (error instanceof TemplateFault) return error
    throw error
  }
}
