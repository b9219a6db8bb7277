import { findsAProblem, inControl, type Mutant, overlooks, refusedAs, unrefused } from "./mutant.ts";

/** Control planes that deliver elsewhere, or tell otherwise of ingestion. */
export const destinationMutants: readonly Mutant[] = [
  // Destinations.
  overlooks(
    "takes a channel without destinations",
    ["channels/member/own-error-where-one-fits", "channels/destination/at-least-one"],
    (place, _constraint, input) =>
      place.endsWith("Channel/Destinations") && JSON.stringify(input["Destinations"]) === "[]",
  ),
  overlooks(
    "looks for any number of destinations",
    ["channels/destination/to-200"],
    (place, constraint, input) =>
      place.endsWith("Channel/Destinations") &&
      constraint === "length" &&
      JSON.stringify(input["Destinations"]) !== "[]",
  ),
  findsAProblem(
    "takes 199 destinations at most",
    ["channels/destination/to-200"],
    (_operation, { Destinations: list }) => (Array.isArray(list) && list.length === 200 ? "/Destinations" : undefined),
  ),
  overlooks(
    "looks for a Location of any length",
    ["channels/destination/location-3-to-1024"],
    (place, constraint) => place.endsWith("/Location") && constraint === "length",
  ),
  overlooks(
    "looks for a Location of any characters",
    ["channels/destination/location-3-to-1024"],
    (place, constraint) => place.endsWith("/Location") && constraint === "pattern",
  ),
  findsAProblem(
    "takes a Location of 1023 characters at most",
    ["channels/destination/location-3-to-1024"],
    (_operation, { Destinations: list }) =>
      JSON.stringify(list ?? null).includes("a".repeat(1024)) ? "/Destinations/0/Location" : undefined,
  ),
  refusedAs(
    "calls a destination that is not there an InvalidParameterException",
    [
      "channels/source/every-one-of-the-table",
      "channels/destination/to-200",
      "channels/destination/location-3-to-1024",
      "channels/destination/unknown-store-refused",
    ],
    "destination/unknown",
    "InvalidParameterException",
  ),
  unrefused("takes services as destinations", ["channels/destination/services-refused"], "destination/type"),
  inControl(
    "takes destinations of any type",
    [
      "channels/member/billing-mode-is-one-of-two",
      "channels/member/destination-type-is-one-of-two",
      "channels/member/own-error-where-one-fits",
      "channels/destination/services-refused",
    ],
    ({ shape, refusals }) => ({
      shape: (operation, input) => shape(operation, input).filter(({ constraint }) => constraint !== "enum"),
      refusals: { ...refusals, "destination/type": undefined },
    }),
  ),
  unrefused("takes a destination twice", ["channels/destination/twice-refused"], "destination/twice"),
  unrefused(
    "delivers to stores that wait for their deletion",
    ["channels/destination/deleted-store-refused"],
    "destination/inactive",
  ),
  refusedAs(
    "calls a store that waits a status error",
    ["channels/destination/deleted-store-refused"],
    "destination/inactive",
    "InvalidEventDataStoreStatusException",
  ),
  unrefused(
    "delivers to stores of management events",
    ["channels/destination/other-categories-refused"],
    "destination/category",
  ),
  inControl(
    "adds destinations to those of before",
    ["channels/destination/update-replaces-the-list", "channels/destination/new-events"],
    {
      replacesDestinations: false,
    },
  ),
  inControl("delivers to every store there is", ["channels/destination/new-events-go-to-the-new-ones"], {
    receiving: (_destinations, all) => all,
  }),
  inControl("takes the events along to new destinations", ["channels/destination/new-events-go-to-the-new-ones"], {
    afterMove: ({ arn }, from, to) => {
      for (const { events } of from)
        for (const [id, event] of events)
          if (event.channelArn === arn) for (const store of to) store.events.set(id, event);
    },
  }),
  inControl("deletes the events of a channel that is deleted", ["channels/channel/events-stay-in-their-stores"], {
    afterMove: ({ arn }, from, to) => {
      if (to.length > 0) return;
      for (const { events } of from) for (const [id, event] of events) if (event.channelArn === arn) events.delete(id);
    },
  }),
  inControl("keeps events for ever", ["channels/store/retention-by-event-time"], { isRetained: () => true }),
  inControl("keeps events for five days at most", ["channels/store/retention-by-event-time"], {
    isRetained: (eventTime, _days, now) => eventTime >= now - 5 * 86_400_000,
  }),
  // What GetChannel tells of ingestion.
  inControl("tells of ingestion before the first event", ["channels/ingestion/nothing-before-the-first"], {
    answer: (operation, output) =>
      operation === "GetChannel" && !("IngestionStatus" in output)
        ? { ...output, IngestionStatus: { LatestIngestionAttemptTime: 0 } }
        : output,
  }),
  inControl(
    "tells nothing of ingestion",
    [
      "channels/ingestion/latest-success",
      "channels/ingestion/latest-attempt",
      "channels/ingestion/latest-error",
      "channels/ingestion/error-names-the-code",
      "channels/ingestion/a-failure-keeps-the-success",
    ],
    {
      ingestion: (before, latest) => before ?? { attemptAt: latest.attemptAt },
    },
  ),
  inControl("tells the first success only", ["channels/ingestion/a-failure-keeps-the-success"], {
    ingestion: (before, latest) => ({
      ...latest,
      successAt: before?.successAt ?? latest.successAt,
      successEventId: before?.successEventId ?? latest.successEventId,
    }),
  }),
  inControl("tells no attempt's event", ["channels/ingestion/latest-attempt"], {
    ingestion: (before, latest) => ({
      successAt: before?.successAt,
      successEventId: before?.successEventId,
      ...latest,
      attemptEventId: undefined,
    }),
  }),
  inControl("tells no failure", ["channels/ingestion/latest-error", "channels/ingestion/error-names-the-code"], {
    ingestion: (before, { error: _error, ...latest }) => ({
      successAt: before?.successAt,
      successEventId: before?.successEventId,
      ...latest,
    }),
  }),
  inControl("tells a failure by its message alone", ["channels/ingestion/error-names-the-code"], {
    ingestion: (before, latest) => ({
      successAt: before?.successAt,
      successEventId: before?.successEventId,
      ...latest,
      ...(latest.error !== undefined && { error: "The event failed" }),
    }),
  }),
  inControl("forgets the success after a failure", ["channels/ingestion/a-failure-keeps-the-success"], {
    ingestion: (_before, latest) => latest,
  }),
];
