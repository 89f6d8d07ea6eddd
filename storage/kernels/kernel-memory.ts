// A worker's memory as kernels see it: what they are bound to, and what their references read and write.

export type KernelMemory = {
  readonly memory: WebAssembly.Memory
  readonly buffer: ArrayBuffer
  readonly u8: Uint8Array
  readonly u32: Uint32Array
}
