/** How the records of a sample file stand in it, and so what the adapter reads. */
export type SampleFormat =
  | { readonly kind: "ndjson" }
  /** Documents, arrays of records; `pointer` is the JSON pointer of an array inside a document, "" for none. */
  | { readonly kind: "json"; readonly pointer: readonly string[] }
  | { readonly kind: "csv"; readonly header: readonly string[] }
  | { readonly kind: "cef" };
