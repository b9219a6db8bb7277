import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { cancelChecks } from "./cancel-checks.ts";
import { columnChecks } from "./column-checks.ts";
import { combineChecks } from "./combine-checks.ts";
import { describeChecks } from "./describe-checks.ts";
import { functionChecks } from "./function-checks.ts";
import { groupChecks } from "./group-checks.ts";
import { lawChecks } from "./law-checks.ts";
import { listChecks } from "./list-checks.ts";
import { mapChecks } from "./map-checks.ts";
import { memberChecks } from "./member-checks.ts";
import { refusalChecks } from "./refusal-checks.ts";
import { resultsChecks } from "./results-checks.ts";
import { rowChecks } from "./row-checks.ts";
import { selectChecks } from "./select-checks.ts";
import { sharedChecks } from "./shared-checks.ts";
import { startChecks } from "./start-checks.ts";
import { storeChecks } from "./store-checks.ts";
import { timeChecks } from "./time-checks.ts";

/** The profile `query`: queries and Lake SQL over events that the suite has put. Spec 2.7, 2.8 and SQL-2023. */
export const queryChecks: readonly Check<ServerWorld>[] = [
  ...startChecks,
  ...refusalChecks,
  ...rowChecks,
  ...columnChecks,
  ...mapChecks,
  ...timeChecks,
  ...selectChecks,
  ...groupChecks,
  ...combineChecks,
  ...functionChecks,
  ...describeChecks,
  ...resultsChecks,
  ...listChecks,
  ...cancelChecks,
  ...memberChecks,
  ...lawChecks,
  ...sharedChecks,
  ...storeChecks,
];
