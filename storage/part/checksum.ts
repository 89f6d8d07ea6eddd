// The checksum of a section, by a kernel where that pays.

import { crc32c } from '../bytes/crc32c.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { CRC_BYTES_MIN, CRC_SCRATCH_BYTES } from '../kernels/crc.ts'

/** As crc32c(), ten times as fast for some thousand bytes that lie in the account's memory. */
export function checksumOf(bytes: Uint8Array, { account, kernels }: Pick<EncodeSpace, 'account' | 'kernels'>): number {
  if (bytes.length < CRC_BYTES_MIN || bytes.buffer !== account.work.buffer) return crc32c(bytes)
  const scratch = account.u8(CRC_SCRATCH_BYTES)
  const rest = kernels.foldCrc(bytes.byteOffset, bytes.length, 0xffffffff, scratch.byteOffset)
  const checksum = crc32c(scratch.subarray(0, rest), 0xffffffff)
  account.free(scratch.byteOffset)
  return checksum
}
