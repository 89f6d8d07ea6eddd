import { expect, it } from 'vitest'
import { cellOf, COMMA, csvColumnOf, csvToJson, dialectOf, firstRecord, isHeading, recordEnd, type CsvColumn } from './csv.ts'

const COLUMNS: readonly CsvColumn[] = [
  csvColumnOf('n', 'Float64'), csvColumnOf('s', 'String'), csvColumnOf('a', 'Array(String)'), csvColumnOf('m', 'Nullable(String)'),
]
const rowsOf = (csv: string, columns = COLUMNS, dialect = COMMA) =>
  Buffer.from(csvToJson(Buffer.from(csv), columns, dialect)).toString().split('\n').filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

it('turns cells into the values of their columns', () => {
  expect(rowsOf('1,abc,"[1,2]",x\n-2.5e3,"a ""b""\nc","[\'p\',\'q\']",\n')).toEqual([
    { n: 1, s: 'abc', a: [1, 2], m: 'x' }, { n: -2500, s: 'a "b"\nc', a: ['p', 'q'] },
  ])
})

it('leaves out empty cells that are no strings, and keeps what is no number for the judge to name', () => {
  expect(rowsOf(',,,\n12x,"",,"0"\n1,\\N,,\\N')).toEqual([{ s: '' }, { n: '12x', s: '', m: '0' }, { n: 1, s: '\\N' }])
})

it('takes other delimiters, Windows line ends, short and long records', () => {
  expect(rowsOf('1;a\r\n2;b\r;[3];c;d;e\r\n', COLUMNS, { delimiter: 59, quote: 39, escape: -1 })).toEqual([
    { n: 1, s: 'a' }, { n: 2, s: 'b\r', a: [3], m: 'c' },
  ])
})

it('takes quotes within cells as they are, and escapes where the dialect has them', () => {
  expect(rowsOf('1,5" wide\n2,b\n')).toEqual([{ n: 1, s: '5" wide' }, { n: 2, s: 'b' }])
  const escaping = { ...COMMA, escape: 92 }
  expect(rowsOf('1,"a \\" \\\\ b",[],x\n', COLUMNS, escaping)).toEqual([{ n: 1, s: 'a " \\ b', a: [], m: 'x' }])
  expect(firstRecord(Buffer.from('a,"b,\nc"\nd'), COMMA)).toEqual(['a', 'b,\nc'])
  expect(recordEnd(Buffer.from('a,"b,\nc"\nd'), 0, COMMA)).toBe(8)
})

it('finds the delimiter by which the first record is of the columns, a comma where no other one is', () => {
  const found = (csv: string) => String.fromCharCode(dialectOf(Buffer.from(csv), ['id', 'name', 'at']).delimiter)
  expect(['id,name', 'id;name\n1;a', '"id";"name"\n1;"a"', 'name|other', '1\ta,b\t2024-01-01', '1;a', 'id', '"a;b"', ''].map(found))
    .toEqual([',', ';', ';', '|', ',', ',', ',', ',', ','])
  expect(found('1\ta\t2024-01-01')).toBe('\t')
  expect(dialectOf(Buffer.from('a;b\n'), ['text'])).toBe(COMMA)
})

it('keeps the digits of large numbers', () => {
  expect(Buffer.from(csvToJson(Buffer.from('18446744073709551615,x,[18446744073709551615]'), COLUMNS, COMMA)).toString())
    .toBe('{"n":18446744073709551615,"s":"x","a":[18446744073709551615]}\n')
})

it('knows what a type\'s cells become', () => {
  expect(['Nullable(UInt8)', 'LowCardinality(Nullable(String))', 'Array(String)', 'DateTime', 'Decimal(9, 2)'].map(cellOf))
    .toEqual(['number', 'string', 'json', 'string', 'number'])
})

it('takes a record that names a column for a heading, unless it is a row of which a text is spelt as a column is', () => {
  const columns = [['id', 'Nullable(UInt64)'], ['kind', 'String'], ['at', 'DateTime']].map(([name, type]) => ({ name, type }))
  const headings = [['id', 'kind', 'at'], ['kind'], ['x', 'kind', '1st'], ['kind', '7', 'at'], ['1', 'kind'], ['1', 'kind', '', 'x'], ['', ' kind ', '\\N']]
  for (const cells of headings) expect([cells, isHeading(cells, columns)]).toEqual([cells, true])
  const rows = [['1', 'kind', '2024-01-01'], ['', 'id', '2024-01-01'], ['-5', 'at', '\\N'], ['1', 'x', '2'], ['a', 'b', 'c']]
  for (const cells of rows) expect([cells, isHeading(cells, columns)]).toEqual([cells, false])
})
