import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { withTables } from "../scripts/readme-tables.ts";
import { checkMapping, custom, customAdapter, problemText } from "../src/index.ts";
import { customOptions } from "../src/custom-options.ts";
import { webhookOptions } from "../src/webhook/webhook-options.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(([, text]) => text!);
const context = {
  accountId: "111122223333",
  origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
};
const [shop = "", schemaLine = "", byExample = "", wrong = ""] = blocks("yaml");
const [record = "", event = ""] = blocks("json");

test("the tables are as the source has them: run `npm run schemas` after a change", () => {
  expect(withTables(readme)).toBe(readme);
});

test("the record of the first five minutes becomes the event that is shown", () => {
  const [result] = customAdapter(shop).map(JSON.parse(record) as Json, context);
  expect(result).toMatchObject({ kind: "event", id: "s-1" });
  expect(JSON.parse(result?.kind === "event" ? result.eventData : "")).toEqual(JSON.parse(event));
});

test("every document that is shown is right, but the one that is shown to be wrong", () => {
  for (const document of [shop, byExample]) expect(checkMapping(document)).toEqual([]);
  expect(schemaLine).toContain("schemas/mapping.schema.json");
  expect(checkMapping(wrong).map((problem) => problemText(problem, "shop.yaml"))).toEqual(
    blocks("text")[0]!.trim().split("\n"),
  );
});

test("the document by example maps what it speaks of", () => {
  const till: JsonObject = {
    till: 3,
    number: 17,
    date: "10.01.2026",
    clock: "08:09",
    by: { rank: "c", name: " Alice ", badges: [{}, { number: 12 }] },
    till_address: "192.0.2.9:9100",
    state: "void",
    items: [{ kind: "apple" }, { kind: "return" }],
    change: { cash: 1 },
  };
  const events = customAdapter(byExample)
    .map(till, context)
    .map((result) => (result.kind === "event" ? (JSON.parse(result.eventData) as JsonObject) : result));
  expect(events).toMatchObject([
    {
      eventName: "sale.apple",
      eventTime: "2026-01-10T07:09:00Z",
      userIdentity: { type: "Cashier", principalId: "alice", details: { badge: 12 } },
      errorCode: "void",
      sourceIPAddress: "192.0.2.9",
      responseElements: { change: { cash: 1 } },
    },
    { eventName: "sale.return", requestParameters: { item_number: 1 } },
  ]);
});

test("the refusal that is shown is one", () => {
  const document: Json = {
    version: 1,
    event: {
      eventSource: { const: "s" },
      eventName: ["/op", "/event"],
      eventTime: { receivedAt: true },
      userIdentity: { principalId: "/who" },
    },
  };
  expect(customAdapter(document).map({ event: {} }, context)).toMatchObject([
    { kind: "refused", message: blocks("text")[1]!.trim() },
  ]);
});

test("every format and every option is named", () => {
  for (const format of Object.keys(custom.formats)) expect(readme).toContain(`\`${format}\``);
  for (const option of [...Object.keys(customOptions.properties), ...Object.keys(webhookOptions.properties)])
    expect(readme).toContain(`| \`${option}\` |`);
});
