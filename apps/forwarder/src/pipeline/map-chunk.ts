import { type Adapter, type Json, mapFrame, type Result } from "@tributary/adapter-kit";
import { checkAuditEvent } from "@tributary/schema";
import type { Again, MappedRecord, SpooledFrame } from "../state/chunk-codec.ts";

/** How records become events; the same for every chunk of a run. */
export interface Mapping {
  readonly adapter: Adapter;
  /** The account of the channel's ARN. */
  readonly accountId: string;
  readonly options?: Json | undefined;
  /** Check every event again: for adapters that may not have been built by `defineAdapter`, which checks its own. */
  readonly checkEvents: boolean;
  /** ms since 1970; bounds eventTime. */
  readonly now: () => number;
}

/** The records of a chunk, in order; every frame's bytes are in one of them. Never throws. */
export function mapChunk(
  frames: readonly SpooledFrame[],
  format: string,
  receivedAt: string,
  mapping: Mapping,
): readonly MappedRecord[] {
  const { adapter, accountId, options, checkEvents } = mapping;
  const records: MappedRecord[] = [];
  for (const [frame, { bytes, occurrence, tooLong, about = {}, again }] of frames.entries()) {
    const { header, peer, payload, unfinished } = about;
    if (unfinished === true) {
      records.push({ frame, result: unfinishedFrame });
      continue;
    }
    const context = {
      options,
      accountId,
      origin: { receivedAt, occurrence, ...(header && { header }), ...(peer !== undefined && { peer }) },
      ...(tooLong ? { tooLong: true as const } : {}),
    };
    const record = payload === undefined ? bytes : bytes.subarray(payload);
    for (const result of asked(mapFrame(adapter, format, record, context), again))
      records.push({ frame, result: checkEvents ? checked(result, mapping) : result });
  }
  return records;
}

const unfinishedFrame: Result = {
  kind: "refused",
  part: 0,
  code: "FRAME_UNFINISHED",
  path: "",
  message:
    "The connection ended within this message: its end is missing. Senders that keep a queue send it again whole.",
};

/**
 * Of a frame that is tried again, the records that had no other end. Where it is no longer split as it was, all of them: what was
 * delivered then is known by its id.
 */
function asked(results: readonly Result[], again: Again | undefined): readonly Result[] {
  const { only } = again ?? {};
  return only === undefined || results.length !== only.of
    ? results
    : results.filter(({ part }) => only.parts.includes(part));
}

const idPattern = /^[-_A-Za-z0-9]{1,128}$/;

function checked(result: Result, { adapter, accountId, now }: Mapping): Result {
  const refuse = (code: string, path: string, message: string): Result => ({
    kind: "refused",
    part: result.part,
    code,
    path,
    message,
  });
  if (result.kind === "dropped")
    return typeof result.rule === "string"
      ? result
      : refuse("ADAPTER_FAULT", "", `${adapter.name} dropped a record and named no rule.`);
  if (result.kind !== "event") return result;
  if (!idPattern.test(result.id))
    return refuse("ID_INVALID", "", `${adapter.name} gave an id that is not 1 to 128 of [-_A-Za-z0-9].`);
  const [problem] = checkAuditEvent(
    { eventData: result.eventData },
    { profile: "sender", accountId, now: now() },
  ).problems;
  return problem === undefined ? result : refuse(problem.code, problem.path, problem.message);
}
