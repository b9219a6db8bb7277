import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { montycloud } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: montycloud, fixtures });

samplesRun({
  test,
  adapter: montycloud,
  fixtures,
  samples: new URL("../../../../../shared/samples/montycloud/", import.meta.url),
});
