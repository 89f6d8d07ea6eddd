// Row postings of a dictionary column: code -> the rows that have it. FORMAT.md, "Postings".
//
//   | offsets u32 * (size + 1) | counts u32 * size | lists: first row and differences as varints |

export type Postings = { readonly countOf: (code: number) => number; readonly rowsOf: (code: number) => Uint32Array }

/** The section for rows of codes < size; `isNull` rows are in no list. */
export function encodePostings(codes: Uint32Array, nulls: Uint8Array | null, size: number): Uint8Array {
  const counts = new Uint32Array(size)
  for (let row = 0; row < codes.length; row++) if (nulls === null || nulls[row] === 0) counts[codes[row]]++
  const next = new Uint32Array(size + 1)
  for (let code = 0; code < size; code++) next[code + 1] = next[code] + counts[code]
  const starts = next.slice()
  const rows = new Uint32Array(next[size])
  for (let row = 0; row < codes.length; row++) if (nulls === null || nulls[row] === 0) rows[next[codes[row]]++] = row
  const headBytes = (size + 1 + size) * 4
  const out = new Uint8Array(headBytes + rows.length * 5)
  const words = new Uint32Array(out.buffer, 0, size + 1 + size)
  let at = headBytes
  for (let code = 0; code < size; code++) {
    words[code] = at
    words[size + 1 + code] = counts[code]
    let before = 0
    for (let index = starts[code]; index < starts[code] + counts[code]; index++) {
      let difference = rows[index] - before
      before = rows[index]
      for (; difference >= 128; difference = Math.floor(difference / 128)) out[at++] = difference % 128 + 128
      out[at++] = difference
    }
  }
  words[size] = at
  return out.slice(0, at)
}

/** Postings over the bytes of their section (4-byte aligned). */
export function openPostings(section: Uint8Array, size: number): Postings {
  const words = new Uint32Array(section.buffer, section.byteOffset, size + 1 + size)
  const countOf = (code: number) => words[size + 1 + code]
  const rowsOf = (code: number) => {
    const rows = new Uint32Array(countOf(code))
    let at = words[code]
    let row = 0
    for (let index = 0; index < rows.length; index++) {
      let scale = 1
      for (; section[at] >= 128; at++) {
        row += (section[at] - 128) * scale
        scale *= 128
      }
      row += section[at++] * scale
      rows[index] = row
    }
    return rows
  }
  return { countOf, rowsOf }
}
