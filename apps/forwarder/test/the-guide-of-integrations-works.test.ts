import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inProcess } from "./support/in-process.ts";
import { scene } from "./support/scene.ts";
import { account, type Key, testLake, type TestLake } from "./support/test-lake.ts";

const guide = readFileSync(new URL("../../docs/create-an-integration.md", import.meta.url), "utf8");
const blocks = [...guide.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(([, language, text]) => ({ language, text: text! }));

let lake: TestLake;
let key: Key;
beforeAll(async () => {
  lake = await testLake();
  key = await lake.key(account, "admin");
});
afterAll(() => lake.close());

test("every command of the guide works as it is printed, one after the other", async () => {
  using place = scene();
  const yaml = blocks.filter(({ language }) => language === "yaml").map(({ text }) => text);
  expect(yaml).toHaveLength(1);
  const file = place.write("integrations.yaml", yaml[0]!);
  const commands = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith("tributary integration"));
  const codes: string[] = [];
  for (const command of commands) {
    const [, ...argv] = command.split(/\s+/).map((word) => (word === "integrations.yaml" ? file : word));
    const asks = /^(create|delete)$/.test(argv[1]!);
    const { code, stderr } = await inProcess([...argv, ...(asks ? ["--yes"] : [])], lake.env(key));
    codes.push(
      `${code} ${command.replaceAll(/ --(name|source).*/g, "")}${code === 2 ? ` ${stderr.split("\n")[0]}` : ""}`,
    );
  }
  expect(codes).toEqual([
    "0 tributary integration create",
    "0 tributary integration list",
    "0 tributary integration show okta",
    "6 tributary integration apply -f integrations.yaml --plan",
    "0 tributary integration apply -f integrations.yaml --yes",
    "0 tributary integration delete okta",
    // The guide's other way to delete it, of what is gone by now.
    expect.stringMatching(/^2 tributary integration delete okta --with-stores .*There is no channel okta/),
  ]);
});
