// Why an insert with keys of rows (DEDUPLICATE_BY) is refused: nothing of it was stored.

/** More keys would not fit the memory for them. */
export class KeysFull extends Error {
  constructor(bytes: number) {
    super(`Keys of rows take more than ${bytes} bytes: the windows of DEDUPLICATE_BY hold more rows than that. `
      + 'Shorten them, or give keys more memory (PIPIT_DEDUPLICATE_BYTES); the rows were not stored')
    this.name = 'KeysFull'
  }
}

/** Whether a row is new depends on a bulk write that may still fail; `over` resolves when it has ended. */
export class KeysUnderWay extends Error {
  readonly over: Promise<void>
  constructor(over: Promise<void>) {
    super('Some of the rows are in a file, a copy or a replay that is being written right now, and views have seen '
      + 'them there; nothing was stored, send them again in a moment')
    this.name = 'KeysUnderWay'
    this.over = over
  }
}
