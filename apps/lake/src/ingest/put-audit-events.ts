import { TributaryError, limits } from "@tributary/schema";
import type { EventCounts, RequestNote } from "../access/observation.ts";
import type { IngestionStatusRecord } from "../catalog/control-catalog.ts";
import type { Clock } from "../clock.ts";
import type { ControlCache } from "../control/control-cache.ts";
import { hasIntegrations } from "../control/has-integrations.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import { decodeBody } from "../http/decode-body.ts";
import type { LakeRequest } from "../http/lake-request.ts";
import { restJson1 } from "../http/protocol.ts";
import { queryParameters } from "../http/query-parameters.ts";
import { WireError } from "../http/wire-error.ts";
import type { JournalBacklog, JournalWriter } from "../journal/journal-writer.ts";
import type { SourceRegistry } from "../sources/source-registry.ts";
import { authorizePut } from "./authorize-put.ts";
import { type CheckedEntry, checkEntries, failed } from "./check-entries.ts";
import { type RoutedRun, journalRuns } from "./journal-runs.ts";
import { type PutEntry, readPutRequest, validationError } from "./put-request.ts";

export interface PutAuditEventsOptions {
  readonly region: string;
  readonly maxBodyBytes: number;
  /** Refuse what the documentation leaves open: unknown keys, a sourceIPAddress that is no address. */
  readonly strict?: boolean;
  readonly externalIdMode?: "gate" | "iam";
  /** How far ahead of the clock an eventTime may lie, ms. Default 24 hours. */
  readonly maxFutureMs?: number | undefined;
}

export interface PutAuditEventsServices {
  readonly control: ControlCache;
  readonly authenticator: Authenticator;
  readonly journal: Pick<JournalWriter, "append"> & { backlog(): Pick<JournalBacklog, "verdict"> };
  readonly clock: Clock;
  readonly rates: { take(accountId: string, operation: string): Promise<void> | void };
  readonly sources: Pick<SourceRegistry, "allowedEventSources">;
}

/** Both lists are always there, each in the order of the request. Spec 1.2. */
export interface PutAuditEventsOutput {
  readonly failed: readonly { readonly id: string; readonly errorCode: string; readonly errorMessage: string }[];
  readonly successful: readonly { readonly id: string; readonly eventID: string }[];
}

/** The answer, and what the metrics count of it. */
interface Put extends Partial<Pick<EventCounts, "unknownKeys" | "expired">> {
  readonly output: PutAuditEventsOutput;
}

/** The data plane's one operation. It answers when every accepted event is on stable storage. Spec section 1. */
export class PutAuditEvents {
  readonly #options: PutAuditEventsOptions;
  readonly #services: PutAuditEventsServices;

  constructor(options: PutAuditEventsOptions, services: PutAuditEventsServices) {
    this.#options = options;
    this.#services = services;
  }

  /** Throws {@link WireError} for a refusal of the whole request; the order of the checks is that of spec 1.3. */
  async handle(request: LakeRequest, note: RequestNote = {}): Promise<PutAuditEventsOutput> {
    const { output, unknownKeys = 0, expired = 0 } = await this.#put(request, note);
    note.events = { ...counted(output), unknownKeys, expired };
    return output;
  }

  async #put(request: LakeRequest, note: RequestNote): Promise<Put> {
    const { control, authenticator, journal, clock } = this.#services;
    const { region, maxBodyBytes, strict = false, externalIdMode = "gate", maxFutureMs } = this.#options;
    const signed = authenticator.read(request, restJson1.signingName);
    const { caller } = await control.decide((view) => authenticator.authenticate(view, signed));
    note.caller = caller;
    await this.#services.rates.take(caller.accountId, "PutAuditEvents");
    const put = readPutRequest(
      queryParameters(request.rawQuery),
      await decodeBody(request, restJson1.mediaType, maxBodyBytes),
    );
    note.resources = [put.channel.slice(0, 256)];
    // Before the channel, of which there can be none.
    if (!hasIntegrations(region))
      throw new WireError("UnsupportedOperationException", `Integrations are not supported in ${region}.`, {
        status: 400,
      });
    const facts = {
      externalId: put.externalId,
      sourceIp: request.sourceIp,
      secureTransport: request.secure,
      now: clock.now(),
    };

