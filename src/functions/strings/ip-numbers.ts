// Internet addresses as numbers, bytes and texts, and the networks that they are in.
// Invariant: an IPv4 address in 16 bytes is ::ffff:a.b.c.d.

import {
  bareType, internType, isNullable, nullableOf, STRING, UINT32, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { byOwnValues, byValues } from '../base/by-values.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { badArgument, define, likeSource, numberReader } from '../base/define.ts'
import { bytesBy, bytesReader, stringsBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { ipv6Bytes } from '../values/ip-text.ts'
import { tryParse } from '../values/parse-value.ts'
import { ipv6Text } from '../values/text.ts'
import { isInteger, isString, tupleOf } from '../values/types.ts'
import { valueAt } from '../values/values.ts'

const IPV4 = internType('IPv4', 'IPv4')
const IPV6 = internType('IPv6', 'IPv6')

const FIXED16 = parseDataType('FixedString(16)')
const ZEROS = new Uint8Array(16)
const IPV4_MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255)

/** IPv4StringToNumOrNull and kin: NULL or 0 for what is no address. */
const numberOr = (suffix: 'OrNull' | 'OrDefault'): FunctionDef => byOwnValues(`IPv4StringToNum${suffix}`, [1, 1], (args) => {
  const [arg] = args
  if (!isString(bareType(arg.type))) throw badArgument(`IPv4StringToNum${suffix}`, 0, arg.type)
  return likeSource(args, suffix === 'OrNull' || isNullable(arg.type) ? nullableOf(UINT32) : UINT32)
}, ([text]) => (text === null ? null : tryParse(String(text), IPV4) ?? (suffix === 'OrNull' ? null : 0)))

/** The 16 bytes of a text: IPv4 is mapped. */
function bytesOfText(text: string): Uint8Array | null {
  const v4 = tryParse(text, IPV4)
  if (typeof v4 !== 'number') return ipv6Bytes(text)
  return mapped(v4)
}

const mapped = (v4: number): Uint8Array =>
  Uint8Array.of(...IPV4_MAPPED, v4 >>> 24, (v4 >>> 16) & 255, (v4 >>> 8) & 255, v4 & 255)

const v6Number = (suffix: '' | 'OrNull' | 'OrDefault'): FunctionDef => define(`IPv6StringToNum${suffix}`, [1, 1], (args) => {
  const [arg] = args
  if (!isString(bareType(arg.type))) throw badArgument(`IPv6StringToNum${suffix}`, 0, arg.type)
  return suffix === 'OrNull' ? likeSource(args, nullableOf(FIXED16)) : FIXED16
}, ([vector], type, rowCount, { account }) => {
  const out = new ByteBuilder(rowCount, account, rowCount * 16)
  const nulls = account.u8(rowCount).fill(0)
  for (let row = 0; row < rowCount; row++) {
    const text = valueAt(vector, row)
    const bytes = text === null ? null : bytesOfText(String(text))
    if (bytes === null && suffix === '') throw new FunctionError(`Invalid IPv6 value '${String(text)}'`, 'CANNOT_PARSE_IPV6')
    if (bytes === null) nulls[row] = 1
    out.slice(bytes ?? ZEROS, 0, 16)
    out.endRow()
  }
  return out.finish(type, suffix === 'OrNull' && nulls.includes(1) ? nulls : null)
}, { nulls: suffix === 'OrNull' ? 'own' : 'propagate', aliases: suffix === '' ? ['INET6_ATON'] : [] })

const v6ToString = define('IPv6NumToString', [1, 1], ([{ type }]) => {
  if (type !== IPV6 && !(type.id === 'FixedString' && type.length === 16)) throw badArgument('IPv6NumToString', 0, type)
  return STRING
}, ([vector], type, rowCount, context) => {
  const read = bytesReader(vector, context)
  return stringsBy(type, rowCount, context, (row) => ipv6Text(read(row), 0))
}, { aliases: ['INET6_NTOA'] })

/** An address, or first and last one of a network, as numbers. */
const wide = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const wideText = (value: bigint): string => ipv6Text(Buffer.from(value.toString(16).padStart(32, '0'), 'hex'), 0)

function isInRange(address: string, network: string): boolean {
  const [base, length] = network.split('/')
  const [a, b] = [address, base].map(bytesOfText)
  if (a === null || b === null || length === undefined) throw new FunctionError(`Invalid address or network: ${address}, ${network}`, 'BAD_ARGUMENTS')
  const isV4 = !base.includes(':')
  if (isV4 !== !address.includes(':')) return false
  const rest = BigInt((isV4 ? 32 : 128) - Number(length))
  return wide(a) >> rest === wide(b) >> rest
}

const range = (name: string, type: DataType, bits: number): FunctionDef => byValues(name, [2, 2], ([address, length]) => {
  if (address.type !== type && !isString(address.type) && !(type === IPV4 && isInteger(address.type))) throw badArgument(name, 0, address.type)
  if (!isInteger(length.type)) throw badArgument(name, 1, length.type)
  return tupleOf([type, type])
}, ([address, length]) => {
  const value = typeof address === 'number' ? BigInt(address) : wide(ipv6Bytes(String(address)) ?? ZEROS)
  const rest = BigInt(Math.max(0, bits - Math.max(0, Number(length))))
  const first = (value >> rest) << rest
  return [first, first + (1n << rest) - 1n].map((end) => (bits === 32 ? Number(end) : wideText(end)))
})

const cutIPv6 = define('cutIPv6', [3, 3], ([{ type }, ...counts]) => {
  if (type !== IPV6 && !(type.id === 'FixedString' && type.length === 16)) throw badArgument('cutIPv6', 0, type)
  counts.forEach((count, i) => { if (!isInteger(count.type)) throw badArgument('cutIPv6', i + 1, count.type) })
  return STRING
}, ([vector, ...counts], type, rowCount, context) => {
  const read = bytesReader(vector, context)
  return stringsBy(type, rowCount, context, (row) => {
    const bytes = read(row).slice()
    const isMapped = IPV4_MAPPED.every((byte, i) => bytes[i] === byte)
    bytes.fill(0, 16 - Number(valueAt(counts[isMapped ? 1 : 0], row)))
    return ipv6Text(bytes, 0)
  })
})

const MAC = /^([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2})$/i

export const IP_NUMBERS: readonly FunctionDef[] = [
  numberOr('OrNull'), numberOr('OrDefault'), v6Number(''), v6Number('OrNull'), v6Number('OrDefault'), v6ToString,
  define('IPv4ToIPv6', [1, 1], ([arg]) => {
    if (arg.type !== UINT32 && arg.type !== IPV4) throw badArgument('IPv4ToIPv6', 0, arg.type)
    return arg.type === IPV4 ? IPV6 : FIXED16
  }, ([vector], type, rowCount, context) => {
    const read = numberReader(vector)
    return bytesBy(type, rowCount, context, (row) => mapped(read(row)))
  }),
  byValues('IPv4NumToStringClassC', [1, 1], ([arg]) => {
    if (!isInteger(arg.type) && arg.type !== IPV4) throw badArgument('IPv4NumToStringClassC', 0, arg.type)
    return STRING
  }, ([value]) => {
    const ip = Number(value)
    return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.xxx`
  }),
  byValues('isIPAddressInRange', [2, 2], (args) => {
    args.forEach(({ type }, i) => {
      if (!isString(type) && (i > 0 || (type !== IPV4 && type !== IPV6))) throw badArgument('isIPAddressInRange', i, type)
    })
    return UINT8
  }, ([address, network]) => Number(isInRange(typeof address === 'number' ? wideText((0xffffn << 32n) | BigInt(address))
    .replace('::ffff:', '') : String(address), String(network)))),
  range('IPv4CIDRToRange', IPV4, 32), range('IPv6CIDRToRange', IPV6, 128), cutIPv6,
  byValues('MACNumToString', [1, 1], ([arg]) => {
    if (!isInteger(arg.type)) throw badArgument('MACNumToString', 0, arg.type)
    return STRING
  }, ([value]) => BigInt.asUintN(48, BigInt(value as number)).toString(16).padStart(12, '0').toUpperCase().replace(/..(?=.)/g, '$&:')),
  byValues('MACStringToNum', [1, 1], ([arg]) => {
    if (!isString(arg.type)) throw badArgument('MACStringToNum', 0, arg.type)
    return UINT64
  }, ([text]) => (MAC.test(String(text)) ? parseInt(String(text).replaceAll(':', ''), 16) : 0)),
]
