import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { clumio } from "../src/index.ts";

test("an error answer among the records of an array refuses itself alone", () => {
  const results = clumio.map(
    [
      { id: "1", action: "update", category: "policy", timestamp: "2026-01-10T08:09:10Z" },
      { errors: [{ errorMessage: "no" }] },
    ],
    fixtureContext,
  );
  expect(results).toMatchObject([{ kind: "event" }, { kind: "refused", code: "RECORD_NOT_RECOGNISED" }]);
});
