import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test, vi } from "vitest";
import { cyberark } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** The suite tries long values at every leaf of every fixture: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 120_000 });

adapterSuite({ test, adapter: cyberark, fixtures });

samplesRun({
  test,
  adapter: cyberark,
  fixtures,
  samples: new URL("../../../../../shared/samples/cyberark/", import.meta.url),
  minimum: 1,
});
