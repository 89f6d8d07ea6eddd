// Kinds of errors that stand for another of ClickHouse's: `ours for theirs`. All others must be the same.

export const KINDS: ReadonlySet<string> = new Set([
  // A number that is no element: ClickHouse tells numbers of a narrow type from those of a wide one.
  'UNKNOWN_ELEMENT_OF_ENUM for CANNOT_CONVERT_TYPE',
  // A value too large for a Decimal: there the type is refused before its values are seen.
  'DECIMAL_OVERFLOW for CANNOT_CONVERT_TYPE', 'DECIMAL_OVERFLOW for ILLEGAL_COLUMN',
  // Maps and lists are read from texts of any kind here.
  'CANNOT_PARSE_INPUT_ASSERTION_FAILED for TYPE_MISMATCH', 'CANNOT_READ_ARRAY_FROM_TEXT for TYPE_MISMATCH',
  // No way from one type to the other: both say so of the types, ClickHouse by the function that found out.
  'NOT_IMPLEMENTED for CANNOT_CONVERT_TYPE', 'TYPE_MISMATCH for CANNOT_CONVERT_TYPE',
  'ILLEGAL_TYPE_OF_ARGUMENT for TYPE_MISMATCH', 'TYPE_MISMATCH for ILLEGAL_TYPE_OF_ARGUMENT',
  'CANNOT_CONVERT_TYPE for CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN',
  'ILLEGAL_TYPE_OF_ARGUMENT for NOT_IMPLEMENTED', 'NOT_IMPLEMENTED for ILLEGAL_TYPE_OF_ARGUMENT',
  'NOT_IMPLEMENTED for NO_COMMON_TYPE',
  // A constant that is no value of the other side's type.
  'CANNOT_PARSE_TEXT for TYPE_MISMATCH', 'PARAMETER_OUT_OF_BOUND for CANNOT_CONVERT_TYPE',
  'CANNOT_PARSE_BOOL for CANNOT_CONVERT_TYPE', 'BAD_ARGUMENTS for UNKNOWN_TYPE',
  // Arguments are counted here by the function, there by the grammar; and so are kinds of joins.
  'NUMBER_OF_ARGUMENTS_DOESNT_MATCH for SYNTAX_ERROR', 'NOT_IMPLEMENTED for SYNTAX_ERROR',
  'UNION_ALL_RESULT_STRUCTURES_MISMATCH for SIZES_OF_COLUMNS_DOESNT_MATCH',
  // One statement with two faults: the other one is named.
  'NOT_AN_AGGREGATE for INVALID_LIMIT_EXPRESSION', 'BAD_ARGUMENTS for NOT_AN_AGGREGATE',
])
