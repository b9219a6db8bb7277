import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMembers } from "../core/members.ts";
import { httpExchange } from "../wire/http-exchange.ts";
import { encoded, sign } from "../wire/sign.ts";
import type { ShipperSetting, ShipperSubject } from "./shipper-subject.ts";

interface Parcel {
  readonly id: string;
  readonly eventData: string;
}

/** What came of one call. */
interface Outcome {
  readonly successful: readonly string[];
  /** Id and code. */
  readonly failed: readonly (readonly [id: string, code: string])[];
  /** Of the request as a whole; empty for a 200 that could be read. */
  readonly refusal: string;
}

/** Decisions of the reference shipper, spec 8. A mutant changes one of them. */
export const shipperRules = {
  maxEvents: 100,
  maxBytes: 1_000_000,
  idOf: (record: string, _index: number): string => createHash("sha256").update(record).digest("base64url"),
  eventTime: (): string => "2026-11-01T00:00:00Z",
  checksum: (eventData: string): string | undefined => createHash("sha256").update(eventData).digest("base64"),
  sendsExternalId: true,
  service: "cloudtrail-data",
  /** Codes of an entry that may be tried again. */
  retryable: (code: string): boolean => code === "Throttling" || code === "InternalFailure",
  resends: (batch: readonly Parcel[], open: readonly Parcel[]): readonly Parcel[] =>
    open.length < batch.length ? open : batch,
  missingIsDelivered: false,
  refusedIsDelivered: false,
  /** What a refusal as a whole means. */
  action: (code: string): "again" | "split" | "stop" | "drop" => {
    if (/^(ChannelInsufficientPermission|AccessDenied|ChannelNotFound|InvalidChannelARN|InvalidSignature)/.test(code))
      return "stop";
    return code === "ValidationException" || code === "DuplicatedAuditEventId" ? "split" : "again";
  },
  attempts: 8,
  pauseMs: (attempt: number): number => 50 * 2 ** attempt,
  exitCode: (dead: number, left: number): number => (dead + left === 0 ? 0 : 1),
  /** When the state says that records are done. */
  marks: "after-answer" as "after-answer" | "before-call" | "at-end" | "highest",
  forgetsOnStop: false,
};
export type ShipperRules = typeof shipperRules;

/**
 * A small shipper that keeps spec 8: the subject on which the checks of a shipper are proven. It reads one record a line, makes one event of
 * each, and keeps the ids that are settled in its state.
 */
export function referenceShipper(rules: ShipperRules = shipperRules): ShipperSubject {
  return {
    name: "the reference shipper",
    run: async (setting, { kill, timeoutMs }) => {
      const deadline = performance.now() + timeoutMs;
      const isOver = () => kill?.aborted === true || performance.now() > deadline;
      const exitCode = await ship(setting, rules, isOver);
      if (kill?.aborted === true) return { exitCode: null, timedOut: false };
      return { exitCode, timedOut: performance.now() > deadline };
    },
  };
}

