// Small files that the server keeps in its data folder (tokens, variables, its id): after a crash or a loss of
// power a file is as it was before or after a change, never empty or half.

import fs from 'node:fs'
import { dirname } from 'node:path'
import { HttpError } from './answer.ts'

/** Replaces a file, which only its owner may read; durable when it returns. Throws 507 where the disk takes
 * no writes, else what it says. */
export function keepFile(file: string, text: string): void {
  try {
    replace(file, text)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw ['ENOSPC', 'EDQUOT', 'EROFS'].includes(code) ? new HttpError(507, `Nothing was changed: the disk takes no writes (${message})`) : error
  }
}

function replace(file: string, text: string): void {
  const temporary = `${file}.tmp`
  const fd = fs.openSync(temporary, 'w', 0o600)
  try {
    fs.fchmodSync(fd, 0o600) // one that was left there may have others
    fs.writeFileSync(fd, text)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
  fs.renameSync(temporary, file)
  syncFolder(dirname(file))
}

/** Makes the names in a folder durable. */
export function syncFolder(path: string): void {
  const folder = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(folder)
  } finally {
    fs.closeSync(folder)
  }
}
