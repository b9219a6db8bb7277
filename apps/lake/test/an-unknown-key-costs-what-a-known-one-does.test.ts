import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { ControlCache } from "../src/control/control-cache.ts";
import { ControlPlane } from "../src/control/control-plane.ts";
import { ControlView } from "../src/control/control-view.ts";
import { Responder } from "../src/http/responder.ts";
import { Authenticator } from "../src/identity/authenticator.ts";
import { createIdentity } from "../src/identity/create-identity.ts";
import { PutAuditEvents } from "../src/ingest/put-audit-events.ts";
import { DataKeys } from "../src/secrets/data-keys.ts";
import { Verifier } from "../src/sigv4/verifier.ts";
import { signedLakeRequest } from "./signed-lake-request.ts";
import { type Key, account, region } from "./test-lake.ts";

let catalog: SqliteCatalog;
let responder: Responder;
let known: Key;
let reads = 0;
beforeEach(async () => {
  const clock = systemClock;
  catalog = await openSqliteCatalog({ file: ":memory:", clock });
  const counted = {
    ...catalog,
    generation: () => ((reads += 1), catalog.generation()),
    readControl: () => ((reads += 1), catalog.readControl()),
  };
  const dataKeys = await DataKeys.open(catalog, { kind: "value", text: randomBytes(32).toString("base64") });
  const view = new ControlView(await catalog.readControl());
  const env = { now: clock.now(), randomBytes, dataKeys };
  const { changes, output } = createIdentity(view, { accountId: account, name: "alice" }, env);
  await catalog.changeControl(view.state.generation, changes);
  known = { accessKeyId: output.accessKey.accessKeyId, secretAccessKey: output.secretAccessKey };
  const control = await ControlCache.open(counted);
  const now = (): number => clock.now();
  const authenticator = new Authenticator(new Verifier({ region, now }), dataKeys, now);
  const shared = { control, authenticator, clock };
  // What a refused request does not come to.
  const unused = {} as never;
  responder = new Responder({
    data: new PutAuditEvents(
      { region, maxBodyBytes: 1000 },
      { ...shared, journal: unused, rates: unused, sources: unused },
    ),
    others: {
      control: new ControlPlane(unused, {
        ...shared,
        catalog,
        queries: unused,
        rates: unused,
        log: () => undefined,
      }),
      tokens: unused,
    },
    keys: control,
    authenticator,
    clock,
    unready: async () => [],
    observe: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
});
afterEach(() => catalog.close());

/** The answer's status and class, whether its body was held, and how often the catalog was read for it. */
async function refused(
  credentials: Key,
  service: "cloudtrail-data" | "cloudtrail",
  headers: Readonly<Record<string, string>>,
) {
  const put = await signedLakeRequest(
    { query: {}, headers, body: "{}", checksum: false },
    { credentials, at: Date.now(), service },
  );
  const request = service === "cloudtrail" ? { ...put, rawPath: "/" } : put;
  reads = 0;
  await responder.admits(request);
  const { status, body } = await responder.respond(request);
  return { status, body, reads };
}

test.each([
  ["cloudtrail-data", {}],
  ["cloudtrail", { "x-amz-target": "CloudTrail_20131101.ListChannels" }],
] as const)(
  "signed for %s: an unknown key and a wrong secret read the catalog as often, for one answer",
  async (service, headers) => {
    const wrong = await refused({ ...known, secretAccessKey: "wrong" }, service, headers);
    const unknown = await refused({ accessKeyId: "TRIBAAAAAAAAAAAAAAAA", secretAccessKey: "x" }, service, headers);
    expect(wrong.status).toBe(403);
    expect(wrong.body).toContain("unknown or the signature does not match");
    expect(unknown).toEqual(wrong);
    expect(wrong.reads).toBeGreaterThan(0);
  },
);
