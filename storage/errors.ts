// What the store refuses, as a sentence.

/** Cannot take rows now: memory for new rows is full until a flush is done. */
export class StoreBusy extends Error {
  constructor() {
    super('The store cannot take more rows until some are written to disk; try again in a second')
    this.name = 'StoreBusy'
  }
}

/** The table of the rows is not there any more, or not as it was when their writing began. */
export class TableGone extends Error {
  constructor(happened = 'their table was removed meanwhile') {
    super(`The rows were not stored: ${happened}`)
    this.name = 'TableGone'
  }
}

/** The store lies on a disk that takes no writes. */
export class ReadOnlyStore extends Error {
  constructor(folder: string) {
    super(`The store in ${folder} is on a read-only disk: it answers queries and takes no rows`)
    this.name = 'ReadOnlyStore'
  }
}

/** The folder cannot hold a store. */
export class UnusableFolder extends Error {
  constructor(folder: string, cause: Error) {
    super(`The data folder ${folder} cannot be used (${cause.message}); make it writable for this user, `
      + 'or choose another folder with PIPIT_DATA', { cause })
    this.name = 'UnusableFolder'
  }
}
