/** The built-in formats that a mapping can extend, in the order in which records are tried for them. */
export const builtInNames = [
  "cef",
  "leef",
  "syslog",
  "cloudevents",
  "ocsf",
  "gcp-audit",
  "google-workspace",
  "azure",
] as const;

/** A name of {@link builtInNames}. */
export type BuiltInName = (typeof builtInNames)[number];
