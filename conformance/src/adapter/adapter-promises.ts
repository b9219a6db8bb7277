/** The clause of each promise that the kit's suite holds an adapter to. Fixtures are one clause together. */
export const adapterPromises: Readonly<Record<string, string>> = {
  "is an adapter with fixtures of accepted records": "adapter/is-one-with-fixtures",
  "what it claims beside files, polling and webhooks, is there and says what its options are for":
    "adapter/claims-are-kept",
  "the same record gives the same bytes, and the record stays as it was": "adapter/same-record-same-bytes",
  "files are recognised by their beginning": "adapter/files-are-recognised",
  "events keep to every limit, whatever the length of a value": "adapter/events-keep-every-limit",
  "a record of many values is cut to the limits, with a mark": "adapter/cuts-are-marked",
  "ids fit, and records of different content keep different ids": "adapter/ids-fit-and-differ",
  "equal records without an id of their own stay as many events; those with one stay one":
    "adapter/equal-records-stay-as-many",
  "never throws: any JSON, any bytes, any options": "adapter/never-throws",
  "generated records become valid events, lose nothing, or are refused by name": "adapter/generated-records",
  "mutated records become valid events, lose nothing, or are refused by name": "adapter/mutated-records",
  "secrets never leave, and each is marked": "adapter/secrets-never-leave",
  "what the secrets' JSON pointers name never leaves": "adapter/named-secrets-never-leave",
  "numbers no double holds keep their digits, marked": "adapter/numbers-keep-their-digits",
  "nothing is lost silently: every leaf of a record is in its event": "adapter/nothing-is-lost",
  "members nobody has heard of are kept, wherever they stand": "adapter/unknown-members-are-kept",
  "every drop rule drops a fixture, and can be switched off": "adapter/drop-rules-can-be-switched-off",
};

/** All fixtures as they are written down. */
export const fixtureClause = "adapter/fixtures-as-written";
