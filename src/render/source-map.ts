// From an offset in the rendered statement back to a file's line and column. compose.ts collects
// the pieces while it puts the statement together. Invariant: every offset has an answer where the
// statement came from files; text between nodes belongs to the node that follows.

import { locateInNode, type NodeDef, type Place } from '../project/definitions.ts'

export type SourceMap = {
  /** The place of an offset in the rendered SQL; null for SQL that came with the request. */
  readonly locate: (offset: number) => Place | null
  /** The line and column in the request's own SQL that an offset in the rendered SQL came from; null
   * where it came from a file. */
  readonly locateInRequest: (offset: number) => Pick<Place, 'line' | 'column'> | null
}

/** Pieces of output in order: from `starts[i]` on, the SQL of `nodes[i]` from `offsets[i]`;
 * `linear` 1 where output and source run on together. */
export class SourceMapBuilder {
  readonly #starts: number[] = []
  readonly #offsets: number[] = []
  readonly #linear: number[] = []
  readonly #nodes: NodeDef[] = []

  add(start: number, node: NodeDef, offset: number, linear: number): void {
    this.#starts.push(start)
    this.#offsets.push(offset)
    this.#linear.push(linear)
    this.#nodes.push(node)
  }

  build(requestNode: NodeDef | null): SourceMap {
    return {
      locate: offset => {
        const found = this.#find(offset)
        return found === null || found.node === requestNode ? null
          : locateInNode(found.node, found.offset)
      },
      locateInRequest: offset => {
        const found = this.#find(offset)
        if (found === null || found.node !== requestNode) return null
        const { line, column } = locateInNode(found.node, found.offset)
        return { line, column }
      },
    }
  }

  #find(offset: number): { node: NodeDef; offset: number } | null {
    const starts = this.#starts
    if (starts.length === 0) return null
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle] <= offset) low = middle + 1
      else high = middle
    }
    const at = Math.max(0, low - 1)
    const run = this.#linear[at] === 1 ? Math.max(0, offset - starts[at]) : 0
    return { node: this.#nodes[at], offset: this.#offsets[at] + run }
  }
}
