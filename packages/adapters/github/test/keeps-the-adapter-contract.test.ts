import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test, vi } from "vitest";
import { github } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** The suite tries long values at every leaf of every fixture: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 120_000 });

adapterSuite({ test, adapter: github, fixtures });

// Most of the real files hold other kinds on purpose (webhooks, syslog, warehouse rows) or test records without a time:
// the README says which. All the others must be events.
samplesRun({
  test,
  adapter: github,
  fixtures,
  samples: new URL("../../../../../shared/samples/github/", import.meta.url),
  minimum: 0.18,
});
