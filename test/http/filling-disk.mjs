// Loaded before the server (--import), in each of its threads: while the file PIPIT_TEST_DISK_FULL is there,
// files in the store's folder take half of a write and then fail with ENOSPC, as a disk does that fills up.

import fs from 'node:fs'
import { open } from 'node:fs/promises'

const { PIPIT_TEST_DISK_FULL: sign, PIPIT_TEST_DISK: folder } = process.env
const isFull = (fd) => {
  if (fd <= 2 || !fs.existsSync(sign)) return false
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
  } catch {
    return process.platform !== 'linux'
  }
}
const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28, syscall: 'write' })
const halves = new Set()
/** True: half of this write still fits; false: nothing does. */
const takesHalf = (fd) => {
  if (halves.delete(fd)) return false
  halves.add(fd)
  return true
}

const { writeSync } = fs
fs.writeSync = (fd, data, ...rest) => {
  if (!(data instanceof Uint8Array) || !isFull(fd)) return writeSync(fd, data, ...rest)
  const [offset = 0, length = data.length - offset, position = null] = rest
  if (length < 2 || !takesHalf(fd)) throw noSpace()
  return writeSync(fd, data, offset, length >> 1, position)
}

const handle = await open(new URL(import.meta.url), 'r')
const prototype = Object.getPrototypeOf(handle)
await handle.close()
const { write, writev } = prototype
prototype.write = async function full(data, offset, length, position) {
  if (!(data instanceof Uint8Array) || !isFull(this.fd)) return await write.call(this, data, offset, length, position)
  if (!(length >= 2) || !takesHalf(this.fd)) throw noSpace()
  return await write.call(this, data, offset, length >> 1, position)
}
prototype.writev = async function full(chunks, position) {
  if (!isFull(this.fd)) return await writev.call(this, chunks, position)
  const [first] = chunks
  if (first === undefined || first.length < 2 || !takesHalf(this.fd)) throw noSpace()
  return await writev.call(this, [first.subarray(0, first.length >> 1)], position)
}
