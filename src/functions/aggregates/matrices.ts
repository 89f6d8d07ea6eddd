// Aggregates over any number of columns at once: matrices of covariance and correlation, and how much
// each of several categories tells of a tag.

import { arrayOf, bareType, FLOAT64 } from '../../../storage/column/data-type.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef } from '../values/function.ts'
import { doubles } from '../base/slot-states.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { numberInfo } from '../values/types.ts'
import { arrayVector, numberVector } from '../values/vectors.ts'

const matrix = (
  name: string, cell: (rows: number, x: number, y: number, xy: number, xx: number, yy: number) => number,
): AggregateDef => ({
  name, arity: [1, 1000], nulls: 'skip',
  returnType: (args) => {
    for (const arg of args) if (numberInfo(bareType(arg)) === null) throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}`)
    return arrayOf(arrayOf(FLOAT64))
  },
  create: ({ length: size }, _parameters, context) => {
    const { account } = context
    // Rows, sums of each, sums of all products.
    const width = 1 + size + size * size
    let sums = grown(Float64Array, null, 1, account)
    return byGroup({
      resize: (groupCount) => { sums = grown(Float64Array, sums, groupCount * width, account) },
      update: (groups, rowCount, args) => {
        const reads = args.map(doubles)
        const values = new Float64Array(size)
        for (let row = 0; row < rowCount; row++) {
          const at = groups[row] * width
          sums[at]++
          for (let i = 0; i < size; i++) sums[at + 1 + i] += values[i] = reads[i](row)
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) sums[at + 1 + size + i * size + j] += values[i] * values[j]
          }
        }
      },
      write: (out, group) => { for (let i = 0; i < width; i++) out.f64(sums[group * width + i]) },
      read: (reader, group) => { for (let i = 0; i < width; i++) sums[group * width + i] += reader.f64() },
      finish: (groupCount) => {
        const outer = account.u32(groupCount + 1)
        const inner = account.u32(groupCount * size + 1)
        for (let i = 0; i < outer.length; i++) outer[i] = i * size
        for (let i = 0; i < inner.length; i++) inner[i] = i * size
        const out = account.f64(groupCount * size * size)
        for (let group = 0; group < groupCount; group++) {
          const own = sums.subarray(group * width, (group + 1) * width)
          const product = (i: number, j: number): number => own[1 + size + i * size + j]
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              out[(group * size + i) * size + j] = cell(own[0], own[1 + i], own[1 + j], product(i, j),
                product(i, i), product(j, j))
            }
          }
        }
        return arrayVector(arrayOf(arrayOf(FLOAT64)), outer, arrayVector(arrayOf(FLOAT64), inner, numberVector(FLOAT64, out)))
      },
    }, context)
  },
})

/** For each category: how much it tells of the tag, the last argument. */
const informationValue: AggregateDef = {
  name: 'categoricalInformationValue', arity: [2, 1000], nulls: 'skip',
  returnType: (args) => {
    for (const arg of args) {
      if (!['UInt8', 'Bool'].includes(bareType(arg).id)) {
        throw new FunctionError('Arguments of aggregate function categoricalInformationValue should be UInt8',
          'BAD_ARGUMENTS')
      }
    }
    return arrayOf(FLOAT64)
  },
  create: (args, _parameters, context) => {
    const { account } = context
    const size = args.length - 1
    // Rows without and with the tag, then for each category those of them that are in it.
    const width = 2 + 2 * size
    let counts = grown(Float64Array, null, 1, account)
    return byGroup({
      resize: (groupCount) => { counts = grown(Float64Array, counts, groupCount * width, account) },
      update: (groups, rowCount, vectors) => {
        const reads = vectors.map(numberReader)
        for (let row = 0; row < rowCount; row++) {
          const at = groups[row] * width
          const tag = reads[size](row) === 0 ? 0 : 1
          counts[at + tag]++
          for (let i = 0; i < size; i++) if (reads[i](row) !== 0) counts[at + 2 + i * 2 + tag]++
        }
      },
      write: (out, group) => { for (let i = 0; i < width; i++) out.f64(counts[group * width + i]) },
      read: (reader, group) => { for (let i = 0; i < width; i++) counts[group * width + i] += reader.f64() },
      finish: (groupCount) => {
        const offsets = account.u32(groupCount + 1)
        for (let i = 0; i < offsets.length; i++) offsets[i] = i * size
        const out = account.f64(groupCount * size)
        for (let group = 0; group < groupCount; group++) {
          const at = group * width
          for (let i = 0; i < size; i++) {
            const without = counts[at + 2 + i * 2] / counts[at]
            const within = counts[at + 3 + i * 2] / counts[at + 1]
            out[group * size + i] = (within - without) * Math.log(within / without)
          }
        }
        return arrayVector(arrayOf(FLOAT64), offsets, numberVector(FLOAT64, out))
      },
    }, context)
  },
}

export const MATRICES: readonly AggregateDef[] = [
  informationValue,
  matrix('corrMatrix', (rows, x, y, xy, xx, yy) =>
    (rows * xy - x * y) / Math.sqrt((rows * xx - x * x) * (rows * yy - y * y))),
  matrix('covarPopMatrix', (rows, x, y, xy) => (xy - x * y / rows) / rows),
  matrix('covarSampMatrix', (rows, x, y, xy) => (xy - x * y / rows) / (rows - 1)),
]
