// What opens beside other work of a start.

/** Reads while something opens, and resolves with both. Throws what the reading throws, at once: opening may take long,
 * and whatever becomes of it is closed later, and not told. */
export async function readWhileOpening<Opened extends { close(): Promise<unknown> }, Found>(
  opening: Promise<Opened>, read: () => Found,
): Promise<readonly [Opened, Found]> {
  let found: Found
  try {
    found = read()
  } catch (error) {
    opening.then((opened) => opened.close()).catch(() => {})
    throw error
  }
  return [await opening, found]
}
