// printf: a format of C's with values in its places.
// Invariant: a letter takes values of its own kind only, as ClickHouse has it.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { textOfBytes } from '../../sql/raw-text.ts'
import { FunctionError } from '../values/function.ts'
import { isInteger, isString, numberInfo } from '../values/types.ts'

/** Flags, width, precision and letter of each place. */
export const PRINTF = /%([-+ #0]*)(\d*)(?:\.(\d*))?([a-zA-Z%])/g

export function printfText(format: string, values: readonly Value[], types: readonly DataType[]): string {
  let next = 0
  return format.replace(PRINTF, (all, flags: string, width: string, digits: string | undefined, letter: string) => {
    if (letter === '%') return '%'
    const at = next++
    const text = placed(letter, values[at], types[at], flags, digits === undefined ? null : Number(digits))
    if (text === null) {
      throw new FunctionError(`Bad format ${all} in function printf for a value of type ${types[at].name}`, 'BAD_ARGUMENTS')
    }
    return padded(text, Number(width), flags, isString(types[at]))
  })
}

/** One value; null where its type does not fit the letter. */
function placed(letter: string, value: Value, type: DataType, flags: string, digits: number | null): string | null {
  const isFloat = numberInfo(type)?.isFloat === true
  if (letter === 's') return isString(type) ? String(value).slice(0, digits ?? undefined) : null
  if ('feEgGFaA'.includes(letter)) return isFloat ? signed(floatText(letter, Number(value), digits ?? 6), flags) : null
  if (!isInteger(type)) return null
  const given = BigInt(value as number | bigint | boolean)
  const number = numberInfo(type)?.bytes === 8 ? BigInt.asIntN(64, given) : given
  const unsigned = BigInt.asUintN((numberInfo(type)?.bytes ?? 8) * 8, given)
  switch (letter) {
    case 'd': case 'i': return signed(number < 0n ? `-${(-number).toString().padStart(digits ?? 1, '0')}` : number.toString().padStart(digits ?? 1, '0'), flags)
    case 'u': return unsigned.toString().padStart(digits ?? 1, '0')
    case 'x': return (flags.includes('#') && unsigned !== 0n ? '0x' : '') + unsigned.toString(16).padStart(digits ?? 1, '0')
    case 'X': return (flags.includes('#') && unsigned !== 0n ? '0X' : '') + unsigned.toString(16).toUpperCase().padStart(digits ?? 1, '0')
    case 'o': return (flags.includes('#') ? '0' : '') + unsigned.toString(8).padStart(digits ?? 1, '0')
    case 'c': return textOfBytes(Uint8Array.of(Number(unsigned & 255n)))
    default: return null
  }
}

function floatText(letter: string, value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2')
  switch (letter) {
    case 'f': case 'F': return value.toFixed(digits)
    case 'e': return exponent(value.toExponential(digits))
    case 'E': return exponent(value.toExponential(digits)).toUpperCase()
    default: {
      const precision = digits === 0 ? 1 : digits
      const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(Number(value.toPrecision(precision)))))
      const text = power < -4 || power >= precision
        ? exponent(value.toExponential(precision - 1).replace(/\.?0+e/, 'e'))
        : value.toFixed(Math.max(0, precision - 1 - power)).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
      return letter === 'G' ? text.toUpperCase() : text
    }
  }
}

const signed = (text: string, flags: string): string =>
  (text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text)

function padded(text: string, width: number, flags: string, isText: boolean): string {
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0') || isText) return text.padStart(width)
  const sign = /^[+ -]?(0[xX])?/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}
