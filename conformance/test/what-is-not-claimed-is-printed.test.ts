import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";
import { LakeOverHttp, owner } from "./lake-over-http.ts";

const place = mkdtempSync(join(tmpdir(), "conformance-claims-"));
let lake: LakeOverHttp;
beforeAll(async () => {
  lake = await LakeOverHttp.start();
  const file = join(place, "credentials");
  const { accessKeyId, secretAccessKey } = owner;
  writeFileSync(file, `[claims-owner]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`);
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = file;
});
afterAll(() => {
  lake.close();
  rmSync(place, { recursive: true });
});

test("without a second account and without roles their checks are printed as not claimed, and the rest passes", async () => {
  const { code, text } = await commandLine(["policy", "--endpoint", lake.endpoint, "--owner", "claims-owner", "--yes"]);
  expect(code).toBe(0);
  expect(text).toContain(
    "- policy/role/named-by-its-role  not claimed: a session of a role of another account is given",
  );
  expect(text).toContain(
    "- policy/role/own-granted-by-name  not claimed: a session of a role of the owner's account is given",
  );
  expect(text).toContain("- policy/decision/stranger-granted  not claimed: credentials of a second account are given");
});

test("a profile that is no session of a role is refused before anything is made", async () => {
  const argv = ["policy", "--endpoint", lake.endpoint, "--owner", "claims-owner", "--role", "claims-owner", "--yes"];
  const before = lake.asked.length;
  const { code, text } = await commandLine(argv);
  expect(code).toBe(2);
  expect(text).toContain("The profile claims-owner is no session of a role");
  expect(lake.asked.slice(before)).not.toContain("CreateEventDataStore");
});

/** A server that answers everything so. */
async function answering<T>(status: number, code: string, run: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "x-amzn-errortype": code }).end(JSON.stringify({ __type: code }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await run(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
  } finally {
    server.close();
  }
}

test("a server that has no such operations does not conform, and they are named", async () => {
  const { code, text } = await answering(404, "UnknownOperationException", (endpoint) =>
    commandLine(["ingest", "--endpoint", endpoint, "--owner", "claims-owner", "--yes"]),
  );
  expect(code).toBe(1);
  expect(text).toContain("✗ ingest/batch/101-entries-refused  not supported: CreateChannel, CreateEventDataStore");
  expect(text).toContain("Nothing could be checked. Not supported: PutAuditEvents, CreateChannel,");
});

test("a server that refuses the caller is no server without the operations: that is an error", async () => {
  const { code, text } = await answering(403, "AccessDeniedException", (endpoint) =>
    commandLine(["ingest", "--endpoint", endpoint, "--owner", "claims-owner", "--yes"]),
  );
  expect(code).toBe(3);
  expect(text).toContain("gave no channel to check with");
  expect(text).toContain("AccessDeniedException");
});

test("what cannot be obeyed is said before anything is asked", async () => {
  const before = lake.asked.length;
  const at = ["--endpoint", lake.endpoint, "--owner", "claims-owner", "--yes"];
  const nothing = await commandLine(["ingest", ...at, "--grep", "no-such-clause"]);
  expect(nothing).toMatchObject({ code: 2, text: expect.stringContaining("--grep no-such-clause matches no clause") });
  expect((await commandLine(["list", "nosuch"])).code).toBe(2);
  expect((await commandLine(["nosuch", ...at])).text).toContain("ingest, channels, policy, query, shipper, adapter");
  expect(lake.asked).toHaveLength(before);
  const away = await commandLine(["ingest", "--endpoint", "http://127.0.0.1:1", "--owner", "claims-owner", "--yes"]);
  expect(away).toMatchObject({ code: 3, text: expect.stringContaining("http://127.0.0.1:1 could not be reached: ") });
});
