import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { kong } from "../src/index.ts";

test("an error answer among the records of an array refuses itself alone", () => {
  const results = kong.map(
    [{ method: "GET", path: "/", request_id: "1", request_timestamp: 1_768_032_550 }, { message: "no" }],
    fixtureContext,
  );
  expect(results).toMatchObject([{ kind: "event" }, { kind: "refused", code: "RECORD_NOT_RECOGNISED" }]);
});
