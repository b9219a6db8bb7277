/** What `create-adapter` answers to the shell. Documented in --help and the README; never renumbered. */
export const exitCodes = {
  ok: 0,
  usage: 2,
  /** The directory holds something already, or cannot be written. Nothing in it was changed. */
  directory: 3,
  /** The sample file cannot be read, is in no known format, or holds no record. Nothing was written. */
  samples: 4,
  /** A bug: please report. */
  internal: 70,
  /** Ctrl-C, or the end of the input, at a question. Nothing was written. */
  interrupted: 130,
} as const;
