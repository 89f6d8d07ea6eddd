// Row sets that can hold rows of one sorting key, apart from those that can't: what FINAL has to
// compare. Everything here only ever joins too much: two rows of one key are always in one cluster.

import type { TableMeta } from '../../../storage/face.ts'
import { columnsIn } from '../../../storage/merge/keys.ts'
import { isUnpartitioned } from '../../../storage/merge/partitions.ts'
import type { RowSet, Zone } from '../../../storage/part/row-set.ts'

/** True where rows of one key are in one partition; else two partitions may have rows of one key. */
export const isPartitionedByKey = (table: TableMeta): boolean => !isUnpartitioned(table.partitionBy)
  && columnsIn(table.partitionBy, table).every(({ name }) => table.sortBy.includes(name))

/** Numbers of row sets by cluster; every row set is in one. `partitionsOf`: the names of the
 * partitions that rows of memory parts have. */
export function clustersOf(
  table: TableMeta, rowSets: readonly RowSet[],
  partitionsOf: (parts: readonly RowSet[]) => ReadonlySet<string>,
): (readonly number[])[] {
  const isByKey = isPartitionedByKey(table)
  const parts: number[] = []
  const byPartition = new Map<string, number[]>()
  rowSets.forEach(({ isSorted, partition }, index) => {
    if (!isSorted) parts.push(index)
    else {
      const name = isByKey ? partition : ''
      byPartition.set(name, [...byPartition.get(name) ?? [], index])
    }
  })
  const touched = parts.length === 0 ? new Set<string>()
    : isByKey ? partitionsOf(parts.map((index) => rowSets[index])) : new Set([''])
  const clusters: (readonly number[])[] = []
  const mixed: number[] = []
  for (const [partition, segments] of byPartition) {
    if (touched.has(partition)) mixed.push(...segments)
    else clusters.push(...splitByKey(segments, rowSets, table))
  }
  if (parts.length > 0) clusters.push([...mixed, ...parts].sort((a, b) => a - b))
  return clusters
}

/** Segments of one partition, apart where the zones of the first key column do not touch. */
function splitByKey(
  segments: readonly number[], rowSets: readonly RowSet[], table: TableMeta,
): number[][] {
  const column = table.columns.find(({ name }) => name === table.sortBy[0])
  // A zone says nothing of NaN, which is a key like any other.
  if (column?.type.includes('Float') === true) return [[...segments]]
  const zones = new Map<number, Zone>()
  for (const index of segments) {
    const zone = column === undefined ? null : rowSets[index].column(column.id)?.zone ?? null
    if (zone === null || zone.nullCount > 0) return [[...segments]]
    zones.set(index, zone)
  }
  const zoneOf = (index: number) => zones.get(index) as Zone // each has one
  const ordered = [...segments].sort((a, b) => compareEnds(zoneOf(a).min, zoneOf(b).min))
  const clusters: number[][] = []
  let max: Zone['max'] | null = null
  for (const index of ordered) {
    const zone = zoneOf(index)
    if (max === null || compareEnds(zone.min, max) > 0) clusters.push([index])
    else clusters[clusters.length - 1].push(index)
    if (max === null || compareEnds(zone.max, max) > 0) max = zone.max
  }
  return clusters.map((cluster) => cluster.sort((a, b) => a - b))
}

function compareEnds(a: Zone['min'], b: Zone['min']): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}
