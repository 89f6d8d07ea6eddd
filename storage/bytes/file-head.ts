// The first bytes of every file that is a log: what it is, in which version. FORMAT.md, "File head".
//
//   | magic 8 bytes | version u32 | salt u32 | first u64 | reserved u32 | crc32c u32 of the 28 before |
//
// The salt is random and seeds the checksums of the file's frames (frame.ts): bytes that a client sent
// can look like a frame, but not like one of this file.

import { crc32c } from './crc32c.ts'

export const FILE_HEAD_BYTES = 32

/** Written by a newer Pipit: this one must not touch it. */
export class NewerFormat extends Error {
  constructor(file: string, found: number, known: number) {
    super(`${file} has format version ${found}; this Pipit knows up to version ${known}. `
      + 'Use the newer Pipit that wrote it')
    this.name = 'NewerFormat'
  }
}

export type FileHead = {
  readonly salt: number
  /** Number of the first record of the file. */
  readonly first: number
}

/** `magic`: eight ASCII characters. */
export function encodeFileHead(magic: string, version: number, head: FileHead): Uint8Array {
  const bytes = Buffer.alloc(FILE_HEAD_BYTES)
  bytes.write(magic, 0, 'latin1')
  bytes.writeUInt32LE(version, 8)
  bytes.writeUInt32LE(head.salt, 12)
  bytes.writeBigUInt64LE(BigInt(head.first), 16)
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, 28)), 28)
  return bytes
}

/** null: not a whole head. Throws NewerFormat, and when the file is of another kind. */
export function decodeFileHead(
  file: string, bytes: Uint8Array, magic: string, version: number, kind: string,
): FileHead | null {
  if (bytes.length < FILE_HEAD_BYTES) return null
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, FILE_HEAD_BYTES)
  const isOurs = head.toString('latin1', 0, 8) === magic
  const found = head.readUInt32LE(8)
  if (isOurs && found > version) throw new NewerFormat(file, found, version)
  if (head.readUInt32LE(28) !== crc32c(head.subarray(0, 28))) return null
  if (!isOurs) throw new Error(`${file} is not a ${kind} of Pipit`)
  return { salt: head.readUInt32LE(12), first: Number(head.readBigUInt64LE(16)) }
}
