import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { launchdarkly } from "../src/index.ts";

test("an error answer among the records of an array refuses itself alone", () => {
  const results = launchdarkly.map(
    [
      { _id: "1", kind: "flag", date: 1_768_032_550_987 },
      { code: "rate_limited", message: "no" },
    ],
    fixtureContext,
  );
  expect(results).toMatchObject([{ kind: "event" }, { kind: "refused", code: "RECORD_NOT_RECOGNISED" }]);
});
