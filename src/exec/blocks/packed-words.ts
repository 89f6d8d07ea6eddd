// Words of a row as bytes: seven bits of a word in each, the lowest first, the eighth set where more of the
// word follow. Most words of keys are small codes, so that a row takes a third of its words.
// Invariant: the same words are the same bytes.

const WORD_BYTES_MAX = 5

/** Bytes that rows of so many words take at most. */
export const packedBytesMax = (rows: number, words: number): number => rows * words * WORD_BYTES_MAX

/** Packs row i's words, words[w][i], end to end; where each begins, and the last ends, to `offsets`. */
export function packWords(words: readonly Uint32Array[], count: number, bytes: Uint8Array, offsets: Uint32Array): void {
  let at = 0
  for (let row = 0; row < count; row++) {
    offsets[row] = at
    for (let w = 0; w < words.length; w++) {
      let left = words[w][row]
      for (; left > 0x7f; left >>>= 7) bytes[at++] = left & 0x7f | 0x80
      bytes[at++] = left
    }
  }
  offsets[count] = at
}

/** The words of the row that begins at `at`: to words[w][row]. */
export function unpackWords(bytes: Uint8Array, at: number, row: number, words: readonly Uint32Array[]): void {
  for (let w = 0; w < words.length; w++) {
    let word = 0
    let shift = 0
    for (; bytes[at] > 0x7f; shift += 7) word |= (bytes[at++] & 0x7f) << shift
    words[w][row] = word | bytes[at++] << shift
  }
}
