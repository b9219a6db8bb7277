const reasons: readonly (readonly [reason: string, names: string])[] = [
  [
    "it works on a sketch of values that the engine does not have",
    "approx_most_frequent approx_set empty_approx_set hash_counts intersection_cardinality jaccard_index make_set_digest merge merge_set_digest numeric_histogram qdigest_agg quantile_at_value tdigest_agg value_at_quantile values_at_quantiles",
  ],
  ["it colours a terminal, and results are text", "bar color render rgb"],
  ["the engine has no such distribution", "beta_cdf inverse_beta_cdf inverse_normal_cdf normal_cdf"],
  [
    "the engine does not have this checksum",
    "checksum crc32 hmac_md5 hmac_sha1 hmac_sha256 hmac_sha512 murmur3 sha512 spooky_hash_v2_32 spooky_hash_v2_64 xxhash64",
  ],
  [
    "the engine does not have this encoding",
    "from_base32 from_ieee754_32 from_ieee754_64 to_base32 to_ieee754_32 to_ieee754_64",
  ],
  ["times have microseconds", "from_iso8601_timestamp_nanos from_unixtime_nanos"],
  [
    "its text is not made by the engine",
    "format format_number human_readable_seconds parse_data_size parse_duration parse_presto_data_size soundex word_stem",
  ],
  ["the number of its results grows without bound", "combinations"],
  ["an aggregate with lambdas is not something the engine can run", "reduce_agg"],
  ["a session here has neither users nor groups", "current_groups current_user current_catalog current_schema"],
];

/** Trino's functions that are not supported, each with the reason. */
export const unsupportedFunctions: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([reason, names]) => names.split(" ").map((name): [string, string] => [name, reason])),
);
