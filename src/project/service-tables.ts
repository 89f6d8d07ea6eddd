// The service data sources, `tinybird.NAME`: what the server notes of itself, as data sources beside those
// of the project's files, with the columns that Tinybird documents.
//
//   SERVICE_FILES -> loadProject -> withServiceTables(project) -> engine.applyProject
//
// Invariant: the project that the server shows and renders is the user's; only the engine sees these.

import type { DatasourceDef, PipeDef, Project } from './definitions.ts'
import { loadProject, memoryReader } from './load.ts'

export const SERVICE_PREFIX = 'tinybird.'

const table = (columns: string, engine: string, sorting: string, ttl: string): string =>
  `SCHEMA >\n    ${columns.split('; ').join(',\n    ')}\n\nENGINE "${engine}"\nENGINE_SORTING_KEY "${sorting}"\n`
  + (ttl === '' ? '' : `ENGINE_TTL "${ttl}"\n`)

const FILES: Readonly<Record<string, string>> = {
  'pipe_stats_rt.datasource': table(
    'start_datetime DateTime; pipe_id String; pipe_name LowCardinality(String); duration Float64; read_bytes UInt64; '
    + 'read_rows UInt64; result_rows UInt64; url Nullable(String); error UInt8; request_id String; token LowCardinality(String); '
    + 'token_name LowCardinality(String); status_code Int32; method LowCardinality(String); parameters Map(String, String); '
    + 'release LowCardinality(String) DEFAULT \'\'; user_agent Nullable(String); resource_tags Array(String) `json:$.resource_tags[:]` DEFAULT []; '
    + 'cpu_time Float64 DEFAULT 0; memory_usage UInt64',
    'MergeTree', 'start_datetime', 'start_datetime + toIntervalDay(7)') + 'BACKFILL skip\n',
  'pipe_stats.datasource': table(
    'date Date; pipe_id String; pipe_name LowCardinality(String); view_count SimpleAggregateFunction(sum, UInt64); '
    + 'error_count SimpleAggregateFunction(sum, UInt64); avg_duration_state AggregateFunction(avg, Float64); '
    + 'quantile_timing_state AggregateFunction(quantilesTiming(0.9, 0.95, 0.99), Float64); '
    + 'read_bytes_sum SimpleAggregateFunction(sum, UInt64); read_rows_sum SimpleAggregateFunction(sum, UInt64)',
    'AggregatingMergeTree', 'pipe_name, pipe_id, date', 'date + toIntervalDay(365)'),
  'endpoint_errors.datasource': table(
    'start_datetime DateTime; request_id String; pipe_id String; pipe_name LowCardinality(String); params Nullable(String); '
    + 'url Nullable(String); status_code Nullable(Int32); error Nullable(String)',
    'MergeTree', 'start_datetime', 'start_datetime + toIntervalDay(30)'),
  'datasources_ops_log.datasource': table(
    'timestamp DateTime; event_type LowCardinality(String); datasource_id String; datasource_name LowCardinality(String); '
    + 'result LowCardinality(String); elapsed_time Float32; error Nullable(String); import_id Nullable(String); '
    + 'job_id Nullable(String); request_id String; rows Nullable(UInt64); rows_quarantine Nullable(UInt64); '
    + 'operation_id String; pipe_id String; pipe_name LowCardinality(String); read_rows UInt64; read_bytes UInt64; '
    + 'written_rows UInt64; written_bytes UInt64; written_rows_quarantine UInt64; written_bytes_quarantine UInt64',
    'MergeTree', 'timestamp', 'timestamp + toIntervalDay(30)'),
  'jobs_log.datasource': table(
    'job_id String; job_type LowCardinality(String); workspace_id String; pipe_id String; pipe_name LowCardinality(String); '
    + 'created_at DateTime; updated_at DateTime; started_at DateTime; status LowCardinality(String); error Nullable(String); '
    + 'job_metadata String',
    'MergeTree', 'created_at', 'created_at + toIntervalDay(30)'),
  'block_log.datasource': table(
    'timestamp DateTime; import_id String; job_id Nullable(String); request_id String; source String; block_id String; '
    + 'status LowCardinality(String); datasource_id String; datasource_name LowCardinality(String); start_offset Nullable(Int64); '
    + 'end_offset Nullable(Int64); rows Nullable(Int32); parser Nullable(String); quarantine_lines Nullable(UInt32); '
    + 'empty_lines Nullable(UInt32); bytes Nullable(UInt32); processing_time Nullable(Float32); processing_error Nullable(String)',
    'MergeTree', 'timestamp', 'timestamp + toIntervalDay(30)'),
  // What there is nothing of here: queries of it are right, and find no rows.
  'kafka_ops_log.datasource': table(
    'timestamp DateTime; datasource_id String; topic String; partition Int16; msg_type LowCardinality(String); lag Int64; '
    + 'processed_messages Int32; processed_bytes Int32; committed_messages Int32; msg String',
    'MergeTree', 'timestamp', ''),
  'sinks_ops_log.datasource': table(
    'timestamp DateTime64(3); service LowCardinality(String); pipe_id String; pipe_name LowCardinality(String); '
    + 'token_name LowCardinality(String); result LowCardinality(String); error Nullable(String); elapsed_time Float64; '
    + 'job_id Nullable(String); read_rows UInt64; written_rows UInt64; read_bytes UInt64; written_bytes UInt64; '
    + 'output Array(String) `json:$.output[:]`; parameters Map(String, String); options Map(String, String); cpu_time Float64',
    'MergeTree', 'timestamp', ''),
  'bi_stats_rt.datasource': table(
    'start_datetime DateTime; query String; query_normalized String; error_code Int32; error String; duration UInt64; '
    + 'read_rows UInt64; read_bytes UInt64; result_rows UInt64; result_bytes UInt64',
    'MergeTree', 'start_datetime', ''),
  'data_transfer.datasource': table(
    'timestamp DateTime; event LowCardinality(String); origin_provider LowCardinality(String); origin_region LowCardinality(String); '
    + 'destination_provider LowCardinality(String); destination_region LowCardinality(String); kind LowCardinality(String); bytes UInt64',
    'MergeTree', 'timestamp', ''),
  'datasources_storage.datasource': table(
    'datasource_id String; datasource_name LowCardinality(String); timestamp DateTime; bytes UInt64; rows UInt64; '
    + 'bytes_quarantine UInt64; rows_quarantine UInt64',
    'MergeTree', 'timestamp', 'timestamp + toIntervalDay(30)'),
  'pipe_stats_by_day.pipe': 'NODE by_day\nSQL >\n    SELECT toDate(start_datetime) AS date, pipe_id, pipe_name, count() AS view_count, '
    + 'sum(error) AS error_count, avgState(duration) AS avg_duration_state, '
    + 'quantilesTimingState(0.9, 0.95, 0.99)(duration) AS quantile_timing_state, sum(read_bytes) AS read_bytes_sum, '
    + 'sum(read_rows) AS read_rows_sum FROM `tinybird.pipe_stats_rt` GROUP BY date, pipe_id, pipe_name\n\n'
    + 'TYPE materialized\nDATASOURCE pipe_stats\n',
}

