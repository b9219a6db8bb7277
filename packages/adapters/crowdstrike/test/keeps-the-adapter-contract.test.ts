import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test, vi } from "vitest";
import { crowdstrike } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** The suite tries long values at every leaf of every fixture: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 120_000 });

adapterSuite({ test, adapter: crowdstrike, fixtures });

// A file of warehouse rows and the inventory lines of the replicator are other kinds: the README says which.
samplesRun({
  test,
  adapter: crowdstrike,
  fixtures,
  samples: new URL("../../../../../shared/samples/crowdstrike/", import.meta.url),
  minimum: 0.8,
});
