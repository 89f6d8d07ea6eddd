// Order of what a thread does: others have their turn, and what runs beside each other ends.

/** Resolves when what waited for this thread has had its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

/** As Promise.all(), but what one of them began has ended, too, when the other has failed. */
export async function bothEnded<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return await Promise.all([a, b])
}
