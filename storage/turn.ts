// Others of the thread go on.

/** Resolves when what waited for this thread has had its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
