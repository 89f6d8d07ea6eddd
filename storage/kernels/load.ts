// Kernels by name: the compiled module over one worker's private memory, or, with
// PIPIT_KERNELS=off, their plain TypeScript references over the same memory. Callers can't tell.
// Invariant: a kernel keeps no state; every pointer is an argument into the memory it was bound to.

import { readFileSync } from 'node:fs'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { automatonReference, type AutomatonKernels } from './automaton.ts'
import { bitsReference, type BitsKernels } from './bits.ts'
import { cellsReference, type CellKernels } from './cells.ts'
import { cityHashReference, type CityHashKernels } from './city-hash.ts'
import { bigsReference, type BigKernels } from './bigs.ts'
import { crcReference, type CrcKernels } from './crc.ts'
import { csvReference, type CsvKernels } from './csv.ts'
import { doublesReference, type DoubleKernels } from './doubles.ts'
import { groupBitsReference, type GroupBitKernels } from './group-bits.ts'
import { groupsReference, type GroupKernels } from './groups.ts'
import { internReference, type InternKernels } from './intern.ts'
import { jsonReference, type JsonKernels } from './json.ts'
import { keysReference, type KeyKernels } from './keys.ts'
import { lz4Reference, type Lz4Kernels } from './lz4.ts'
import { ndjsonReference, type NdjsonKernels } from './ndjson.ts'
import { partsReference, type PartKernels } from './parts.ts'
import { patternsReference, type PatternKernels } from './patterns.ts'
import { postingsReference, type PostingsKernels } from './postings.ts'
import { rowsReference, type RowKernels } from './rows.ts'
import { samplesReference, type SampleKernels } from './samples.ts'
import { searchReference, type SearchKernels } from './search.ts'
import { selectReference, type SelectKernels } from './select.ts'
import { statesReference, type StateKernels } from './states.ts'
import { stepsReference, type StepKernels } from './steps.ts'
import { storedStatesReference, type StoredStateKernels } from './stored-states.ts'
import { stringsReference, type StringKernels } from './strings.ts'
import { textHashesReference, type TextHashKernels } from './text-hashes.ts'
import { textsReference, type TextKernels } from './texts.ts'
import { windowsReference, type WindowKernels } from './windows.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** All kernels; each file beside this one declares its own and the reference that serves for it. */
export type Kernels = { readonly isCompiled: boolean }
  & AutomatonKernels
  & BitsKernels
  & CellKernels
  & CityHashKernels
  & BigKernels
  & CrcKernels
  & CsvKernels
  & DoubleKernels
  & GroupBitKernels
  & GroupKernels
  & InternKernels
  & JsonKernels
  & KeyKernels
  & Lz4Kernels
  & NdjsonKernels
  & PartKernels
  & PatternKernels
  & PostingsKernels
  & RowKernels
  & SampleKernels
  & SearchKernels
  & SelectKernels
  & StateKernels
  & StepKernels
  & StoredStateKernels
  & StringKernels
  & TextHashKernels
  & TextKernels
  & WindowKernels

/** Bytes of the compiled module: beside the bundle, or in dist/ when run from sources. */
export function kernelModuleBytes(): Uint8Array {
  for (const place of ['./kernels.wasm', '../../dist/kernels.wasm']) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (existsSync(file)) return readFileSync(file)
  }
  throw new Error('kernels.wasm is missing: run `npm run build`')
}

/** True unless PIPIT_KERNELS=off asks for plain TypeScript. */
export const kernelsWanted = (): boolean => process.env.PIPIT_KERNELS !== 'off'

/** Compiled once, on the main thread, and posted to the workers. */
export const compileKernels = (): WebAssembly.Module =>
  new WebAssembly.Module(kernelModuleBytes() as Uint8Array<ArrayBuffer>)

/** A memory that knows its kernels. */
type Bindable = KernelMemory & { kernels: Kernels | null }

/** Binds the kernels to a memory, which knows them from then on. `module` null: the references. */
export function bindKernels(module: WebAssembly.Module | null, work: Bindable): Kernels {
  work.kernels = kernelsOver(module, work)
  return work.kernels
}

/** The kernels over a memory, which hears nothing of them. */
export const kernelsOver = (module: WebAssembly.Module | null, work: KernelMemory): Kernels =>
  (module === null ? referenceKernels(work) : compiledKernels(module, work))

function compiledKernels(module: WebAssembly.Module, work: KernelMemory): Kernels {
  const instance = new WebAssembly.Instance(module, {
    env: { memory: work.memory, abort: () => { throw new Error('kernel aborted') } },
  })
  // Each kernel's type stands beside its reference, and its test runs both.
  return { ...(instance.exports as unknown as Kernels), isCompiled: true }
}

/** The plain TypeScript of every kernel over the same memory. */
export function referenceKernels(work: KernelMemory): Kernels {
  return {
    isCompiled: false,
    ...automatonReference(work),
    ...bitsReference(work),
    ...cellsReference(work),
    ...cityHashReference(work),
    ...bigsReference(work),
    ...crcReference(work),
    ...csvReference(work),
    ...doublesReference(work),
    ...groupBitsReference(work),
    ...groupsReference(work),
    ...internReference(work),
    ...jsonReference(work),
    ...keysReference(work),
    ...lz4Reference(work),
    ...ndjsonReference(work),
    ...partsReference(work),
    ...patternsReference(work),
    ...postingsReference(work),
    ...rowsReference(work),
    ...samplesReference(work),
    ...searchReference(work),
    ...selectReference(work),
    ...statesReference(work),
    ...stepsReference(work),
    ...storedStatesReference(work),
    ...stringsReference(work),
    ...textHashesReference(work),
    ...textsReference(work),
    ...windowsReference(work),
  }
}

/** Kernels for tests and single-threaded use: compiled unless PIPIT_KERNELS=off. */
export const loadKernels = (work: Bindable): Kernels =>
  bindKernels(kernelsWanted() ? compileKernels() : null, work)
