export { adapterChecks } from "./adapter/adapter-checks.ts";
export { adapterPromises, fixtureClause } from "./adapter/adapter-promises.ts";
export { channelsChecks } from "./channels/channels-checks.ts";
export { type Clause, clauses, type Level, type Profile, profiles } from "./core/clause.ts";
export { type Check, type Claim, claims, type Tools } from "./core/check.ts";
export { conforms, type Evidence, type Report, type Result, type Status, totals } from "./core/report.ts";
export { runChecks, type RunOptions } from "./core/run-checks.ts";
export { Unmet } from "./core/unmet.ts";
export { ingestChecks } from "./ingest/ingest-checks.ts";
export type { IngestWorld } from "./ingest/ingest-world.ts";
export { referenceLake, type ReferenceSetting } from "./reference/reference-lake.ts";
export type { EventDataStore, StoredEvent } from "./reference/control-state.ts";
export type { QueriedLake, QueryEngine, QueryOperation } from "./reference/query-port.ts";
export { type Rules, rules } from "./reference/rules.ts";
export { httpExchange } from "./wire/http-exchange.ts";
export type { Identity, RoleSession } from "./wire/identity.ts";
export { claimsOf, type Subject } from "./wire/subject.ts";
export { Wire } from "./wire/wire.ts";
export type { Exchange, WireAnswer, WireRequest } from "./wire/wire-request.ts";
export type { Mutant } from "./reference/mutant.ts";
export { mutants } from "./reference/mutants.ts";
export { judgeMutant, type Verdict } from "./reference/judge-mutant.ts";
export { cannotBeMutated } from "./reference/cannot-be-mutated.ts";
export { shipperChecks } from "./shipper/shipper-checks.ts";
export { referenceShipper, type ShipperRules, shipperRules } from "./shipper/reference-shipper.ts";
export { type ShipperMutant, shipperMutants } from "./shipper/shipper-mutants.ts";
export type { ShipperSubject } from "./shipper/shipper-subject.ts";
export type { ShipperWorld } from "./shipper/shipper-world.ts";
export { differencesSchema, reportSchema } from "./report/report-schema.ts";
export { policyChecks } from "./policy/policy-checks.ts";
export { queryChecks } from "./query/query-checks.ts";
export { openServerWorld, type ServerWorld } from "./server/server-world.ts";
export { type Difference, type Differences, differencesOf } from "./report/differences.ts";
export { sequenceChecks } from "./sequences/sequence-checks.ts";
export { type AdapterMutant, adapterMutants } from "./adapter/adapter-mutants.ts";
export {
  referenceAdapter,
  type ReferenceDefinition,
  referenceDefinition,
  referenceFixtures,
} from "./adapter/reference-adapter.ts";