/** Those that are written, and the column that says when. */
export const SERVICE_TABLES = {
  pipe_stats_rt: 'start_datetime', endpoint_errors: 'start_datetime', datasources_ops_log: 'timestamp',
  jobs_log: 'created_at', datasources_storage: 'timestamp', block_log: 'timestamp',
} as const
export type ServiceTable = keyof typeof SERVICE_TABLES

let loaded: { readonly datasources: readonly DatasourceDef[]; readonly pipes: readonly PipeDef[] } | null = null

function serviceTables() {
  if (loaded !== null) return loaded
  const { project } = loadProject('/', memoryReader(FILES))
  const named = (name: string): string => `${SERVICE_PREFIX}${name}`
  return loaded = {
    datasources: [...project.datasources.values()].map((source) => ({ ...source, name: named(source.name) })),
    pipes: [...project.pipes.values()].map((pipe) => ({
      ...pipe, name: named(pipe.name), materialized: pipe.materialized.map((one) => ({ ...one, target: named(one.target) })),
    })),
  }
}

/** A project with the service data sources, for the engine. */
export function withServiceTables(project: Project): Project {
  const { datasources, pipes } = serviceTables()
  return {
    ...project,
    datasources: new Map([...project.datasources, ...datasources.map((source) => [source.name, source] as const)]),
    pipes: new Map([...project.pipes, ...pipes.map((pipe) => [pipe.name, pipe] as const)]),
  }
}
