import { afterEach, expect, it, vi } from 'vitest'
import { codecReady, codecs } from './parquet-codecs.ts'

afterEach(() => vi.unstubAllGlobals())

it('unpacks ZSTD without fetch(), which loads an HTTP client in each thread', async () => {
  const fetch = vi.fn(() => Promise.reject(new Error('fetched')))
  vi.stubGlobal('fetch', fetch)
  await codecReady('ZSTD')
  expect(globalThis.fetch).toBe(fetch)
  expect(fetch).not.toHaveBeenCalled()
  // A frame of one raw block.
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, 0x19, 0, 0, 97, 98, 99)
  expect(Buffer.from(codecs.ZSTD(frame, 3)).toString()).toBe('abc')
})