    let checked: readonly CheckedEntry[] | undefined;
    let ingestiontime = 0;
    for (let attempt = 0; attempt < 10; attempt++) {
      const { channel, view } = await control.decide((state) => ({
        view: state,
        channel: authorizePut(state, authenticator.holder(state, signed).caller, put.channel, {
          region,
          externalIdMode,
          facts,
        }),
      }));
      if (checked === undefined) {
        checkWhole(put.entries);
        refuseWhenFull(journal.backlog().verdict);
        ingestiontime = clock.now();
        checked = checkEntries(put.entries, {
          channelArn: channel.arn,
          accountId: channel.accountId,
          now: ingestiontime,
          strict,
          maxFutureMs,
          eventSources: this.#services.sources.allowedEventSources(channel.source),
        });
      }
      const enabled = !view.state.disabledAccounts.has(channel.accountId);
      const stores = (enabled ? channel.destinations : []).flatMap((storeId) => {
        const store = view.state.stores.get(storeId);
        return store?.status === "ENABLED" ? [store] : [];
      });
      const output = outputOf(checked, stores.length > 0);
      const origin = {
        ingestiontime,
        channelarn: channel.arn,
        awsregion: region,
        recipientaccountid: channel.accountId,
      };
      const runs = journalRuns(checked, stores, origin, clock.now());
      const ingestion = { channelArn: channel.arn, status: ingestionStatus(output, clock.now()) };
      try {
        if ((await journal.append({ generation: view.state.generation, runs, ingestion })) === "committed")
          return { output, ...remarkable(checked, output, runs) };
      } catch (error) {
        if (!(error instanceof TributaryError) || error.code !== "JOURNAL_FAILED") throw error;
        return {
          output: { successful: [], failed: put.entries.map((entry, at) => notStored(checked![at]!, entry.id)) },
        };
      }
      await control.fresh();
    }
    throw new WireError(
      "ServiceUnavailable",
      "Channels or policies kept changing while the events were being stored. Send them again.",
      { status: 503, retryAfter: 1 },
    );
  }
}

/** What refuses the request as a whole: two entries of one id, then the total size. Spec 1.3. */
function checkWhole(entries: readonly PutEntry[]): void {
  if (new Set(entries.map(({ id }) => id)).size < entries.length)
    throw new WireError(
      "DuplicatedAuditEventId",
      "Two or more entries of the request have the same id; nothing was ingested. Send them in different requests.",
      { status: 400 },
    );
  let size = 0;
  for (const { eventData } of entries) size += eventData.length;
  // A UTF-16 unit is at most three bytes.
  if (3 * size <= limits.server.request) return;
  size = 0;
  for (const { eventData } of entries) size += Buffer.byteLength(eventData);
  if (size > limits.server.request)
    throw validationError([
      `Value at '/auditEvents' failed to satisfy constraint: the eventData of all entries must be at most ${limits.server.request} bytes together, and is ${size}`,
    ]);
}

/** Back-pressure of the journal, see storage.md. */
function refuseWhenFull(verdict: "accept" | "throttle" | "stop"): void {
  if (verdict === "throttle")
    throw new WireError(
      "ThrottlingException",
      "The lake is busy writing what it has accepted. Send the events again later.",
      { status: 429, retryAfter: 5 },
    );
  if (verdict === "stop")
    throw new WireError(
      "ServiceUnavailable",
      "The lake's disk is nearly full: it accepts no more events until there is room.",
      { status: 503, retryAfter: 30 },
    );
}

function counted({ successful, failed: refusals }: PutAuditEventsOutput): Pick<EventCounts, "accepted" | "refused"> {
  const refused: Record<string, number> = {};
  for (const { errorCode } of refusals) refused[errorCode] = (refused[errorCode] ?? 0) + 1;
  return { accepted: successful.length, refused };
}

/** What is acknowledged and yet out of the ordinary. */
function remarkable(
  checked: readonly CheckedEntry[],
  { successful }: PutAuditEventsOutput,
  runs: readonly RoutedRun[],
): Pick<EventCounts, "unknownKeys" | "expired"> {
  if (successful.length === 0) return { unknownKeys: 0, expired: 0 };
  let stored = 0;
  for (const { run } of runs) stored += run.eventids.length;
  let unknownKeys = 0;
  for (const entry of checked) if ("eventData" in entry && entry.hasUnknownKeys) unknownKeys += 1;
  return { unknownKeys, expired: successful.length - stored };
}

function outputOf(checked: readonly CheckedEntry[], subscribed: boolean): PutAuditEventsOutput {
  const output = {
    failed: [] as PutAuditEventsOutput["failed"][number][],
    successful: [] as PutAuditEventsOutput["successful"][number][],
  };
  for (const entry of checked) {
    if ("errorCode" in entry) output.failed.push(entry);
    else if (subscribed) output.successful.push({ id: entry.id, eventID: entry.eventID });
    else
      output.failed.push(
        failed(entry.id, "AccountNotSubscribed", "No destination of the channel can take events now."),
      );
  }
  return output;
}

function notStored(entry: CheckedEntry, id: string): PutAuditEventsOutput["failed"][number] {
  return "errorCode" in entry
    ? entry
    : failed(id, "InternalFailure", "The event could not be written to the journal; send it again.");
}

/** What GetChannel shows of this request. Spec 2.3. */
function ingestionStatus(output: PutAuditEventsOutput, now: number): IngestionStatusRecord {
  const success = output.successful.at(-1);
  const failure = output.failed.at(-1);
  return {
    attemptTime: now,
    attemptEventId: success?.eventID,
    ...(success && { successTime: now, successEventId: success.eventID }),
    ...(failure && { errorCode: `${failure.errorCode}: ${failure.errorMessage}`.slice(0, 1000) }),
  };
}
