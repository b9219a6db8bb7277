import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { ibmMulticloud } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: ibmMulticloud, fixtures });

samplesRun({
  test,
  adapter: ibmMulticloud,
  fixtures,
  samples: new URL("../../../../../shared/samples/ibm-multicloud/", import.meta.url),
  // Four of the vendor's five published examples have a year of three digits, which is no time.
  minimum: 1 / 5,
});
