// The first bytes of a WAL file: what it is and in which version.
//
//   | "PIPITWAL" | version u32 | reserved u32 | first sequence f64 |
//
// The first sequence fences the file before: a record there that has this sequence or a later one was
// refused (its write or sync failed) and is never replayed.

export const WAL_VERSION = 0
export const FILE_HEAD_BYTES = 24
const MAGIC = 'PIPITWAL'

/** Written by a newer Pipit: this one must not touch it. */
export class NewerFormat extends Error {
  constructor(file: string, found: number, known: number) {
    super(`${file} has format version ${found}; this Pipit knows up to version ${known}. `
      + 'Use the newer Pipit that wrote it')
    this.name = 'NewerFormat'
  }
}

export function fileHead(firstSequence: number): Uint8Array {
  const head = Buffer.alloc(FILE_HEAD_BYTES)
  head.write(MAGIC, 0, 'latin1')
  head.writeUInt32LE(WAL_VERSION, 8)
  head.writeDoubleLE(firstSequence, 16)
  return head
}

/** The file's first sequence. Throws when the file is no WAL, or a newer one. */
export function readFileHead(file: string, bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, FILE_HEAD_BYTES)
  if (head.toString('latin1', 0, 8) !== MAGIC) throw new Error(`${file} is not a write-ahead log of Pipit`)
  const version = head.readUInt32LE(8)
  if (version > WAL_VERSION) throw new NewerFormat(file, version, WAL_VERSION)
  return head.readDoubleLE(16)
}
