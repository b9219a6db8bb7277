import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { custom } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);
const samples = new URL("../../../../../shared/samples/custom/", import.meta.url);

adapterSuite({ test, adapter: custom, fixtures });

samplesRun({
  test,
  adapter: custom,
  fixtures,
  samples,
  // rfc5424.json is a collection of texts, see syslog-reads-what-is-sent; ocsf is the next run's.
  skip: ["rfc5424.json", "ocsf"],
  // All that have a time: 44 Workspace records and 3 of Google Cloud were stripped of theirs for rule tests, and one of all but its method.
  minimum: 316 / 364,
});

samplesRun({ test, adapter: custom, fixtures, samples: new URL("ocsf/", samples), minimum: 1 });
