// The checksum of a section, by a kernel where that pays.

import { crc32c } from '../bytes/crc32c.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { CRC_BYTES_MIN, CRC_SCRATCH_BYTES } from '../kernels/crc.ts'
import type { Kernels } from '../kernels/load.ts'
import type { WorkMemory } from '../kernels/work-memory.ts'

/** Bytes that are copied to the kernel at once: they stay in the processor's second cache. */
const PIECE_BYTES = 65536
/** Of fewer bytes the rest is too large a share to copy them. */
const COPIED_BYTES_MIN = 2 * CRC_BYTES_MIN

/** As crc32c(), ten times as fast for some thousand bytes that lie in the account's memory. */
export function checksumOf(bytes: Uint8Array, { account, kernels }: Pick<EncodeSpace, 'account' | 'kernels'>): number {
  if (bytes.length < CRC_BYTES_MIN || bytes.buffer !== account.work.buffer) return crc32c(bytes)
  const scratch = account.u8(CRC_SCRATCH_BYTES)
  const rest = kernels.foldCrc(bytes.byteOffset, bytes.length, 0xffffffff, scratch.byteOffset)
  const checksum = crc32c(scratch.subarray(0, rest), 0xffffffff)
  account.free(scratch.byteOffset)
  return checksum
}

/** As crc32c(), of bytes that lie anywhere: copied piece by piece to where the kernel reaches them. */
export function checksumOfCopy(bytes: Uint8Array, work: WorkMemory, kernels: Kernels): number {
  if (bytes.length < COPIED_BYTES_MIN) return crc32c(bytes)
  const room = PIECE_BYTES + CRC_SCRATCH_BYTES
  const copy = work.allocate(room)
  const scratch = copy + PIECE_BYTES
  let checksum = 0
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES)
    if (piece.length < CRC_BYTES_MIN) {
      checksum = crc32c(piece, checksum)
      continue
    }
    work.u8.set(piece, copy)
    const rest = kernels.foldCrc(copy, piece.length, ~checksum, scratch)
    checksum = crc32c(work.u8.subarray(scratch, scratch + rest), 0xffffffff)
  }
  work.free(copy, room)
  return checksum
}
