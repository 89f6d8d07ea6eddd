// One value as plans, constants and parameters hold it.

/** A literal's value: numbers as number while exact, else bigint; Date/DateTime/Enum/Bool as their
 * integers; DateTime64 and Decimal as scaled integers; arrays and tuples as arrays; maps as
 * [key, value] pairs. */
export type Value = null | boolean | number | bigint | string | readonly Value[]
