import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { arnChecks } from "./arn-checks.ts";
import { channelChecks } from "./channel-checks.ts";
import { deletionChecks } from "./deletion-checks.ts";
import { destinationChecks } from "./destination-checks.ts";
import { ingestionChecks } from "./ingestion-checks.ts";
import { keptEventChecks } from "./kept-event-checks.ts";
import { listChecks } from "./list-checks.ts";
import { memberChecks } from "./member-checks.ts";
import { ownErrorChecks } from "./own-error-checks.ts";
import { protocolChecks } from "./protocol-checks.ts";
import { quotaChecks } from "./quota-checks.ts";
import { retentionChecks } from "./retention-checks.ts";
import { signatureChecks } from "./signature-checks.ts";
import { storeChecks } from "./store-checks.ts";
import { selectorChecks } from "./selector-checks.ts";
import { tagChecks } from "./tag-checks.ts";
import { tagLengthChecks } from "./tag-length-checks.ts";

/** The profile `channels`: the control plane, spec 2, 4, 5 and 6. Every check needs one. */
export const channelsChecks: readonly Check<ServerWorld>[] = [
  ...protocolChecks,
  ...memberChecks,
  ...ownErrorChecks,
  ...arnChecks,
  ...channelChecks,
  ...destinationChecks,
  ...ingestionChecks,
  ...listChecks,
  ...storeChecks,
  ...selectorChecks,
  ...retentionChecks,
  ...deletionChecks,
  ...tagChecks,
  ...tagLengthChecks,
  ...keptEventChecks,
  ...signatureChecks,
  ...quotaChecks,
].map((check) => ({ ...check, needs: ["control-plane", ...(check.needs ?? [])] }));
