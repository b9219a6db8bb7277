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
    const [member, value] = step.until ?? ["", undefined];
    while (step.until !== undefined && "output" in answer && answer.output[member] !== value) {
      if (!["QUEUED", "RUNNING"].includes(String(answer.output[member]))) break;
      answer = await ask();
    }
    expect(answer).toMatchObject(expected(step, learnt, "error" in answer ? answer.error.status : undefined));
    if (!("output" in answer)) return;
    Object.assign(learnt, step.learn?.(answer.output));
  });
});

/** The CLI does not tell an error's status. */
function expected({ error, output, until }: Step, learnt: Learnt, status: number | undefined): object {
  if (error === undefined) return { output: { ...output?.(learnt), ...(until && { [until[0]]: until[1] }) } };
  const [name, modelled] = error;
  return {
    error: {
      class: name,
      code: name,
      message: expect.stringMatching(/.{10}/),
      ...(status !== undefined && { status: modelled }),
    },
  };
}
