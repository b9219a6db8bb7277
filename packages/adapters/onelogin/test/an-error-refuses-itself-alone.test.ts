import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { onelogin } from "../src/index.ts";

test("an error answer among the records of an array refuses itself alone", () => {
  const results = onelogin.map(
    [{ id: 1, event_type_id: 5, created_at: "2026-01-10T08:09:10Z" }, { status: { error: true, code: 400 } }],
    fixtureContext,
  );
  expect(results).toMatchObject([{ kind: "event" }, { kind: "refused", code: "RECORD_NOT_RECOGNISED" }]);
});
