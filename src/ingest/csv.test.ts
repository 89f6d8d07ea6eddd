import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cellOf, COMMA, csvToJson, firstRecord, RecordSplitter, type CsvColumn } from './csv.ts'

const COLUMNS: readonly CsvColumn[] = [
  { name: 'n', cell: 'number', isNullable: false }, { name: 's', cell: 'string', isNullable: false },
  { name: 'a', cell: 'json', isNullable: false }, { name: 'm', cell: 'string', isNullable: true },
]
const rowsOf = (csv: string, columns = COLUMNS, dialect = COMMA) =>
  Buffer.from(csvToJson(Buffer.from(csv), columns, dialect)).toString().split('\n').filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

it('turns cells into the values of their columns', () => {
  expect(rowsOf('1,abc,"[1,2]",x\n-2.5e3,"a ""b""\nc","[\'p\',\'q\']",\n')).toEqual([
    { n: 1, s: 'abc', a: [1, 2], m: 'x' }, { n: -2500, s: 'a "b"\nc', a: ['p', 'q'] },
  ])
})

it('leaves out empty cells that are no strings, and keeps what is no number for the kernel to name', () => {
  expect(rowsOf(',,,\n12x,"",,"0"')).toEqual([{ s: '' }, { n: '12x', s: '', m: '0' }])
})

it('takes other delimiters, Windows line ends, short and long records', () => {
  expect(rowsOf('1;a\r\n2;b;[3];c;d;e\r\n', COLUMNS, { delimiter: 59, quote: 39, escape: -1 })).toEqual([
    { n: 1, s: 'a' }, { n: 2, s: 'b', a: [3], m: 'c' },
  ])
})

it('takes quotes within cells as they are, and escapes where the dialect has them', () => {
  expect(rowsOf('1,5" wide\n2,b\n')).toEqual([{ n: 1, s: '5" wide' }, { n: 2, s: 'b' }])
  expect(new RecordSplitter(COMMA).endOf(Buffer.from('1,5" wide\n2,b'), 0)).toBe(10)
  const escaping = { ...COMMA, escape: 92 }
  expect(rowsOf('1,"a \\" \\\\ b",[],x\n', COLUMNS, escaping)).toEqual([{ n: 1, s: 'a " \\ b', a: [], m: 'x' }])
  const splitter = new RecordSplitter(escaping)
  expect(splitter.endOf(Buffer.from('1,"a \\'), 0)).toBe(0)
  expect(splitter.endOf(Buffer.from('1,"a \\"\n",x\n'), 6)).toBe(12)
})

it('keeps the digits of large numbers', () => {
  expect(Buffer.from(csvToJson(Buffer.from('18446744073709551615,x'), COLUMNS, COMMA)).toString())
    .toBe('{"n":18446744073709551615,"s":"x"}\n')
})

it('knows what a type\'s cells become', () => {
  expect(['Nullable(UInt8)', 'LowCardinality(Nullable(String))', 'Array(String)', 'DateTime', 'Decimal(9, 2)'].map(cellOf))
    .toEqual(['number', 'string', 'json', 'string', 'number'])
})

it('reads back any strings that are written as CSV, cut anywhere', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\r', ''))
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), fc.nat(), (rows, cut) => {
    const columns: CsvColumn[] = [{ name: 'a', cell: 'string', isNullable: false }, { name: 'b', cell: 'string', isNullable: false }]
    const csv = Buffer.from(rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\n') + '\n')
    expect(rowsOf(csv.toString(), columns)).toEqual(rows.map(([a, b]) => ({ a, b })))
    expect(firstRecord(csv, COMMA)).toEqual(rows[0])
    const splitter = new RecordSplitter(COMMA)
    const at = cut % (csv.length + 1)
    const end = splitter.endOf(csv.subarray(0, at), 0)
    const whole = rowsOf(csv.subarray(0, end).toString(), columns)
    expect(whole).toEqual(rows.slice(0, whole.length).map(([a, b]) => ({ a, b })))
    expect(splitter.endOf(csv.subarray(end), at - end)).toBe(csv.length - end)
  }))
})
