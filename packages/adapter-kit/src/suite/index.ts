export { adapterSuite } from "./adapter-suite.ts";
export type { SuiteOptions } from "./adapter-suite.ts";
export { compareFixture, fixtureContext, mapFile, readFixtures, recordsOf, showResults } from "./fixtures.ts";
export type { Fixture, FixtureRecord, MappedFrame } from "./fixtures.ts";
export { lostLeaves } from "./lost-leaves.ts";
export type { ShownEvent } from "./lost-leaves.ts";
export { samplesRun } from "./samples-run.ts";
export type { SamplesOptions } from "./samples-run.ts";
export type { SuiteTest } from "./suite-test.ts";
