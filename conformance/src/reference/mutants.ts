import { arnMutants } from "./arn-mutants.ts";
import { channelMutants } from "./channel-mutants.ts";
import { controlMutants } from "./control-mutants.ts";
import { destinationMutants } from "./destination-mutants.ts";
import { eventMutants } from "./event-mutants.ts";
import { functionMutants } from "./function-mutants.ts";
import { listMutants } from "./list-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { policyMutants } from "./policy-mutants.ts";
import { queryMutants } from "./query-mutants.ts";
import { queryMemberMutants } from "./query-member-mutants.ts";
import { requestMutants } from "./request-mutants.ts";
import { roleMutants } from "./role-mutants.ts";
import { rowMutants } from "./row-mutants.ts";
import { sequenceMutants } from "./sequence-mutants.ts";
import { sharedMutants } from "./shared-mutants.ts";
import { signatureMutants } from "./signature-mutants.ts";
import { sqlMutants } from "./sql-mutants.ts";
import { storeChangeMutants } from "./store-change-mutants.ts";
import { storeMutants } from "./store-mutants.ts";
import { storePolicyMutants } from "./store-policy-mutants.ts";
import { tagMutants } from "./tag-mutants.ts";

/** Every lake with a defect that the suite must find. */
export const mutants: readonly Mutant[] = [
  ...requestMutants,
  ...eventMutants,
  ...signatureMutants,
  ...policyMutants,
  ...roleMutants,
  ...storePolicyMutants,
  ...controlMutants,
  ...arnMutants,
  ...channelMutants,
  ...destinationMutants,
  ...listMutants,
  ...storeMutants,
  ...storeChangeMutants,
  ...tagMutants,
  ...queryMutants,
  ...rowMutants,
  ...sqlMutants,
  ...functionMutants,
  ...queryMemberMutants,
  ...sharedMutants,
  ...sequenceMutants,
];
