import { request as httpRequest } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { main } from "../src/cli/main.ts";
import { type RunningLake, type ServeOptions, serve } from "../src/serve/serve.ts";
import { NodeSha256 } from "./node-sha256.ts";

export const account = "111122223333";
export const otherAccount = "444455556666";
export const region = "us-east-1";

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  // The answer's JSON, whatever it is: tests look into it.
  readonly json: { readonly [name: string]: unknown } & {
    readonly __type?: string;
    readonly message?: string;
    readonly Message?: string;
  };
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly key?: Key | undefined;
  readonly service?: string;
  readonly region?: string;
  readonly signingDate?: Date;
  /** Changes the request after it was signed. */
  readonly tamper?: (request: { headers: Record<string, string>; path: string; body: Buffer }) => void;
  readonly unsigned?: boolean;
}

/** A lake in its own directory on a free port, with an administrator of one account. */
export class TestLake {
  readonly data: string;
  readonly options: Partial<ServeOptions>;
  readonly faults: Readonly<Record<string, unknown>>[] = [];
  lake!: RunningLake;
  admin!: Key;

  private constructor(data: string, options: Partial<ServeOptions>) {
    this.data = data;
    this.options = options;
  }

  /** On a directory that the caller names, without an identity, not yet served. */
  static on(data: string, options: Partial<ServeOptions> = {}): TestLake {
    return new TestLake(data, options);
  }

  static async start(options: Partial<ServeOptions> = {}): Promise<TestLake> {
    const test = new TestLake(mkdtempSync(join(tmpdir(), "tributary-lake-")), options);
    test.admin = await test.identity(account, "admin");
    await test.serve();
    return test;
  }

  async serve(): Promise<void> {
    this.lake = await serve({
      data: this.data,
      region,
      host: "127.0.0.1",
      port: 0,
      log: (fault) => this.faults.push(fault),
      ...this.options,
    });
  }

  get url(): string {
    return this.lake.url;
  }

  async close(): Promise<void> {
    await this.lake.close();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Makes an identity with the command that users have, also while the lake serves. */
  async identity(accountId: string, name: string, policy?: object): Promise<Key> {
    const file = join(this.data, `${name}.policy.json`);
    if (policy) writeFileSync(file, JSON.stringify(policy));
    const { code, stdout, stderr } = await run([
      "identity",
      "create",
      "--data",
      this.data,
      "--account",
      accountId,
      "--name",
      name,
      "--json",
      ...(policy ? ["--policy", file] : []),
    ]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Key;
  }

  async send(raw: RawRequest): Promise<Answer> {
    const { hostname, port, host } = new URL(this.url);
    const { method = "POST", path = "/", query = {}, key = this.admin, service = "cloudtrail", signingDate } = raw;
    const body = Buffer.from((raw.body ?? "") as string);
    let headers: Record<string, string> = { host, ...raw.headers };
    if (raw.unsigned !== true) {
      const signer = new SignatureV4({
        service,
        region: raw.region ?? region,
        credentials: key,
        sha256: NodeSha256,
        applyChecksum: true,
      });
      const signed = await signer.sign(
        { method, protocol: "http:", hostname, port: Number(port), path, query, headers, body },
        signingDate && { signingDate },
      );
      headers = signed.headers;
    }
    const search = Object.entries(query).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    const sent = { headers, path: search.length > 0 ? `${path}?${search.join("&")}` : path, body };
    raw.tamper?.(sent);
    return exchange({ hostname, port, method, ...sent });
  }

  control(operation: string, input: object | string, raw: RawRequest = {}): Promise<Answer> {
    return this.send({
      ...raw,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `CloudTrail_20131101.${operation}`,
        ...raw.headers,
      },
      body: typeof input === "string" ? input : JSON.stringify(input),
    });
  }

  put(channelArn: string, auditEvents: unknown, raw: RawRequest = {}): Promise<Answer> {
    return this.send({
      service: "cloudtrail-data",
      path: "/PutAuditEvents",
      query: { channelArn },
      body: JSON.stringify({ auditEvents }),
      ...raw,
      headers: { "content-type": "application/json", ...raw.headers },
    });
  }

  async store(name = "events", key?: Key): Promise<string> {
    const { json } = await this.control(
      "CreateEventDataStore",
      { Name: name, AdvancedEventSelectors: activity },
      { key },
    );
    return json["EventDataStoreArn"] as string;
  }

  async channel(storeArns: readonly string[], source = "Custom", name = source, key?: Key): Promise<string> {
    const Destinations = storeArns.map((Location) => ({ Type: "EVENT_DATA_STORE", Location }));
    const { json } = await this.control("CreateChannel", { Name: name, Source: source, Destinations }, { key });
    return json["ChannelArn"] as string;
  }
}

export const activity = [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }];

/** Of the events of tests: an hour ago, so that no retention ever ends it. Milliseconds, whole seconds. */
export const eventTime = Math.floor(Date.now() / 1000 - 3600) * 1000;

/** A valid event of the account, in text. */
export function eventData(uid: string, more: object = {}): string {
  return JSON.stringify({
    version: "1.0",
    userIdentity: { type: "User", principalId: "alice@example.com" },
    eventSource: "app.example.com",
    eventName: "Login",
    eventTime: new Date(eventTime).toISOString().replace(".000Z", "Z"),
    UID: uid,
    recipientAccountId: account,
    ...more,
  });
}

export function entry(id: string, more: object = {}): { readonly id: string; readonly eventData: string } {
  return { id, eventData: eventData(id, more) };
}

/** Runs the command line in this process. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let stdout = "";
  let stderr = "";
  const code = await main(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env,
    once: () => undefined,
  });
  return { code, stdout, stderr };
}

function exchange(options: {
  hostname: string;
  port: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const sent = httpRequest({ ...rest, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: text === "" ? {} : (JSON.parse(text) as Answer["json"]),
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
