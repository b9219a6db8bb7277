import { codePoints } from "@tributary/schema";
import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import { event, put } from "../ingest/ingest-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { succeeded } from "../wire/answer.ts";
import { channelOf, done, soon, withChannel } from "./channels-world.ts";

/** Spec 2.3: what GetChannel tells of the last request. */
export const ingestionChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/ingestion/nothing-before-the-first",
    run: (world) =>
      withChannel(world, async (Channel) => {
        const { IngestionStatus: status = {} } = await done(world, "GetChannel", { Channel });
        expects(JSON.stringify(status) === "{}", "no IngestionStatus, or an empty one", status);
      }),
  },
  {
    clause: "channels/ingestion/latest-success",
    run: async (world) => {
      const eventID = await takenAs(world, "success");
      const status = await soon(
        world,
        () => statusOf(world),
        (one) => one["LatestIngestionSuccessEventID"] === eventID,
      );
      const { LatestIngestionSuccessEventID: id, LatestIngestionSuccessTime: time } = status;
      expects(id === eventID, `LatestIngestionSuccessEventID ${eventID}, as PutAuditEvents answered it`, status);
      expects(isNear(world, time), "LatestIngestionSuccessTime, in seconds since 1970, of just now", status);
    },
  },
  {
    clause: "channels/ingestion/latest-attempt",
    run: async (world) => {
      const eventID = await takenAs(world, "attempt");
      const status = await soon(
        world,
        () => statusOf(world),
        (one) => one["LatestIngestionAttemptEventID"] === eventID,
      );
      const { LatestIngestionAttemptEventID: id, LatestIngestionAttemptTime: time } = status;
      expects(id === eventID, `LatestIngestionAttemptEventID ${eventID}, as PutAuditEvents answered it`, status);
      expects(isNear(world, time), "LatestIngestionAttemptTime, in seconds since 1970, of just now", status);
    },
  },
  {
    clause: "channels/ingestion/latest-error",
    run: async (world) => {
      const status = await failing(world);
      const { LatestIngestionErrorCode: code } = status;
      const length = typeof code === "string" ? codePoints(code) : 0;
      expects(length >= 4 && length <= 1000, "LatestIngestionErrorCode, 4 to 1000 characters, after a failure", status);
      expects(isNear(world, status["LatestIngestionAttemptTime"]), "LatestIngestionAttemptTime of just now", status);
    },
  },
  {
    clause: "channels/ingestion/error-names-the-code",
    run: async (world) => {
      const { LatestIngestionErrorCode: code } = await failing(world);
      expects(
        String(code).startsWith("InvalidRecipient"),
        "LatestIngestionErrorCode begins with InvalidRecipient",
        code,
      );
    },
  },
  {
    clause: "channels/ingestion/a-failure-keeps-the-success",
    run: async (world) => {
      await takenAs(world, "earlier");
      const eventID = await takenAs(world, "kept");
      const status = await failing(world);
      expects(
        status["LatestIngestionSuccessEventID"] === eventID,
        `LatestIngestionSuccessEventID ${eventID} also after a failure`,
        status,
      );
    },
  },
];

/** An event that is taken. Answers its eventID. */
async function takenAs(world: ServerWorld, id: string): Promise<string> {
  const eventData = JSON.stringify(event(world, { UID: `${world.prefix}-${id}` }));
  const { successful } = succeeded(await put(world, [{ id, eventData }]));
  const [first] = Array.isArray(successful) ? (successful as readonly unknown[]) : [];
  const eventID = isMembers(first) ? first["eventID"] : undefined;
  expects(typeof eventID === "string", "an eventID for the event", successful);
  return eventID;
}

/** An event that fails, and what is told of it. */
async function failing(world: ServerWorld): Promise<Members> {
  const eventData = JSON.stringify(event(world, { recipientAccountId: "000000000000" }));
  const { failed } = succeeded(await put(world, [{ id: "fails", eventData }]));
  expects(Array.isArray(failed) && failed.length === 1, "the event fails: it is of another account", failed);
  return soon(
    world,
    () => statusOf(world),
    (one) => one["LatestIngestionErrorCode"] !== undefined,
  );
}

async function statusOf(world: ServerWorld): Promise<Members> {
  const { IngestionStatus: status } = await channelOf(world);
  return isMembers(status) ? status : {};
}

/** Within an hour. */
function isNear(world: ServerWorld, seconds: unknown): boolean {
  return typeof seconds === "number" && Math.abs(seconds * 1000 - world.wire.subject.now()) < 3_600_000;
}
