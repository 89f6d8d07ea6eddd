// What this machine can do, one thread, in the hour of the run: below it no engine gets on these cores.

import { createServer, connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { seededRandom } from '../generator.ts'

const MiB = 2 ** 20
/** More than any cache has. */
const READ_WORDS = 32 * MiB
/** Reads of words at random: as many of each size. */
const TOUCHES = 4 * MiB
const SENT_BYTES = 512 * MiB
const ROUNDS = 9

/** Sizes of memory that is touched at random: within a core's own cache, the shared one, beyond both. */
export const TOUCHED_BYTES: readonly number[] = [MiB / 4, MiB, 4 * MiB, 16 * MiB, 64 * MiB, 256 * MiB]

export type Limits = {
  /** Bytes a nanosecond, read in order. */
  readonly readBytes: number
  /** Nanoseconds of one of many independent reads of a word at random, for each of TOUCHED_BYTES. */
  readonly touchNs: readonly number[]
  /** Nanoseconds of CPU of both ends for a byte through a socket of this machine. */
  readonly socketNs: number
}

/** CPU of this process since `before`, in nanoseconds. */
function cpuNs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1e3
}

/** The least of some rounds, in nanoseconds of CPU a unit: what others do on the machine only adds. */
function least(units: number, work: () => number): number {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    if (Number.isNaN(work())) throw new Error('a sum is no number')
    best = Math.min(best, cpuNs(before) / units)
  }
  return best
}

/** Four sums beside each other, so that no addition waits for the one before. */
function sumInOrder(words: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < words.length; i += 4) {
    a += words[i]
    b += words[i + 1]
    c += words[i + 2]
    d += words[i + 3]
  }
  return a + b + c + d
}

function sumAt(words: Int32Array, places: Uint32Array): number {
  let [a, b] = [0, 0]
  for (let i = 0; i < places.length; i += 2) {
    a = a + words[places[i]] | 0
    b = b + words[places[i + 1]] | 0
  }
  return a + b
}

function touchNs(bytes: number): number {
  const random = seededRandom(7)
  const words = new Int32Array(bytes / 4).fill(1)
  const places = Uint32Array.from({ length: TOUCHES }, () => Math.floor(random() * words.length))
  return least(TOUCHES, () => sumAt(words, places))
}

/** Sends bytes to this process itself. */
async function socketNs(): Promise<number> {
  const piece = Buffer.alloc(MiB, 1)
  let arrived = 0
  const server = createServer((socket) => { socket.on('data', (chunk) => { arrived += chunk.length }) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // An address of TCP: the server listens on a port.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  const before = process.cpuUsage()
  for (let sent = 0; sent < SENT_BYTES; sent += piece.length) {
    if (!socket.write(piece)) await once(socket, 'drain')
  }
  while (arrived < SENT_BYTES) await new Promise((resolve) => { setImmediate(resolve) })
  const used = cpuNs(before)
  socket.destroy()
  server.close()
  return used / SENT_BYTES
}

export async function measureLimits(): Promise<Limits> {
  const words = new Float64Array(READ_WORDS).fill(1)
  return {
    readBytes: 8 / least(READ_WORDS, () => sumInOrder(words)),
    touchNs: TOUCHED_BYTES.map(touchNs),
    socketNs: await socketNs(),
  }
}

/** Nanoseconds of a read at random within so much memory, between the sizes that were measured. */
export function touchOf({ touchNs: known }: Limits, bytes: number): number {
  const above = TOUCHED_BYTES.findIndex((size) => size >= bytes)
  if (above <= 0) return above === 0 ? known[0] : known[known.length - 1]
  const share = Math.log2(bytes / TOUCHED_BYTES[above - 1]) / Math.log2(TOUCHED_BYTES[above] / TOUCHED_BYTES[above - 1])
  return known[above - 1] + share * (known[above] - known[above - 1])
}
