// AES: encrypt, decrypt, tryDecrypt and MySQL's forms of them, by Node's own cipher.
// Invariant: the mode is a constant; a wrong key, IV or text is an error, NULL under tryDecrypt.

import { createCipheriv, createDecipheriv, type CipherGCMTypes } from 'node:crypto'
import { nullableOf, STRING } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { constantInfo, constantOf, define, expectTypes } from '../base/define.ts'
import { bytesBy, bytesReader } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { isString } from '../values/types.ts'

const MODE = /^aes-(128|192|256)-(ecb|cbc|ofb|ctr|gcm)$/
const MYSQL_MODE = /^aes-(128|192|256)-(ecb|cbc|ofb)$/
const BLOCK = 16
const GCM_IV = 12
const TAG = 16

const bad = (text: string): FunctionError => new FunctionError(text, 'BAD_ARGUMENTS')

type Mode = { readonly name: string; readonly keyBytes: number; readonly kind: string; readonly isMysql: boolean }

function modeOf(text: string, isMysql: boolean): Mode {
  const match = (isMysql ? MYSQL_MODE : MODE).exec(text.toLowerCase())
  if (match === null) throw bad(`Invalid mode: ${text}`)
  return { name: text.toLowerCase(), keyBytes: Number(match[1]) / 8, kind: match[2], isMysql }
}

/** MySQL folds a longer key into the bytes that the cipher takes. */
function keyOf(key: Uint8Array, { keyBytes, isMysql }: Mode): Uint8Array {
  if (key.length === keyBytes) return key
  if (!isMysql || key.length < keyBytes) throw bad(`Invalid key size: ${key.length} expected ${keyBytes}`)
  const folded = new Uint8Array(keyBytes)
  key.forEach((byte, i) => { folded[i % keyBytes] ^= byte })
  return folded
}

/** The IV as the cipher takes it; null for none. Without one it is zeros, but never for GCM. */
function ivOf(iv: Uint8Array, { kind, isMysql }: Mode): Uint8Array | null {
  if (kind === 'ecb') return null
  if (kind === 'gcm') {
    if (iv.length === 0) throw bad(`Invalid IV size 0 != expected size ${GCM_IV}`)
    return iv
  }
  if (iv.length === 0) return new Uint8Array(BLOCK)
  if (iv.length < BLOCK || (iv.length > BLOCK && !isMysql)) throw bad(`Invalid IV size: ${iv.length} expected ${BLOCK}`)
  return iv.subarray(0, BLOCK)
}

type Work = (text: Uint8Array, key: Uint8Array, iv: Uint8Array | null, mode: Mode, extra: Uint8Array) => Uint8Array

const encrypted: Work = (text, key, iv, { name, kind }, extra) => {
  if (kind !== 'gcm') {
    const cipher = createCipheriv(name, key, iv)
    return Buffer.concat([cipher.update(text), cipher.final()])
  }
  const cipher = createCipheriv(name as CipherGCMTypes, key, iv as Uint8Array)
  if (extra.length > 0) cipher.setAAD(extra)
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

const decrypted: Work = (text, key, iv, { name, kind }, extra) => {
  if (kind !== 'gcm') {
    const decipher = createDecipheriv(name, key, iv)
    return Buffer.concat([decipher.update(text), decipher.final()])
  }
  if (text.length < TAG) throw new FunctionError('Cannot decrypt: the text is shorter than its tag', 'OPENSSL_ERROR')
  const decipher = createDecipheriv(name as CipherGCMTypes, key, iv as Uint8Array, { authTagLength: TAG })
  if (extra.length > 0) decipher.setAAD(extra)
  decipher.setAuthTag(text.subarray(text.length - TAG))
  return Buffer.concat([decipher.update(text.subarray(0, text.length - TAG)), decipher.final()])
}

/** One row's bytes; null where the cipher refuses them. */
function worked(work: Work, text: Uint8Array, key: Uint8Array, iv: Uint8Array, mode: Mode, extra: Uint8Array): Uint8Array | null {
  const [own, start] = [keyOf(key, mode), ivOf(iv, mode)]
  try {
    // An empty text has no padding that could be taken off.
    return work === decrypted && text.length === 0 ? text : work(text, own, start, mode, extra)
  } catch {
    return null
  }
}

const NONE = new Uint8Array(0)

function check(name: string, args: readonly ArgInfo[], isMysql: boolean): void {
  expectTypes(name, args, isString)
  const { kind } = modeOf(String(constantInfo(name, args, 0)), isMysql)
  if (args.length > 4 && kind !== 'gcm') throw bad('AAD can be only set for GCM-mode')
  if (args.length > 3 && kind === 'ecb') throw bad(`Function ${name} does not support initialization vectors for ECB mode`)
}

function rowsOf(
  name: string, args: readonly Vector[], isMysql: boolean, work: Work, context: EvalContext,
): (row: number) => Uint8Array | null {
  const mode = modeOf(String(constantOf(name, args, 0)), isMysql)
  const [text, key, iv, extra] = args.slice(1).map((arg) => bytesReader(arg, context))
  return (row) => worked(work, text(row), key(row), iv?.(row) ?? NONE, mode, extra?.(row) ?? NONE)
}

const cipher = (name: string, most: number, isMysql: boolean, work: Work): FunctionDef =>
  define(name, [3, most], (args) => {
    check(name, args, isMysql)
    return STRING
  }, (args, type, rowCount, context) => {
    const read = rowsOf(name, args, isMysql, work, context)
    return bytesBy(type, rowCount, context, (row) => {
      const bytes = read(row)
      if (bytes !== null) return bytes
      throw new FunctionError(`Cannot ${work === encrypted ? 'en' : 'de'}crypt`, 'OPENSSL_ERROR')
    })
  })

const tryDecrypt = define('tryDecrypt', [3, 5], (args) => {
  check('tryDecrypt', args, false)
  return nullableOf(STRING)
}, (args, type, rowCount, context) => {
  const read = rowsOf('tryDecrypt', args, false, decrypted, context)
  const nulls = context.account.u8(rowCount).fill(0)
  const texts = bytesBy(STRING, rowCount, context, (row) => {
    const bytes = read(row)
    if (bytes === null) nulls[row] = 1
    return bytes ?? NONE
  })
  return { ...texts, type, nulls }
})

export const ENCRYPTION: readonly FunctionDef[] = [
  cipher('encrypt', 5, false, encrypted), cipher('decrypt', 5, false, decrypted), tryDecrypt,
  cipher('aes_encrypt_mysql', 4, true, encrypted), cipher('aes_decrypt_mysql', 4, true, decrypted),
]
