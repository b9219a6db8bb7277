import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { decisionChecks } from "./decision-checks.ts";
import { documentChecks } from "./document-checks.ts";
import { roleChecks } from "./role-checks.ts";
import { storeDocumentChecks } from "./store-document-checks.ts";

/** The profile `policy`: resource policies of channels and of event data stores, spec 2.5 and 3. */
export const policyChecks: readonly Check<ServerWorld>[] = [
  ...documentChecks,
  ...storeDocumentChecks,
  ...decisionChecks,
  ...roleChecks,
];
