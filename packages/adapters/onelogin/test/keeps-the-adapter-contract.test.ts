import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { onelogin } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: onelogin, fixtures });

samplesRun({
  test,
  adapter: onelogin,
  fixtures,
  samples: new URL("../../../../../shared/samples/onelogin/", import.meta.url),
  // 29 of 32 are cut-down tests of rules without any time, and an event needs one.
  minimum: 3 / 32,
});
