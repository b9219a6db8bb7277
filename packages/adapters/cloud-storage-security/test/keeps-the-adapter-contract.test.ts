import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { cloudStorageSecurity } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: cloudStorageSecurity, fixtures });

samplesRun({
  test,
  adapter: cloudStorageSecurity,
  fixtures,
  samples: new URL("../../../../../shared/samples/cloud-storage-security/", import.meta.url),
});
