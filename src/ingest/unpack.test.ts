import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { BodyTooLarge, openBody } from './unpack.ts'

const open = (bytes: Uint8Array, bytesMax: number) => new Promise<Uint8Array | Error>((resolve) => {
  openBody({ bytes, format: 'ndjson', gzip: true }, bytesMax, resolve)
})

const MiB = 2 ** 20
const text = (bytes: number) => Buffer.alloc(bytes, 'some text of a body\n')

it('unpacks small and large bodies, several members of them, and what follows an odd end', async () => {
  for (const bytes of [0, 1, 1000, 3 * MiB]) {
    expect(Buffer.compare(await open(gzipSync(text(bytes)), 4 * MiB) as Uint8Array, text(bytes))).toBe(0)
  }
  const noise = Buffer.from(Array.from({ length: 100_000 }, () => Math.floor(Math.random() * 256)))
  const members = Buffer.concat([gzipSync(noise), gzipSync(text(2 * MiB)), gzipSync(text(10))])
  const opened = await Promise.all([open(members, 4 * MiB), open(gzipSync(noise), 4 * MiB)])
  expect(Buffer.compare(opened[0] as Uint8Array, Buffer.concat([noise, text(2 * MiB), text(10)]))).toBe(0)
  expect(Buffer.compare(opened[1] as Uint8Array, noise)).toBe(0)
  const heavy = Buffer.concat([gzipSync(text(2 * MiB)), gzipSync('')]) // small, by what its last member says
  expect(Buffer.compare(await open(heavy, 4 * MiB) as Uint8Array, text(2 * MiB))).toBe(0)
  const padded = Buffer.concat([gzipSync(noise), Buffer.alloc(512)]) // its end says nothing
  expect(Buffer.compare(await open(padded, 4 * MiB) as Uint8Array, noise)).toBe(0)
})

it('refuses what unpacks to more than is allowed, by what it says or by what comes', async () => {
  const honest = gzipSync(text(3 * MiB))
  expect(await open(honest, MiB)).toBeInstanceOf(BodyTooLarge)
  const modest = Buffer.from(honest)
  modest.writeUInt32LE(5, modest.length - 4) // a lie at its end
  expect(await open(modest, MiB)).toBeInstanceOf(BodyTooLarge)
  expect(await open(modest, 4 * MiB)).toMatchObject({ message: expect.stringMatching(/not valid gzip/) as string })
  expect(await open(honest.subarray(0, honest.length / 2), 4 * MiB)).toMatchObject({ message: expect.stringMatching(/not valid gzip/) as string })
  expect(await open(Buffer.concat([honest, gzipSync('')]), 2 * MiB)).toBeInstanceOf(BodyTooLarge)
  expect(await open(Buffer.concat([gzipSync(text(5000)), gzipSync('')]), 1000)).toBeInstanceOf(BodyTooLarge)
  expect(await open(gzipSync(text(100)), MiB)).toBeInstanceOf(Uint8Array) // one bad body does not stop the next
})
