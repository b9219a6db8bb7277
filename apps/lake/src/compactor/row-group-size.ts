/** Rows of a Parquet row group, of which each writing thread holds one: so many that their text stays under `rowGroupBytes`. */
export function rowGroupSize(averageTextBytes: number, rowGroupBytes: number): number {
  return Math.min(122_880, Math.max(2048, Math.floor(rowGroupBytes / Math.max(1, averageTextBytes))));
}
