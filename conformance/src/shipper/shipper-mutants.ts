import { randomUUID } from "node:crypto";
import { shipperRules, type ShipperRules } from "./reference-shipper.ts";

/** A shipper with one defect; each was seen in a public one, or nearly. `kills` as in a mutant of the lake. */
export interface ShipperMutant {
  readonly name: string;
  readonly kills: readonly string[];
  readonly change: Partial<ShipperRules>;
  /** Parts of the profile that it is held against; all by default. For those that take long. */
  readonly within?: readonly string[];
}

export const shipperMutants: readonly ShipperMutant[] = [
  {
    name: "puts a whole file into one call",
    kills: ["*"],
    change: { maxEvents: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY },
  },
  { name: "counts events and no bytes", kills: ["*"], change: { maxBytes: Number.POSITIVE_INFINITY } },
  {
    name: "sends one event a call",
    kills: ["shipper/batch/many"],
    change: { maxEvents: 1 },
    within: ["shipper/batch", "shipper/event/every", "shipper/id/the-same"],
  },
  { name: "sends 101 events a call", kills: ["*"], change: { maxEvents: 101 } },
  {
    name: "makes up an id for each sending",
    kills: ["shipper/id/", "shipper/restart/"],
    change: { idOf: () => randomUUID() },
  },
  {
    name: "numbers the records",
    kills: ["shipper/id/not-by-place"],
    change: { idOf: (_record, index) => `n-${index}` },
  },
  { name: "gives every event one id", kills: ["*"], change: { idOf: () => "unique-id" } },
  { name: "sends no checksum", kills: ["shipper/event/checksum"], change: { checksum: () => undefined } },
  {
    name: "sends a checksum of something else",
    kills: ["*"],
    change: { checksum: () => "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
  },
  { name: "sends no external id", kills: ["shipper/request/external-id"], change: { sendsExternalId: false } },
  { name: "signs for the control plane", kills: ["*"], change: { service: "cloudtrail" } },
  {
    name: "makes other bytes of a record each time",
    kills: ["shipper/restart/killed-b", "shipper/id/not-by-place", "shipper/restart/killed-with?"],
    change: { eventTime: () => new Date(Date.now() - 60_000).toISOString() },
  },
  {
    name: "reads no list of failures",
    kills: ["shipper/partial/retryable", "shipper/partial/refused-entry-is-told", "shipper/restart/killed-with"],
    change: { refusedIsDelivered: true },
  },
  {
    name: "tries no entry again",
    kills: ["shipper/partial/retryable", "shipper/restart/killed-with"],
    change: { retryable: () => false },
  },
  {
    name: "tries every entry again",
    kills: ["shipper/partial/refused-entry-is-not"],
    change: { retryable: () => true },
  },
  {
    name: "sends the whole batch again",
    kills: ["shipper/partial/what-was-taken"],
    change: { resends: (batch) => batch },
  },
  {
    name: "takes a missing id for delivered",
    kills: ["shipper/partial/missing"],
    change: { missingIsDelivered: true },
  },
  {
    name: "drops a batch that is throttled",
    kills: ["shipper/retry/throttled", "shipper/retry/backs-off"],
    change: dropping(/^Throttling/),
  },
  { name: "drops a batch that fails inside", kills: ["shipper/retry/internal"], change: dropping(/^InternalFailure/) },
  {
    name: "drops a batch when the service is away",
    kills: ["shipper/retry/unavailable"],
    change: dropping(/^ServiceUnavailable/),
  },
  {
    name: "drops a batch when the connection is lost",
    kills: [
      "shipper/retry/connection-lost",
      "shipper/retry/answer?",
      "shipper/retry/answer-of",
      "shipper/retry/answer-cut",
    ],
    change: dropping(/^Un/),
  },
  {
    name: "drops a batch that is refused as a whole",
    kills: ["shipper/refused/poison"],
    change: dropping(/^ValidationException/),
  },
  {
    name: "tries a batch again that is refused as a whole",
    kills: ["shipper/refused/poison"],
    change: { action: (code) => (code === "ValidationException" ? "again" : shipperRules.action(code)) },
  },
  {
    name: "drops what is not permitted",
    kills: ["shipper/refused/"],
    change: dropping(/^ChannelInsufficientPermission/),
  },
  {
    name: "tries for ever what is not permitted",
    kills: ["shipper/refused/permission", "shipper/retry/backs-off"],
    change: {
      attempts: 60,
      pauseMs: () => 1,
      action: (code) => (code === "ChannelInsufficientPermission" ? "again" : shipperRules.action(code)),
    },
  },
  {
    name: "moves its mark over everything when it is not permitted",
    kills: ["shipper/refused/nothing-lost", "shipper/refused/permission?"],
    change: { forgetsOnStop: true },
  },
  { name: "does not pause between attempts", kills: ["shipper/retry/backs-off"], change: { pauseMs: () => 0 } },
  {
    name: "says that all went well, always",
    kills: ["shipper/partial/refused-entry-is-told", "shipper/refused/permission"],
    change: { exitCode: () => 0 },
  },
  {
    name: "moves its mark before it sends",
    kills: ["shipper/restart/killed-before-it-is", "shipper/restart/killed-with", "shipper/refused/nothing-lost"],
    change: { marks: "before-call" },
  },
  {
    name: "moves its mark to the highest that was answered",
    kills: ["shipper/restart/killed-with"],
    change: { marks: "highest" },
  },
];

function dropping(codes: RegExp): Partial<ShipperRules> {
  return { action: (code) => (codes.test(code) ? "drop" : shipperRules.action(code)) };
}
