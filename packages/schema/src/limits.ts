/**
 * Every limit of the contract. Sizes are UTF-8 bytes, lengths Unicode code points (spec 1.5, 1.7, 6).
 * `server` holds the binary reading, which a lake accepts; `sender` the decimal one, which is safe under either.
 */
export const limits = Object.freeze({
  eventsPerRequest: 100,
  /** Bytes of an HTTP body before anything is parsed: escaping can inflate a legal payload up to six times. */
  httpBody: 8 * 1024 * 1024,
  /** Nested objects and arrays in eventData. */
  depth: 64,
  /** How far after now an eventTime may lie, milliseconds. */
  eventTimeFutureMs: 24 * 60 * 60 * 1000,
  errorMessage: 1024,
  server: Object.freeze({
    /** Sum over the entries' eventData. */
    request: 1_048_576,
    event: 262_144,
    requestParameters: 102_400,
    responseElements: 102_400,
    additionalEventData: 28_672,
  }),
  sender: Object.freeze({
    /** The whole serialized body. */
    request: 1_000_000,
    event: 256_000,
    requestParameters: 100_000,
    responseElements: 100_000,
    additionalEventData: 28_000,
  }),
  /** Longest value of each string of eventData. */
  strings: Object.freeze({
    version: 256,
    userIdentityType: 128,
    userIdentityPrincipalId: 1024,
    userAgent: 1024,
    eventSource: 1024,
    eventName: 1024,
    UID: 1024,
    errorCode: 256,
    errorMessage: 256,
  }),
  id: Object.freeze({ min: 1, max: 128 }),
  externalId: Object.freeze({ min: 2, max: 1224 }),
  policy: Object.freeze({ characters: 8192, statements: 20, principals: 50 }),
  tags: Object.freeze({ perResource: 50, key: 128, value: 256, resourcesPerList: 20 }),
  channels: Object.freeze({ perRegion: 25, perSource: 1, destinations: 200 }),
  stores: Object.freeze({ perRegion: 10, selectors: 5, selectorValues: 500, restoreDays: 7 }),
  retentionDays: Object.freeze({ min: 7, max: 3653, fixedMax: 2557, default: 366, fixedDefault: 2557 }),
  queries: Object.freeze({ concurrent: 10, statement: 10_000, resultsPerPage: 1000, resultDays: 7 }),
});

/** Which reading of the limits, and how strict: `server` for a lake, `sender` for what is about to be sent. */
export type Profile = "server" | "sender";
