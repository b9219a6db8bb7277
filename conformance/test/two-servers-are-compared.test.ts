import { Value } from "@sinclair/typebox/value";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Differences, differencesSchema, judgeMutant, mutants, rules } from "../src/index.ts";
import { commandLine } from "./command-line.ts";
import { LakeOverHttp, other, owner } from "./lake-over-http.ts";

const place = mkdtempSync(join(tmpdir(), "conformance-diff-"));
const lakes: LakeOverHttp[] = [];
const credentials = (name: string, { accessKeyId, secretAccessKey, accountId }: typeof owner) =>
  `[${name}]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\naws_account_id=${accountId}\n`;
beforeAll(() => {
  const file = join(place, "credentials");
  writeFileSync(file, credentials("diff-owner", owner) + credentials("diff-other", other), { mode: 0o600 });
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = file;
});
afterAll(() => {
  for (const lake of lakes) lake.close();
  rmSync(place, { recursive: true });
});

async function endpoint(changed = rules): Promise<string> {
  const lake = await LakeOverHttp.start(undefined, changed);
  lakes.push(lake);
  return lake.endpoint;
}

/** The healthy lake against a mutant. */
async function compared(name: string, ...more: readonly string[]) {
  const mutant = mutants.find((one) => one.name === name)!;
  const [healthy, broken] = [await endpoint(), await endpoint(mutant.change(rules))];
  const profile = mutant.kills[0]!.split("/")[0]!;
  const argv = ["diff", profile, "--endpoint", healthy, "--endpoint", broken, "--yes", "--strict", "--seed", "1"];
  const who = ["--owner", "diff-owner", "--owner", "diff-owner", "--other-account", "diff-other"];
  return { mutant, healthy, broken, ...(await commandLine([...argv, ...who, ...more])) };
}

test.each(["takes 101 entries", "counts bytes", "compares external ids without case"])(
  "a lake that %s differs in exactly the clauses that the mutant names",
  async (name) => {
    const { mutant, code, text, healthy, broken } = await compared(name, "--json");
    const found: Differences = JSON.parse(text);
    expect(code).toBe(1);
    expect([...Value.Errors(differencesSchema, found)]).toEqual([]);
    expect(
      judgeMutant(
        mutant,
        found.differences.map(({ clause }) => clause.id),
      ),
    ).toEqual({
      survived: false,
      unnamed: [],
      missed: [],
    });
    expect(found.subjects).toEqual([healthy, broken]);
    for (const { first, second } of found.differences) {
      expect([first.status, second.status]).toEqual(["pass", "fail"]);
      expect(first.evidence?.curl).toContain(healthy);
      expect(second.evidence?.curl).toContain(broken);
    }
  },
);

test("both ends stand in the text: what was asked, what came", async () => {
  const { text, healthy, broken } = await compared("takes 101 entries", "--grep", "ingest/batch");
  expect(text).toContain("≠ ingest/batch/101-entries-refused\n    MUST: ");
  expect(text).toContain(`    ${healthy}  pass\n      request\n        curl -i`);
  expect(text).toContain(`      again     tributary-conformance ingest --endpoint ${broken} --grep`);
  expect(text).toContain(`    ${broken}  fail\n      expected  a refusal`);
  expect(text).toMatch(/^2 of 8 clauses of the profile ingest end otherwise at /m);
});

test("two healthy lakes do not differ", async () => {
  const argv = ["diff", "ingest", "--endpoint", await endpoint(), "--endpoint", await endpoint(), "--yes"];
  const { code, text } = await commandLine([...argv, "--owner", "diff-owner", "--grep", "ingest/batch"]);
  expect({ code, text }).toMatchObject({ code: 0, text: expect.stringMatching(/^0 of 8 clauses /) });
});

test("an option that comes too often, and one server alone, are refused", async () => {
  const at = ["--endpoint", "http://127.0.0.1:1"];
  for (const argv of [
    ["diff", "ingest", ...at],
    ["diff", "shipper", ...at, "--endpoint", "http://127.0.0.1:2"],
    ["diff", "ingest", ...at, "--endpoint", "http://127.0.0.1:2", "--endpoint", "http://127.0.0.1:3"],
    ["diff", "ingest", ...at, "--endpoint", "http://127.0.0.1:2", "--seed", "1", "--seed", "2"],
  ])
    expect((await commandLine(argv)).code).toBe(2);
});

test("the schema that is published is the one of what is printed", () => {
  const file = new URL("../schemas/differences.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(differencesSchema)));
});
