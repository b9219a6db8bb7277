import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test, vi } from "vitest";
import { kong } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** The suite tries long values at every leaf of every fixture: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 120_000 });

adapterSuite({ test, adapter: kong, fixtures });

samplesRun({
  test,
  adapter: kong,
  fixtures,
  samples: new URL("../../../../../shared/samples/kong/", import.meta.url),
});
