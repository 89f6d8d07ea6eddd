// What the verbs print with: colours only on a terminal, errors as one sentence.

import pc from 'picocolors'

/** The verb's work failed: printed without a stack, exit code 1. */
export class CliError extends Error {}

/** The verb was asked for what can't be: exit code 2. */
export class UsageError extends Error {}

const useColour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined

export const { bold, dim, green, red, yellow, cyan } = pc.createColors(useColour)

export const print = (text: string): void => { process.stdout.write(`${text}\n`) }
export const warn = (text: string): void => { process.stderr.write(`${text}\n`) }

/** `match`: only rows whose first cell the pattern finds. */
export type OutputOptions = { readonly output: string; readonly match?: RegExp }

const csvCell = (cell: string | number): string =>
  (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell))

/** Prints rows as --output says: a table, JSON objects or CSV. */
export function printRows(
  heading: readonly string[], all: readonly (readonly (string | number)[])[], { output, match }: OutputOptions,
): void {
  const rows = match === undefined ? all : all.filter(([first]) => match.test(String(first)))
  if (output === 'json') {
    print(JSON.stringify(rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column]]))), null, 2))
  } else if (output === 'csv') print([heading, ...rows].map((row) => row.map(csvCell).join(',')).join('\n'))
  else print(table(heading, rows))
}

// oxlint-disable-next-line no-control-regex -- these are what is looked for; colours stay
const CONTROL = /[\u0000-\u001a\u001c-\u001f\u007f]/g

/** Rows under a heading, columns aligned; numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  // Ends of lines and other signs without a width would break the columns.
  const texts = [heading, ...rows].map((row) => row.map((cell) => String(cell).replace(CONTROL, (sign) => JSON.stringify(sign).slice(1, -1))))
  const widths = heading.map((_, column) => Math.max(...texts.map((row) => row[column].length)))
  return texts.map((row, index) => row.map((cell, column) => {
    const isNumber = index > 0 && typeof rows[index - 1][column] === 'number'
    return isNumber ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
  }).join('  ').trimEnd()).map((line, index) => index === 0 ? bold(line) : line).join('\n')
}
