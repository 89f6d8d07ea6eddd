// JSON functions answer as ClickHouse does for whole columns: good documents, and every way that bytes
// can fail to be one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../../../test/oracle/oracle.ts'
import { differing, type ColumnCall } from '../column.harness.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())
const ask = (sql: string, format: string) => oracle.query(sql, format)

const around = (inside: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('{"b":"'), Buffer.from(inside), Buffer.from('","a":1}')])

const DOCUMENTS = [
  '{"a":1,"b":tru}', '{"a":1,}', '{"a":1', '{"a":01}', '{"a":1.}', '{"a":+1}', '{"a":-}', '{"a":1e999}', '{"a":123456789012345678901234567890}',
  '{"b":123456789012345678901234567890,"a":1}', '{"b":1e999,"a":1}', '{"b":-9223372036854775809,"a":1}', '{"b":18446744073709551616,"a":1}',
  '{"b":-0,"a":1}', '{"b":1e5,"a":1}', '{"b":1E+5,"a":1}', '{"b":.5,"a":1}', '{"b":1.5.2,"a":1}', '{"a":1} x', ' {"a":1} ', '{"a":1}\n', '', '1',
  '"x"', 'null', '[1,2]', '[1,2,]', '{"b":"\\ud800","a":1}', '{"b":"\\ud83d\\ude00","a":1}', '{"b":"\\udc00","a":1}', '{"b":"\\ud800\\u0041","a":1}',
  '{"b":"\\x","a":1}', '{"b":"\\u12","a":1}', '{"b":"\\u12g4","a":1}', '{"b":"tab\there","a":1}', '{"b":"nl\nhere","a":1}', '{"\\u0061":1}',
  '{"a":1,"a":2}', '{"a":{"x":1},"a":3}', '{"a":"1"}', '{"a":"1.5"}', '{"a":" 1"}', '{"a":"1x"}', '{"a":"0x1"}', '{"a":true}', '{"a":null}',
  '{"a":[1]}', '{"a":1.9}', '{"a":-1.9}', '{"a":1e3}', '{"a":1e30}', '{"a":-5}', '{"a":18446744073709551615}', '{"a":9223372036854775807}',
  '{"a":9223372036854775808}', '{"a":0.1}', '{"a":1e-400}', '{"a":123456789012345678}', '{"a":0.30000000000000004}', '{"a":1.7976931348623157e308}',
  '{"a": "x" , "b" : [ 1 , { "c" : 2 } ] }', '{"a" 1}', '{a:1}', "{'a':1}", '{"a":1 "b":2}', '[1 2]', '{"b":truex,"a":1}', '{"b":nul,"a":1}',
  '{"b":NaN,"a":1}', '{"a":1}}', '{"b":[}', '{"b":[1}],"a":1}', '{"a":"é"}', '{"a":"\\u00e9"}', '{"a":"\\n\\t\\"\\/"}', '\ufeff{"a":1}', '{"a":1}\0',
  '{"b":"\0","a":1}', '{"b":"\\u0000","a":"\\u0000x"}', '{"":5}', '{"a":""}', '{"a":"inf"}', '{"a":"true"}', '{"a":false}', '{"b":"a\x7f","a":1}',
  '{"a":1,"b":"x\\"}', '/**/{"a":1}', '{"a":1e}', '{"a":1e+}', '{"a":--1}', '{"a":-01}', '{"a":0}', '{"a":-0.0}', '{"a":00}', '{"a":0e0}',
  '{"a":[[[]]]}', '{"a":"18446744073709551615"}', '{"a":"-1"}', '{"a":"1e3"}', '{"a":"1e400"}',
  '{"a":{"b":[1,{"c":"x"}],"a":1e3,"d":"\\u000b\\u001f\\b\\f\u2028/"},"b":{"c":[1.50, 2 ,"y"]}}', '[{"a":5},[6,"seven"],-0.5]', '{"a":[1,2,3],"b":{"a":"in","c":null}}',
  '{"a":-9223372036854775808}', '{"a":0.1e1}', '{"a":12345678901234567.5}', '{"a":" "}', '{"a":"+5"}', '{"a":"5."}', '{"a":"1e2"}', '{"a":"-"}', '{"a":300}',
].map((text): Uint8Array => Buffer.from(text)).concat([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f, 0x98, 0x80], [0xc3, 0xa9]].map(around))

describe('JSON functions over columns', () => {
  const values = ['JSONExtractInt', 'JSONExtractUInt', 'JSONExtractFloat', 'JSONExtractString', 'JSONExtractBool', 'JSONHas', 'JSONLength', 'JSONType', 'JSONExtractRaw',
    'JSONExtractKeys', 'JSONExtractArrayRaw']
  const paths: readonly (readonly (string | number)[])[] = [['a'], [], ['b', 'c'], ['a', 'b', 2, 'c'], [1], [-1], ['a', 1], ['a', -1], ['b', 'c', 3]]
  it.each(values)('%s', async (name) => {
    expect(await differing(ask, paths.map((path): ColumnCall => [name, ...path]), DOCUMENTS)).toEqual([])
  })

  it('isValidJSON, JSONExtract, JSON_VALUE', async () => {
    const calls: ColumnCall[] = [['isValidJSON'], ['JSONExtract', 'a', 'Int64'], ['JSONExtract', 'a', 'Nullable(Float64)'], ['JSONExtract', 'a', 'UInt8'],
      ['JSONExtract', 'a', 'String'], ['JSONExtract', 'a', 'Array(Int32)'], ['JSONExtract', 'b', 'Tuple(a String, c Nullable(String))'],
      ['JSON_VALUE', '$.a'], ['JSON_VALUE', '$.b.c'], ['JSON_VALUE', '$.a[1]']]
    expect(await differing(ask, calls, DOCUMENTS)).toEqual([])
  })
})
