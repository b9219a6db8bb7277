import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as control from "@aws-sdk/client-cloudtrail";
import * as data from "@tributary/client";
import type { Key } from "../lake-process.ts";

/** One call of an operation by its name in the service model. */
export interface Call {
  readonly service: "cloudtrail" | "cloudtrail-data";
  readonly operation: string;
  readonly input: object;
  readonly credentials: Key;
}

export interface Failure {
  /** Of the SDK's exception, as a program catches it. */
  readonly class: string;
  readonly code: string;
  /** Absent where the client does not tell. */
  readonly status?: number | undefined;
  readonly message: string;
}

export type Answer = { readonly output: Record<string, unknown> } | { readonly error: Failure };

/** A client that performs calls, in its own language. */
export interface Caller {
  call(call: Call): Promise<Answer>;
  close(): void;
}

/** A program that reads a call a line and writes an answer a line. */
export function programCaller(command: string, args: readonly string[], url: string): Caller {
  const child: ChildProcess = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: url,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_REGION: "us-east-1",
      AWS_MAX_ATTEMPTS: "1",
      AWS_PAGER: "",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/nonexistent/config",
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
      AWS_SESSION_TOKEN: undefined,
    },
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async call(call) {
      child.stdin!.write(`${JSON.stringify(call)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${command} ended at ${call.operation}`);
      return normal(call, JSON.parse(value) as Answer);
    },
    close: () => child.kill(),
  };
}

/** The path of a program beside this file. */
export const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** AWS's SDK for JavaScript; PutAuditEvents by our client, whose official peer the registry does not have. */
export function javascriptCaller(url: string): Caller {
  return {
    async call(call) {
      const { operation, input, credentials } = call;
      const settings = { endpoint: url, region: "us-east-1", credentials, maxAttempts: 1 };
      const sdk: Record<string, unknown> = call.service === "cloudtrail" ? control : data;
      const Client = (call.service === "cloudtrail" ? control.CloudTrailClient : data.CloudTrailDataClient) as new (
        s: object,
      ) => { send(command: object): Promise<Record<string, unknown>>; destroy(): void };
      const Command = sdk[`${operation}Command`] as new (input: object) => object;
      const client = new Client(settings);
      try {
        return normal(
          call,
          JSON.parse(JSON.stringify({ output: await client.send(new Command(dated(input))) })) as Answer,
        );
      } catch (error) {
        const { name, message, $metadata } = error as {
          name: string;
          message: string;
          $metadata?: { httpStatusCode: number };
        };
        if ($metadata === undefined) throw error;
        const own = sdk[name];
        const typed = typeof own === "function" && error instanceof own;
        return { error: { class: typed ? name : "untyped", code: name, status: $metadata.httpStatusCode, message } };
      } finally {
        client.destroy();
      }
    },
    close: () => undefined,
  };
}

const dated = (input: object): object =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      (name === "StartTime" || name === "EndTime") && typeof value === "string" ? new Date(value) : value,
    ]),
  );

/** Go says null for what is absent and gives the data plane's members capitals. */
function normal(call: Call, answer: Answer): Answer {
  if ("error" in answer) return answer;
  const output = withoutNulls(answer.output) as Record<string, unknown>;
  delete output["$metadata"];
  delete output["ResponseMetadata"];
  delete output["ResultMetadata"];
  return { output: call.service === "cloudtrail-data" ? (lowerCased(output) as Record<string, unknown>) : output };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}

function lowerCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      lowerCased(member),
    ]),
  );
}
