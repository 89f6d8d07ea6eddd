// The kernels that flush, merge and encoding stand on, beside their plain references: both over the same
// memory, answers compared before a time is printed.
//
//   node dist/store-kernels.js [rows]

import { fileURLToPath } from 'node:url'
import { bindKernels, compileKernels, referenceKernels, type Kernels } from '../storage/kernels/load.ts'
import { SORT_COUNTS_BYTES } from '../storage/kernels/rows.ts'
import { MemoryAccount, WorkMemory } from '../storage/kernels/work-memory.ts'
import { seededRandom } from './generator.ts'

const REPEATS = 5
const SLOTS_MAX = 8

type Work = { readonly name: string; readonly run: (kernels: Kernels) => void; readonly answer: () => Uint8Array }

/** Strings end to end in work memory. */
function place(account: MemoryAccount, texts: readonly string[]) {
  const offsets = account.u32(texts.length + 1)
  const bytes = account.u8(texts.reduce((sum, text) => sum + text.length, 0))
  let at = 0
  texts.forEach((text, i) => {
    offsets[i] = at
    bytes.set(Buffer.from(text, 'latin1'), at)
    at += text.length
  })
  offsets[texts.length] = at
  return { offsets: offsets.byteOffset, bytes: bytes.byteOffset, length: at }
}

const viewOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice()

function works(account: MemoryAccount, rows: number): Work[] {
  const random = seededRandom(7)
  const numbers = account.u32(rows)
  for (let i = 0; i < rows; i++) numbers[i] = random() * 2 ** 32
  const order = account.u32(rows)
  const sorted = account.u32(rows)
  for (let i = 0; i < rows; i++) order[i] = random() * rows
  const [pairs, spare, counts] = [account.f64(rows), account.f64(rows), account.u8(SORT_COUNTS_BYTES)]
  const json = place(account, Array.from(numbers, (n, i) => `{"tier":"${n % 3 === 0 ? 'pro' : 'free'}","n":${i},"ms":${n % 1000},"note":"said so"}`))
  const serial = place(account, Array.from(numbers, (n) => `evt_${n}`))
  const uuids = place(account, Array.from(numbers, (n) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-00000000abcd`))
  const [words, lengths, frameOffsets] = [account.u32(rows), account.u32(rows + 1), account.u32(rows + 1)]
  const taken = account.u8(json.length * 2)
  const frames = account.u8(json.length)
  const slots = account.u32(rows * SLOTS_MAX)
  const packed = account.u8(rows * 16)
  const ends = account.f64(2)
  return [
    {
      name: 'sort rows by 32 bits', answer: () => viewOf(sorted),
      run: ({ sortRows }) => {
        for (let i = 0; i < rows; i++) sorted[i] = i
        sortRows(numbers.byteOffset, 32, sorted.byteOffset, rows, pairs.byteOffset, spare.byteOffset, counts.byteOffset)
      },
    },
    {
      name: 'take words by row', answer: () => viewOf(words),
      run: ({ takeWords }) => takeWords(numbers.byteOffset, order.byteOffset, rows, words.byteOffset),
    },
    {
      name: 'take strings by row', answer: () => viewOf(lengths),
      run: ({ takeLengths, takeStrings }) => {
        takeLengths(json.offsets, order.byteOffset, rows, lengths.byteOffset)
        takeStrings(json.offsets, json.bytes, order.byteOffset, rows, lengths.byteOffset, taken.byteOffset)
      },
    },
    {
      name: 'numbers out of texts', answer: () => viewOf(frameOffsets),
      run: ({ splitTexts }) => {
        splitTexts(json.offsets, json.bytes, 0, rows, 0, frameOffsets.byteOffset, frames.byteOffset, slots.byteOffset, rows, SLOTS_MAX)
      },
    },
    {
      name: 'serial strings to numbers', answer: () => viewOf(words),
      run: ({ readSerials }) => { readSerials(serial.offsets, serial.bytes, 0, rows, 4, 0, words.byteOffset, sorted.byteOffset) },
    },
    {
      name: 'UUIDs to 16 bytes', answer: () => viewOf(packed),
      run: ({ packUuids }) => { packUuids(uuids.offsets, uuids.bytes, rows, packed.byteOffset) },
    },
    {
      name: 'least and greatest string', answer: () => viewOf(ends),
      run: ({ stringEnds }) => stringEnds(serial.offsets, serial.bytes, 0, rows, ends.byteOffset),
    },
    {
      name: 'least and greatest number', answer: () => viewOf(ends),
      run: ({ wordEnds }) => wordEnds(numbers.byteOffset, rows, ends.byteOffset),
    },
  ]
}

/** CPU time of one call, the middle of several. */
function timed(run: () => void): number {
  run()
  const times = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return times.sort((a, b) => a - b)[REPEATS >> 1]
}

/** Prints the table. Throws where a kernel answers otherwise than its reference. */
export function run(rows = 200_000): void {
  const work = new WorkMemory(1024 * 2 ** 20)
  const compiled = bindKernels(compileKernels(), work)
  const plain = referenceKernels(work)
  for (const { name, run: act, answer } of works(new MemoryAccount(work, work.buffer.byteLength), rows)) {
    act(plain)
    const wanted = answer()
    act(compiled)
    if (Buffer.compare(wanted, answer()) !== 0) throw new Error(`bench: ${name}: the kernel differs from its reference`)
    const [kernelMs, plainMs] = [timed(() => act(compiled)), timed(() => act(plain))]
    console.log(`${name.padEnd(28)}${kernelMs.toFixed(1).padStart(8)} ms${plainMs.toFixed(1).padStart(9)} ms plain`
      + `${(plainMs / kernelMs).toFixed(1).padStart(7)}x`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(Number(process.argv[2] ?? 200_000))
