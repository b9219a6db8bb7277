import { readFileSync } from "node:fs";
import { mapFrame } from "@tributary/adapter-kit";
import { adapterSuite, mapFile, fixtureContext, samplesRun } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { shoreline } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: shoreline, fixtures });

samplesRun({
  test,
  adapter: shoreline,
  fixtures,
  samples: new URL("../../../../../shared/samples/shoreline/", import.meta.url),
});

test("a row has one id, downloaded as CSV or written as JSON, whatever the case of the header", () => {
  const csv = readFileSync(new URL("download-of-the-audit-page.record.csv", fixtures));
  const [downloaded] = mapFile(shoreline, "csv", csv, fixtureContext).flatMap(({ results }) => results);
  const written = JSON.stringify({
    TIMESTAMP: "2026-01-10T08:09:10.500Z",
    details: "Create File file_00000000000000000000000000000001",
    Status: "Success",
    user: "alice@example.com",
  });
  const [line] = mapFrame(shoreline, "ndjson", new TextEncoder().encode(written), fixtureContext);
  expect(line).toEqual(downloaded);
});
