import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test, vi } from "vitest";
import { crowdstrike } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** The suite tries long values at every leaf of every fixture: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 120_000 });

adapterSuite({ test, adapter: crowdstrike, fixtures });

// Vertices of the Threat Graph and a made-up type are refused; telemetry and inventory are dropped: the README says which.
samplesRun({
  test,
  adapter: crowdstrike,
  fixtures,
  samples: new URL("../../../../../shared/samples/crowdstrike/", import.meta.url),
});
