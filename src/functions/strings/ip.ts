// Internet addresses: text of IPv6 to its 16 bytes in network order, and the functions around both kinds.
// Invariant: an IPv4 address in an IPv6 column is ::ffff:a.b.c.d.

import {
  bareType, isNullable, internType, nullableOf, STRING, UINT32, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castVector, type OnBadText } from '../values/cast.ts'
import { anyOrDefault } from '../base/conversion.ts'
import { badArgument, define, likeSource } from '../base/define.ts'
import type { EvalContext, FunctionDef } from '../values/function.ts'
import { ipv6Bytes } from '../values/ip-text.ts'
import { tryParse } from '../values/parse-value.ts'
import { isInteger, isString } from '../values/types.ts'
import { valueAt } from '../values/values.ts'
import { newNumbers, numberVector, slotOf } from '../values/vectors.ts'

const IPV4 = internType('IPv4', 'IPv4')
const IPV6 = internType('IPv6', 'IPv6')

/** toIPv4 and toIPv6 with their ways to take text that is no address. */
function conversions(name: string, type: DataType): FunctionDef[] {
  const check = (suffix: string, from: DataType): void => {
    const isFine = isString(from) || from === type || (suffix === '' && isFrom(from, type))
    if (!isFine) throw badArgument(`${name}${suffix}`, 0, from)
  }
  const one = (suffix: string, onBad: OnBadText): FunctionDef => define(`${name}${suffix}`, [1, 1],
    ([arg]) => {
      check(suffix, arg.type)
      return type
    },
    ([vector], to, _rowCount, context) => castVector(vector, to, context, onBad))
  // What does not fit becomes NULL in text that may be NULL, so these see NULLs as they are.
  const nullable = (suffix: string): FunctionDef => define(`${name}${suffix}`, [1, 1], (args) => {
    const [arg] = args
    if (bareType(arg.type).id === 'Nothing') return suffix === '' ? arg.type : nullableOf(type)
    check(suffix, bareType(arg.type))
    return likeSource(args, suffix === '' && !isNullable(arg.type) ? type : nullableOf(type))
  }, ([vector], to, _rowCount, context) =>
    castVector(vector, to, context, isNullable(to) && isString(bareType(vector.type)) ? 'null' : 'throw'), { nulls: 'own' })
  return [nullable(''), nullable('OrNull'), one('OrZero', 'default'), anyOrDefault(name, type, (from) => isString(from) || from === IPV4 || from === IPV6)]
}

const isFrom = (from: DataType, to: DataType): boolean =>
  (to === IPV4 ? isInteger(from) || from === IPV6 : from === IPV4)

/** 1 where a text is an address of the type. */
const isText = (name: string, test: (text: string) => boolean): FunctionDef => define(name, [1, 1],
  ([arg]) => {
    if (!isString(arg.type)) throw badArgument(name, 0, arg.type)
    return UINT8
  },
  ([vector], _type, rowCount, { account }) => {
    const out = account.u8(rowCount)
    for (let row = 0; row < rowCount; row++) out[row] = test(String(valueAt(vector, row))) ? 1 : 0
    return numberVector(UINT8, out)
  })

const isIPv4 = (text: string): boolean => typeof tryParse(text, IPV4) === 'number'

function ipv4ToText([vector]: readonly Vector[], rowCount: number, { account }: EvalContext): Vector {
  const out = new ByteBuilder(rowCount, account, rowCount * 15)
  for (let row = 0; row < rowCount; row++) {
    const ip = Number(valueAt(vector, row))
    out.text(`${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`)
    out.endRow()
  }
  return out.finish(STRING)
}

const numToString = define('IPv4NumToString', [1, 1], ([arg]) => {
  const { id } = bareType(arg.type)
  if (!['Bool', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'IPv4'].includes(id)) throw badArgument('IPv4NumToString', 0, arg.type)
  return STRING
}, (args, _type, rowCount, context) => ipv4ToText(args, rowCount, context), { aliases: ['INET_NTOA'] })

const stringToNum = define('IPv4StringToNum', [1, 1], ([arg]) => {
  if (!isString(arg.type)) throw badArgument('IPv4StringToNum', 0, arg.type)
  return UINT32
}, ([vector], _type, rowCount, context) => {
  const addresses = castVector(vector, IPV4, context)
  const out = newNumbers(UINT32, rowCount, context.account)
  if (addresses.kind === 'number') {
    for (let row = 0; row < rowCount; row++) out[row] = addresses.values[slotOf(addresses, row)]
  }
  return numberVector(UINT32, out)
}, { aliases: ['INET_ATON'] })

export const IP: readonly FunctionDef[] = [
  ...conversions('toIPv4', IPV4), ...conversions('toIPv6', IPV6), numToString, stringToNum,
  isText('isIPv4String', isIPv4), isText('isIPv6String', (text) => text.includes(':') && ipv6Bytes(text) !== null),
]
