import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { okta } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: okta, fixtures });

samplesRun({
  test,
  adapter: okta,
  fixtures,
  samples: new URL("../../../../../shared/samples/okta/", import.meta.url),
  skip: ["event-types-catalog.csv"],
  // All that have a readable `published`: 16 cut-down or redacted rule tests have none, one line is a detail of a record.
  minimum: 149 / 166,
});
