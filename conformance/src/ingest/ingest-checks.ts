import type { Check } from "../core/check.ts";
import { batchChecks } from "./batch-checks.ts";
import { bodyChecks } from "./body-checks.ts";
import { checksumChecks } from "./checksum-checks.ts";
import { eventChecks } from "./event-checks.ts";
import { eventTimeChecks } from "./event-time-checks.ts";
import { responseChecks } from "./response-checks.ts";
import type { IngestWorld } from "./ingest-world.ts";
import { limitChecks } from "./limit-checks.ts";
import { requestChecks } from "./request-checks.ts";
import { wireChecks } from "./wire-checks.ts";

/** The profile `ingest`: PutAuditEvents, spec 1 and 5. */
export const ingestChecks: readonly Check<IngestWorld>[] = [
  ...requestChecks,
  ...bodyChecks,
  ...batchChecks,
  ...responseChecks,
  ...eventChecks,
  ...eventTimeChecks,
  ...limitChecks,
  ...checksumChecks,
  ...wireChecks,
];
