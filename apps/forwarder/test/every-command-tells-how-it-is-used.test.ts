import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandList } from "../src/commands/command-list.ts";
import { tributary } from "./support/command.ts";

const place = mkdtempSync(join(tmpdir(), "tributary-help-"));
afterAll(() => rmSync(place, { recursive: true }));

test.each(commandList.map(({ name }) => name))(
  "%s --help has examples, exit codes, and JSON for scripts",
  async (name) => {
    const { help } = await commandList.find((one) => one.name === name)!.load();
    expect(help).toMatch(/^Examples:\n {2}\S/m);
    expect(help).toMatch(/^Exit codes:/m);
    // tributary run speaks in its log.
    expect(help).toMatch(name === "run" ? /--log KIND +plain, json/ : /--json/);
  },
);

test("checksum and init answer JSON where they are asked to", async () => {
  const event = join(place, "event.json");
  writeFileSync(event, '{"a": "b  c", "g": "*"}\n');
  const { stdout } = await tributary(["checksum", "--json", event]);
  expect(JSON.parse(stdout)).toEqual({ checksum: expect.stringMatching(/^.{43}=$/), endsWithNewline: true });
  const channel = "arn:aws:cloudtrail:us-east-1:111122223333:channel/example";
  const file = join(place, "tributary.yaml");
  const made = await tributary(["init", "--json", "--adapter", "okta", "--channel-arn", channel, file]);
  expect(JSON.parse(made.stdout)).toEqual({ file, adapter: "okta", poll: true, webhook: false });
  expect(readFileSync(file, "utf8")).toContain(channel);
});
