// The part of WebAssembly's JavaScript interface that the kernels use: the compiler's own types come
// only with its DOM library, whose globals (name, event, …) would hide mistakes here.

declare namespace WebAssembly {
  class Module { constructor(bytes: Uint8Array<ArrayBuffer>) }
  class Memory {
    constructor(limits: { initial: number; maximum: number })
    readonly buffer: ArrayBuffer
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, unknown>
  }
}
