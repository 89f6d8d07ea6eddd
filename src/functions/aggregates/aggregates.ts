// The list of aggregates. A new one is a record in its family's file and a line here.

import { ANY_ARG } from './any-arg.ts'
import { BIT_AGGREGATES } from './bit-aggregates.ts'
import { BITMAP_AGGREGATES } from './bitmap-aggregates.ts'
import { CONTINGENCY } from './contingency.ts'
import { COUNT_SUM } from './count-sum.ts'
import type { AggregateDef } from '../values/function.ts'
import { FUNNELS } from './funnels.ts'
import { INDEXED_VECTORS } from './indexed-vectors.ts'
import { QUANTILE_PROMETHEUS } from './quantile-prometheus.ts'
import { SEQUENCE_NEXT } from './sequence-next.ts'
import { TEXT_SETS } from './text-sets.ts'
import { TIME_GRIDS } from './time-grids.ts'
import { GROUP_ARRAY } from './group-array.ts'
import { GROUP_ARRAY_MORE } from './group-array-more.ts'
import { HISTOGRAM } from './histogram.ts'
import { HYPOTHESIS_TESTS } from './hypothesis-tests.ts'
import { MATRICES } from './matrices.ts'
import { MIN_MAX } from './min-max.ts'
import { MOMENTS } from './moments.ts'
import { QUANTILE } from './quantile.ts'
import { SERIES } from './series.ts'
import { SUMMARIES } from './summaries.ts'
import { SUM_MAP } from './sum-map.ts'
import { TOP_K } from './top-k.ts'
import { UNIQ_EXACT } from './uniq-exact.ts'
import { UNIQ_LOG } from './uniq-log.ts'
import { UNIQ } from './uniq.ts'

export const AGGREGATES: readonly AggregateDef[] = [
  ...COUNT_SUM, ...MIN_MAX, ...ANY_ARG, ...UNIQ, ...UNIQ_EXACT, ...GROUP_ARRAY, ...QUANTILE,
  ...MOMENTS, ...BIT_AGGREGATES, ...GROUP_ARRAY_MORE, ...FUNNELS, ...SEQUENCE_NEXT, ...QUANTILE_PROMETHEUS, ...TIME_GRIDS, ...TEXT_SETS, ...INDEXED_VECTORS, ...SERIES, ...SUM_MAP,
  ...TOP_K, ...UNIQ_LOG, ...BITMAP_AGGREGATES, ...HYPOTHESIS_TESTS, ...CONTINGENCY, ...SUMMARIES, ...MATRICES,
  ...HISTOGRAM,
]
