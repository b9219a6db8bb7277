import type { GetEventDataStoreCommandOutput } from "@aws-sdk/client-cloudtrail";
import type { EventDataStore } from "./control-plane.ts";
import { needed } from "./needed.ts";
import { unfitStore } from "./unfit-store.ts";

/** A store of an answer of GetEventDataStore. */
export function storeOf(answer: GetEventDataStoreCommandOutput): EventDataStore {
  return {
    arn: needed(answer.EventDataStoreArn),
    name: answer.Name ?? "",
    status: answer.Status ?? "",
    retentionDays: answer.RetentionPeriod ?? 0,
    terminationProtection: answer.TerminationProtectionEnabled ?? false,
    unfit: unfitStore(answer),
  };
}
