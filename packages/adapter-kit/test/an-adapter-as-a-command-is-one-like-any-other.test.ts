import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { mapFrame } from "../src/index.ts";
import { commandAdapter } from "../src/json-lines/index.ts";
import type { CommandAdapter } from "../src/json-lines/index.ts";

const hello = {
  contract: 1,
  name: "toy",
  source: "Custom",
  displayName: "Toy",
  formats: { ndjson: { frame: "line" }, lines: { frame: "line", record: "text" } },
};

/** A command whose answers are an expression over the question. */
function toy(answer: string, { greeting = JSON.stringify(hello), timeoutMs = 20_000 } = {}): CommandAdapter {
  const folder = mkdtempSync(join(tmpdir(), "tributary-command-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, "toy.mjs");
  writeFileSync(
    script,
    `import { createInterface } from "node:readline";
     console.log(${JSON.stringify(greeting)});
     let asked = 0;
     const event = { version: "1", userIdentity: { type: "User", principalId: "p" }, eventSource: "toy", eventName: "toy", eventTime: "2026-01-31T12:00:00Z", UID: "u" };
     for await (const line of createInterface({ input: process.stdin })) { const q = JSON.parse(line); asked++; ${answer} }`,
  );
  const made = commandAdapter({ command: [process.execPath, script], timeoutMs });
  onTestFinished(() => made.close());
  return made;
}
const say = (result: string) => `console.log(JSON.stringify({ n: q.n, result: ${result} }));`;
const context = { accountId: "111122223333", origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 } };
const map = ({ adapter }: CommandAdapter, text: string, format = "ndjson") =>
  mapFrame(adapter, format, new TextEncoder().encode(text), context);

test("the command maps, and the kit decodes, masks, fits and checks", () => {
  const one = toy(say("{ id: 'i-' + asked, event: { ...event, requestParameters: q.record } }"));
  const [result] = map(one, '{"a":12345678901234567890,"password":"hidden"}');
  expect(result).toMatchObject({ kind: "event", id: "i-1" });
  expect(result?.kind === "event" && JSON.parse(result.eventData)).toMatchObject({
    recipientAccountId: "111122223333",
    requestParameters: { a: "12345678901234567890", password: "***" },
  });
  expect(result?.kind === "event" && result.marks.map(({ kind }) => kind)).toEqual(["redacted", "big-number"]);
  expect(map(one, `{"long":"${"x".repeat(200_000)}"}`)[0]).toMatchObject({
    kind: "event",
    marks: [{ kind: "trimmed" }],
  });
  expect(map(one, "not json")[0]).toMatchObject({ kind: "refused", code: "NOT_JSON" });
  expect(map(one, "not json", "lines")[0]).toMatchObject({ kind: "refused", code: "InvalidData" });
});

test("what the command refuses is refused, with its code", () => {
  const one = toy(say("{ refused: { code: 'NOT_A_DOOR', path: '/door', message: 'There is no door.' } }"));
  expect(map(one, "{}")).toEqual([
    { kind: "refused", part: 0, code: "NOT_A_DOOR", path: "/door", message: "There is no door." },
  ]);
});

test.each([
  ["dies", "process.exit(3);"],
  ["answers nonsense", "console.log('nonsense');"],
  ["answers another question", "console.log(JSON.stringify({ n: q.n + 1, result: { id: 'x', event } }));"],
  ["answers what is no answer", "console.log(JSON.stringify({ n: q.n, result: {} }));"],
])("a command that %s fails one record, and the next has a new one", (_, fault) => {
  const one = toy(`if (q.record.bad) { ${fault} } else ${say("{ id: 'i-' + asked, event }")}`);
  expect(map(one, '{"n":1}')[0]).toMatchObject({ kind: "event", id: "i-1" });
  expect(map(one, '{"bad":true}')[0]).toMatchObject({ kind: "refused", code: "ADAPTER_FAULT" });
  expect(map(one, '{"n":2}')[0]).toMatchObject({ kind: "event", id: "i-1" });
});

test("a command that hangs is killed, and the next record has a new one", () => {
  const one = toy(`if (!q.record.bad) ${say("{ id: 'i-' + asked, event }")}`, { timeoutMs: 3000 });
  expect(map(one, '{"bad":true}')[0]).toMatchObject({ kind: "refused", code: "ADAPTER_FAULT" });
  expect(map(one, '{"n":2}')[0]).toMatchObject({ kind: "event", id: "i-1" });
});

test.each([
  ["no JSON", "hello", /not JSON/],
  ["another contract", JSON.stringify({ ...hello, contract: 2 }), /\/contract/],
  ["no format", JSON.stringify({ ...hello, formats: {} }), /\/formats/],
  ["a name that is none", JSON.stringify({ ...hello, name: "No Name" }), /name must be/],
])("a hello that is %s is told of", (_, greeting, message) => {
  expect(() => toy("", { greeting })).toThrow(
    expect.objectContaining({ code: "ADAPTER_INVALID", message: expect.stringMatching(message) as string }),
  );
});

test("a command that is not there is told of", () => {
  expect(() => commandAdapter({ command: ["/no/such/command"] })).toThrow(
    expect.objectContaining({ code: "ADAPTER_INVALID" }),
  );
});
