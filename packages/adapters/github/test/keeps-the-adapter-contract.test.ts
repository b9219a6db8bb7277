import { existsSync, readFileSync } from "node:fs";
import { adapterSuite, fixtureContext, mapFile, samplesRun } from "@tributary/adapter-kit/suite";
import { expect, test, vi } from "vitest";
import { github } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** The suite tries long values at every leaf of every fixture: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 120_000 });

adapterSuite({ test, adapter: github, fixtures });

const samples = new URL("../../../../../shared/samples/github/", import.meta.url);

// 25 test records of the audit log were stripped of their times, 63 webhook bodies have none, and 3 do not tell their event.
samplesRun({ test, adapter: github, fixtures, samples, minimum: 67 / 158 });

test("webhook bodies without a time are events when their receipt may count", () => {
  const file = new URL("panther-github-webhook.ndjson", samples);
  if (!existsSync(file)) return;
  const told = { ...fixtureContext, options: { undatedWebhooks: "received" } };
  const results = mapFile(github, "ndjson", readFileSync(file), told).flatMap((frame) => frame.results);
  expect(results.filter(({ kind }) => kind === "event")).toHaveLength(71);
});
