// The word of shared memory by which a query is cancelled: a slot that queries use one after the other.
// Invariant: a slot says of the query that has it alone that it is cancelled, however many came before.

/** What a slot holds while nobody cancels. */
export const NOT_CANCELLED = 0

/** What cancels a query: ids pass 2^31 in some days, and words wrap around there. */
export const cancelWord = (id: number): number => (id | 0) || 1
