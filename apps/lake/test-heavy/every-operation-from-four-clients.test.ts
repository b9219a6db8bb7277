import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, javascriptCaller, program, programCaller } from "./clients/caller.ts";
import { type Learnt, type Step, walk } from "./clients/walk.ts";
import { createIdentity, type Key, type LakeProcess, startLake } from "./lake-process.ts";

const has = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const folder = mkdtempSync(join(tmpdir(), "tributary-four-clients-"));
const driver = join(folder, "go-calls");
let lake: LakeProcess;
beforeAll(async () => {
  createIdentity(join(folder, "lake"), "100000000000", "host");
  lake = await startLake(join(folder, "lake"));
});
afterAll(async () => {
  await lake?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Its modules come from Go's own proxy, checked against go.sum. */
const hasGo = (): boolean => {
  const built = spawnSync("go", ["build", "-C", program("go"), "-o", driver, "."], { encoding: "utf8" });
  if (built.error === undefined && built.status !== 0) throw new Error(`the Go program is not built: ${built.stderr}`);
  return built.status === 0;
};

const clients: readonly {
  readonly name: string;
  readonly account: string;
  readonly there: boolean;
  readonly caller: () => Caller;
  /** What it calls an error that the model does not name. */
  readonly untyped: string;
}[] = [
  {
    name: "AWS SDK for JavaScript",
    account: "111111111111",
    there: true,
    caller: () => javascriptCaller(lake.url),
    untyped: "untyped",
  },
  {
    name: "boto3",
    account: "222222222222",
    there: has("python3", "-c", "import boto3"),
    caller: () => programCaller("python3", [program("boto3_calls.py")], lake.url),
    untyped: "ClientError",
  },
  {
    name: "AWS CLI",
    account: "333333333333",
    there: has("python3", "-c", "import awscli"),
    caller: () => programCaller("python3", [program("cli_calls.py")], lake.url),
    untyped: "none",
  },
  {
    name: "AWS SDK for Go",
    account: "444444444444",
    there: hasGo(),
    caller: () => programCaller(driver, [], lake.url),
    untyped: "GenericAPIError",
  },
];
for (const { name, there } of clients) if (!there) console.log(`skipped: ${name} is not installed`);

describe.each(clients.filter(({ there }) => there))("$name", ({ account, caller }) => {
  const partnerAccount = account.replaceAll(/^.{3}/g, "999");
  const steps = walk(account, partnerAccount);
  const learnt: Learnt = {};
  let keys: Readonly<Record<"owner" | "partner", Key>>;
  let client: Caller;
  beforeAll(() => {
    keys = {
      owner: createIdentity(join(folder, "lake"), account, "owner"),
      partner: createIdentity(join(folder, "lake"), partnerAccount, "partner"),
    };
    client = caller();
  });
  afterAll(() => client?.close());

  test.each(steps)("$does ($operation)", async (step: Step) => {
    const ask = () =>
      client.call({
        service: step.service ?? "cloudtrail",
        operation: step.operation,
        input: step.input(learnt),
        credentials: keys[step.as ?? "owner"],
      });
    let answer = await ask();
    if (step.until !== undefined) {
      const [member, value] = step.until;
      while ("output" in answer && answer.output[member] !== value) {
        expect(["QUEUED", "RUNNING"]).toContain(answer.output[member]);
        answer = await ask();
      }
    }
    if (step.error !== undefined) {
      const [name, status] = step.error;
      expect(answer).toHaveProperty("error");
      if (!("error" in answer)) return;
      expect(answer.error).toMatchObject({ class: name, code: name });
      // The CLI does not tell the status.
      if (answer.error.status !== undefined) expect(answer.error.status).toBe(status);
      expect(answer.error.message.length).toBeGreaterThan(10);
      return;
    }
    expect(answer).toHaveProperty("output");
    if (!("output" in answer)) return;
    if (step.output !== undefined) expect(answer.output).toMatchObject(step.output(learnt));
    Object.assign(learnt, step.learn?.(answer.output));
  });
});
