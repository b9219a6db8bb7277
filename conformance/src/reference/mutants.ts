import { eventMutants } from "./event-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { policyMutants } from "./policy-mutants.ts";
import { requestMutants } from "./request-mutants.ts";
import { roleMutants } from "./role-mutants.ts";
import { signatureMutants } from "./signature-mutants.ts";

/** Every lake with a defect that the suite must find. */
export const mutants: readonly Mutant[] = [
  ...requestMutants,
  ...eventMutants,
  ...signatureMutants,
  ...policyMutants,
  ...roleMutants,
];
