// Sizes of the memory that foldCrc works in. Both TypeScript and AssemblyScript compile this file.

/** How far the last of a byte's copies lies behind it. */
export const CRC_DISTANCE = 680
/** Room for what lies that far back, in words of 64 bytes. */
export const CRC_ROOM = 704
/** Bytes between two moves of it: they stay in the processor's first cache. */
export const CRC_PIECE = 8192
/** Memory that foldCrc works in. */
export const CRC_SCRATCH_BYTES = CRC_PIECE + 3 * CRC_ROOM
