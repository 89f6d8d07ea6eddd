// The order of UUIDs: as ClickHouse's, by their second half first. Of the 16 bytes as they lie in a vector
// (two numbers of 64 bits, the low byte of each first) the last one counts most. Storage sorts and bounds
// the bytes as they lie, so nothing that is stored may stand for this order.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'

export const UUID_BYTES = 16

export const isUuid = (type: DataType): boolean => bareType(type).id === 'UUID'

/** -1, 0 or 1: the order of the 16 bytes at `i` of x and at `j` of y. */
export function compareUuids(x: Uint8Array, i: number, y: Uint8Array, j: number): number {
  for (let byte = UUID_BYTES - 1; byte >= 0; byte--) {
    const difference = x[i + byte] - y[j + byte]
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return 0
}

/** A text that orders as the UUID that `text` writes. */
export const uuidRank = (text: string): string => text.slice(19) + text.slice(0, 18)
