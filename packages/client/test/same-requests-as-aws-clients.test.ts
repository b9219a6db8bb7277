import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { CloudTrailDataClient, PutAuditEventsCommand } from "../src/index.ts";
import { type Arrived, ok, scriptedServer } from "./scripted-server.ts";
import { authorization, expectedSignature } from "./signature.ts";

const run = promisify(execFile);
const region = "us-east-1";
const secret = "not-a-real-secret";
const channelArn = "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001";
const auditEvents = [
  {
    eventData: '{"version":"1.0","userIdentity":{"type":"User","principalId":"zoë"},"note":"a \\"b\\" 😀 / +"}',
    eventDataChecksum: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    id: "one",
  },
  { eventData: "{}", id: "two-2_B" },
];
const inputs = {
  "with an external id": { channelArn, externalId: "partner+7/=,.@:_-", auditEvents },
  "without one": { channelArn, auditEvents },
  "to a bare channel id": { channelArn: "0c1d2e3f-0000-4000-8000-000000000001", auditEvents },
};

type Input = { readonly channelArn: string; readonly externalId?: string; readonly auditEvents: readonly object[] };

const environment = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_EC2_METADATA_DISABLED: "true",
  PYENV_VERSION: process.env["PYENV_VERSION"],
};

const python = `
import boto3, json, os, sys
call = json.load(sys.stdin)
boto3.client("cloudtrail-data", endpoint_url=os.environ["ENDPOINT"]).put_audit_events(**call)
`;

const others: Record<string, { present(): boolean; send(endpoint: string, input: Input): Promise<void> }> = {
  "the AWS CLI": {
    present: () => succeeds("aws", ["--version"]),
    async send(endpoint, { channelArn: arn, externalId, auditEvents: events }) {
      const folder = mkdtempSync(join(tmpdir(), "audit-events-"));
      try {
        writeFileSync(join(folder, "events.json"), JSON.stringify(events));
        const id = externalId === undefined ? [] : ["--external-id", externalId];
        const list = `file://${join(folder, "events.json")}`;
        await run(
          "aws",
          [
            "cloudtrail-data",
            "put-audit-events",
            "--endpoint-url",
            endpoint,
            "--channel-arn",
            arn,
            ...id,
            "--audit-events",
            list,
          ],
          { env: environment },
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
  boto3: {
    present: () => succeeds("python3", ["-c", "import boto3"]),
    async send(endpoint, input) {
      const child = run("python3", ["-c", python], { env: { ...environment, ENDPOINT: endpoint } });
      child.child.stdin?.end(JSON.stringify(input));
      await child;
    },
  },
};

describe.each(
  Object.entries(others).map(([name, other]) => {
    const present = other.present();
    return { title: present ? `the same request as ${name}` : `${name} is not installed: skipped`, present, other };
  }),
)("$title", ({ present, other }) => {
  test.skipIf(!present).each(Object.entries(inputs))("%s", { timeout: 60_000 }, async (_, input) => {
    const [theirs, mine] = [
      await captured((endpoint) => other.send(endpoint, input)),
      await captured((endpoint) => ours(endpoint, input)),
    ];
    expect(mine.method).toBe(theirs.method);
    expect(mine.url).toBe(theirs.url);
    expect(mine.headers["content-type"]).toBe(theirs.headers["content-type"]);
    expect(JSON.parse(mine.body.toString())).toEqual(JSON.parse(theirs.body.toString()));
    const scopes = [mine, theirs].map((request) => authorization(request).scope.replace(/^\d{8}/, "DATE"));
    expect(scopes).toEqual([
      `DATE/${region}/cloudtrail-data/aws4_request`,
      `DATE/${region}/cloudtrail-data/aws4_request`,
    ]);
    // The check that the other tests trust accepts a signature that is not ours.
    expect(authorization(theirs).signature).toBe(expectedSignature(theirs, secret));
    expect(authorization(mine).signature).toBe(expectedSignature(mine, secret));
  });
});

async function ours(endpoint: string, input: (typeof inputs)[keyof typeof inputs]): Promise<void> {
  const client = new CloudTrailDataClient({
    region,
    endpoint,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: secret },
  });
  await client.send(new PutAuditEventsCommand(input));
  client.destroy();
}

async function captured(send: (endpoint: string) => Promise<void>): Promise<Arrived> {
  await using server = await scriptedServer(ok());
  await send(server.endpoint);
  expect(server.requests).toHaveLength(1);
  return server.requests[0]!;
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