async function ship(setting: ShipperSetting, rules: ShipperRules, isOver: () => boolean): Promise<number> {
  const state = settledIn(setting.state);
  const settle = (ids: readonly string[]) => {
    if (isOver()) return;
    for (const id of ids) state.ids.add(id);
    state.save();
  };
  const lines = readFileSync(setting.records, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const parcels = lines.map((record, index) => parcelOf(record, index, rules));
  const open = parcels.filter(({ id }) => !state.ids.has(id));
  const queue = batches(open, rules);
  let dead = 0;
  for (let batch = queue.shift(); batch !== undefined && !isOver(); batch = queue.shift()) {
    if (rules.marks === "before-call") settle(batch.map(({ id }) => id));
    let rest: readonly Parcel[] = batch;
    for (let attempt = 0; rest.length > 0 && attempt < rules.attempts && !isOver(); attempt++) {
      if (attempt > 0) await pause(rules.pauseMs(attempt), isOver);
      const { successful, failed, refusal } = await call(setting, rest, rules);
      if (isOver()) break;
      if (refusal !== "") {
        const action = rules.action(refusal);
        if (action === "again") continue;
        if (action === "stop") {
          if (rules.forgetsOnStop) settle(open.map(({ id }) => id));
          return rules.exitCode(dead, rest.length);
        }
        if (action === "drop" || rest.length === 1) dead += rest.length;
        else queue.unshift(rest.slice(0, rest.length >> 1), rest.slice(rest.length >> 1));
        if (action === "drop" || rest.length === 1) settle(rest.map(({ id }) => id));
        rest = [];
        break;
      }
      const ends = new Map<string, string>(failed);
      const delivered = new Set([
        ...successful,
        ...(rules.missingIsDelivered ? rest.map(({ id }) => id).filter((id) => !ends.has(id)) : []),
        ...(rules.refusedIsDelivered ? ends.keys() : []),
      ]);
      const refused = rest.filter(
        ({ id }) => ends.has(id) && !rules.retryable(ends.get(id) ?? "") && !delivered.has(id),
      );
      dead += refused.length;
      const done = new Set([...delivered, ...refused.map(({ id }) => id)]);
      if (rules.marks === "after-answer") settle([...done]);
      if (rules.marks === "highest")
        settle(
          parcels
            .slice(0, 1 + Math.max(...[...done].map((id) => parcels.findIndex((one) => one.id === id))))
            .map(({ id }) => id),
        );
      const left = rest.filter(({ id }) => !done.has(id));
      rest = left.length === 0 ? [] : rules.resends(rest, left);
    }
  }
  if (rules.marks === "at-end") settle(parcels.map(({ id }) => id));
  return rules.exitCode(dead, parcels.filter(({ id }) => !state.ids.has(id)).length);
}

function parcelOf(record: string, index: number, rules: ShipperRules): Parcel {
  const id = rules.idOf(record, index);
  const eventData = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "User", principalId: "alice" },
    eventSource: "reference.example.com",
    eventName: "Recorded",
    eventTime: rules.eventTime(),
    UID: id,
    recipientAccountId: "111122223333",
    requestParameters: { record },
  });
  return { id, eventData };
}

function batches(parcels: readonly Parcel[], rules: ShipperRules): (readonly Parcel[])[] {
  const made: Parcel[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const parcel of parcels) {
    const size = Buffer.byteLength(JSON.stringify(entryOf(parcel, rules))) + 1;
    const last = made.at(-1);
    if (last !== undefined && last.length < rules.maxEvents && bytes + size <= rules.maxBytes) last.push(parcel);
    else made.push([parcel]);
    bytes = last === made.at(-1) ? bytes + size : 20 + size;
  }
  return made;
}

const entryOf = ({ id, eventData }: Parcel, rules: ShipperRules) => ({
  id,
  eventData,
  eventDataChecksum: rules.checksum(eventData),
});

async function call(setting: ShipperSetting, parcels: readonly Parcel[], rules: ShipperRules): Promise<Outcome> {
  const { endpoint, region, channelArn, externalId } = setting;
  const target = `/PutAuditEvents?channelArn=${encoded(channelArn)}${rules.sendsExternalId ? `&externalId=${encoded(externalId)}` : ""}`;
  const body = Buffer.from(JSON.stringify({ auditEvents: parcels.map((parcel) => entryOf(parcel, rules)) }));
  const request = {
    method: "POST",
    target,
    headers: [
      ["Host", new URL(endpoint).host],
      ["Content-Type", "application/json"],
    ] as const,
    body,
  };
  const headers = sign(request, {
    identity: { ...setting, accountId: "" },
    region,
    service: rules.service,
    at: Date.now(),
  });
  const nothing = { successful: [], failed: [] };
  try {
    const answer = await httpExchange(endpoint)({
      ...request,
      headers: [...headers, ["Content-Length", String(body.length)]],
    });
    const json: unknown = JSON.parse(Buffer.from(answer.body).toString());
    if (!isMembers(json)) return { ...nothing, refusal: "Unreadable" };
    if (answer.status !== 200) return { ...nothing, refusal: String(json["__type"]) };
    const list = (name: string) => (Array.isArray(json[name]) ? json[name].filter(isMembers) : []);
    return {
      successful: list("successful").map((one) => String(one["id"])),
      failed: list("failed").map((one) => [String(one["id"]), String(one["errorCode"])] as const),
      refusal: "",
    };
  } catch {
    return { ...nothing, refusal: "Unreachable" };
  }
}

/** The ids that are settled: a file, written anew each time. */
function settledIn(directory: string): { readonly ids: Set<string>; readonly save: () => void } {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "settled.json");
  const known: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const ids = new Set(Array.isArray(known) ? known.map(String) : []);
  return { ids, save: () => writeFileSync(file, JSON.stringify([...ids])) };
}

async function pause(ms: number, isOver: () => boolean): Promise<void> {
  if (!isOver()) await new Promise((resolve) => setTimeout(resolve, ms));
}
