// What a Parquet file's damage is called; apart from what reads such files, which is loaded with the first.

/** A column of a file can't be read. */
export class DamagedParquet extends Error {
  constructor(column: string, group: number, why: Error) {
    super(`Column ${column} of row group ${group + 1} can't be read: ${why.message}`)
  }
}
