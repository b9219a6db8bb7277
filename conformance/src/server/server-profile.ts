import { channelsChecks } from "../channels/channels-checks.ts";
import type { Check } from "../core/check.ts";
import type { Profile } from "../core/clause.ts";
import { ingestChecks } from "../ingest/ingest-checks.ts";
import { policyChecks } from "../policy/policy-checks.ts";
import { queryChecks } from "../query/query-checks.ts";
import { sequenceChecks } from "../sequences/sequence-checks.ts";
import type { ServerWorld } from "./server-world.ts";

/** Profiles of a server, each with its checks. */
export const serverProfiles: Readonly<Partial<Record<Profile, readonly Check<ServerWorld>[]>>> = {
  ingest: ingestChecks,
  channels: [...channelsChecks, ...sequenceChecks],
  policy: policyChecks,
  query: queryChecks,
};
