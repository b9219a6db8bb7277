import { family, type Sample } from "./metric-family.ts";
import { processMetrics, type ProcessNumbers } from "./process-metrics.ts";
import type { DestinationStatus, IntegrationStatus } from "./integration-status.ts";

/** All numbers of a process in Prometheus' text format 0.0.4. */
export function metrics(statuses: readonly IntegrationStatus[], process: ProcessNumbers): string {
  const of = (pick: (status: IntegrationStatus) => readonly Sample[]): readonly Sample[] =>
    statuses.flatMap((status) =>
      pick(status).map(([labels, value]): Sample => [{ integration: status.name, ...labels }, value]),
    );
  /** Of each destination; those that have a name are told apart by it. */
  const to = (pick: (status: DestinationStatus) => readonly Sample[]) =>
    of(({ destinations }) =>
      destinations.flatMap((one) =>
        pick(one).map(([labels, value]): Sample => [
          one.name === "" ? labels : { destination: one.name, ...labels },
          value,
        ]),
      ),
    );
  const one = (pick: (status: IntegrationStatus) => number | undefined) => of((status) => [[{}, pick(status)]]);
  const each = (pick: (status: DestinationStatus) => number | undefined) => to((status) => [[{}, pick(status)]]);
  return [
    family(
      "records_total",
      "counter",
      "Records by their end.",
      to(({ counts: { tally } }) => [
        [{ end: "delivered" }, tally.delivered],
        [{ end: "already_delivered" }, tally.alreadyDelivered],
        [{ end: "changed" }, tally.changed],
        [{ end: "dead" }, tally.dead],
        [{ end: "dropped" }, tally.dropped],
      ]),
    ),
    family(
      "dead_total",
      "counter",
      "Dead records by code.",
      to(({ counts }) => byKey("code", counts.deadByCode)),
    ),
    family(
      "dropped_total",
      "counter",
      "Dropped records by rule.",
      to(({ counts }) => byKey("rule", counts.droppedByRule)),
    ),
    family(
      "stored_total",
      "counter",
      "Frames that sources wrote to the state.",
      one(({ stored }) => stored),
    ),
    family(
      "queued",
      "gauge",
      "Records in the state that are not settled.",
      each(({ queued }) => queued),
    ),
    family(
      "oldest_queued_seconds",
      "gauge",
      "Since the oldest record that is not settled was received.",
      each(({ oldestQueuedSeconds }) => oldestQueuedSeconds),
    ),
    family(
      "lag_seconds",
      "gauge",
      "Age of the newest event that was delivered.",
      each(({ lagSeconds }) => lagSeconds),
    ),
    family("parked", "gauge", "1 for each part that waits after a refusal.", [
      ...to(({ parked }) => (parked === undefined ? [] : [[{ part: "channel", code: parked.code }, 1]])),
      ...of(({ parked }) => parked.map(({ part, code }): Sample => [{ part, code }, 1])),
    ]),
    family(
      "troubles_total",
      "counter",
      "Refusals and failures by code.",
      of(({ troubles }) => byKey("code", troubles)),
    ),
    family(
      "requests_total",
      "counter",
      "PutAuditEvents requests.",
      each(({ counts }) => counts.requests),
    ),
    family(
      "retries_total",
      "counter",
      "Of them, repeated ones.",
      each(({ counts }) => counts.retries),
    ),
    family(
      "throttled_total",
      "counter",
      "Answers of a channel that asked for less.",
      each(({ counts }) => counts.throttled),
    ),
    family(
      "concurrency",
      "gauge",
      "Requests that may be in flight now; 0 while nothing is sent.",
      each(({ counts }) => counts.concurrency),
    ),
    family(
      "poll_pages_total",
      "counter",
      "Pages of the vendor's API that were stored.",
      one(({ pages }) => pages),
    ),
    family(
      "poll_cursor_age_seconds",
      "gauge",
      "Since the last page was stored.",
      one((s) => s.cursorAgeSeconds),
    ),
    family(
      "webhook_deliveries_total",
      "counter",
      "Deliveries by what became of them.",
      of(({ deliveries }) => Object.entries(deliveries ?? {}).map(([outcome, value]): Sample => [{ outcome }, value])),
    ),
    family(
      "files_followed",
      "gauge",
      "Files that are followed.",
      one(({ files }) => files?.followed),
    ),
    family(
      "files_unread_bytes",
      "gauge",
      "Bytes of followed files that are not read yet; of compressed ones, their size.",
      one(({ files }) => files?.unreadBytes),
    ),
    family(
      "bulk_total",
      "counter",
      "Documents of bulk requests (stored, refused), and requests that were not taken, by why.",
      of(({ bulk }) => Object.entries(bulk ?? {}).map(([outcome, value]): Sample => [{ outcome }, value])),
    ),
    family(
      "syslog_messages_total",
      "counter",
      "Syslog messages that were written to the state.",
      one(({ syslog }) => syslog?.stored),
    ),
    family(
      "syslog_dropped_datagrams_total",
      "counter",
      "Syslog datagrams that found no room and are lost.",
      one(({ syslog }) => syslog?.droppedDatagrams),
    ),
    family(
      "objects_total",
      "counter",
      "Objects of S3 by what became of them.",
      of(({ objects }) =>
        objects === undefined
          ? []
          : [
              [{ outcome: "read" }, objects.read],
              [{ outcome: "gone" }, objects.gone],
            ],
      ),
    ),
    family(
      "objects_bytes_total",
      "counter",
      "Bytes of objects that were read, as they came.",
      one(({ objects }) => objects?.bytes),
    ),
    family(
      "objects_set_aside",
      "gauge",
      "Objects that could not be read and are tried again every hour.",
      one(({ objects }) => objects?.failed),
    ),
    family(
      "queue_messages_unknown_total",
      "counter",
      "Messages of the queue that were no notice.",
      one(({ objects }) => objects?.unknownMessages),
    ),
    ...(process.leases === undefined
      ? []
      : [
          family(
            "held",
            "gauge",
            "1 where this forwarder polls and delivers the integration, 0 where another does.",
            one(({ isHeld }) => (isHeld ? 1 : 0)),
          ),
          family("takeovers_total", "counter", "Integrations taken over from a forwarder that was not heard of.", [
            [{}, process.leases.claimed],
          ]),
          family("leases_lost_total", "counter", "Integrations that another forwarder took over from this one.", [
            [{}, process.leases.lost],
          ]),
        ]),
    ...processMetrics(process),
  ].join("");
}

function byKey(label: string, counts: ReadonlyMap<string, number>): readonly Sample[] {
  return [...counts].map(([key, value]): Sample => [{ [label]: key }, value]);
}
