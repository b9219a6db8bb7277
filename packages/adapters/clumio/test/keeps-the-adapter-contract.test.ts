import { adapterSuite, samplesRun } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { clumio } from "../src/index.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: clumio, fixtures });

samplesRun({
  test,
  adapter: clumio,
  fixtures,
  samples: new URL("../../../../../shared/samples/clumio/", import.meta.url),
  // The published sample ends in the middle of a record.
  skip: ["monad-docs-excerpt.txt"],
  minimum: 1,
});
