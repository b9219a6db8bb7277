import { expect, test } from "vitest";
import { snyk } from "../src/index.ts";

test("a policy of 200 kB is cut to what an event holds, and the event says so", () => {
  const note = "Ask before you use it. ".repeat(10);
  const rules = Array.from({ length: 800 }, (_, n) => ({ name: `Rule ${n}`, actions: [{ type: "override", note }] }));
  const content = { after: { description: "A policy", configuration: { rules } }, before: {}, publicId: "example" };
  const [result] = snyk.map(
    { content, created: "2026-01-15T09:00:00.497Z", event: "group.policy.create", group_id: "example" },
    { accountId: "111122223333", origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 } },
  );
  if (result?.kind !== "event") throw new Error(JSON.stringify(result));
  expect(result.marks).toEqual([{ kind: "trimmed", path: "/responseElements/after/configuration/rules" }]);
  expect(JSON.parse(result.eventData)).toMatchObject({
    requestParameters: { before: {}, publicId: "example" },
    responseElements: { after: { description: "A policy", configuration: { rules: { trimmed: true } } } },
  });
});
