// Copies of many bytes between kinds of memory.

const { fill } = Buffer.prototype
/** Fewer cost less by V8's copy, which is no call of C++. */
const CALL_BYTES_MIN = 4096

/** Copies `source` to `target` from `at` on. Where one of them is shared memory, V8's own copy goes word by word, and
 * byte by byte unless both lie alike within eight; this one is the C library's, whatever they are. */
export function copyBytes(target: Uint8Array, at: number, source: Uint8Array): void {
  if (source.length < CALL_BYTES_MIN) target.set(source, at)
  else fill.call(target, source, at, at + source.length)
}
