import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { classifyFailure } from "../src/delivery/classify-failure.ts";
import { lines, scene, sendTo } from "./support/scene.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";

vi.setConfig({ testTimeout: 60_000 });

let lake: ScriptedServer;
beforeEach(async () => {
  lake = await scriptedServer(accept);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await lake.close();
});

const request = {
  channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/x",
  auditEvents: [{ id: "a", eventData: "{}", eventDataChecksum: "x" }],
};

/** One attempt; all times in seconds since the test began, by the clock of this machine, but `date`: the server's. */
interface Attempt {
  readonly sent: number;
  readonly received: number;
  readonly signed: number;
  readonly date?: number;
  readonly age?: number;
  readonly status?: number;
  readonly error?: string;
  readonly action?: "retry" | "stop";
}

/** The cases of AWS's own table for its clients (aws-runtime, clock-skew-test-cases), one client each. */
const cases: Readonly<Record<string, readonly Attempt[]>> = {
  "clocks agree": [{ sent: 0, received: 2, signed: 0, date: 1 }],
  "a definite error of the clock: the next attempt and all that follow are signed with the server's time": [
    { sent: 0, received: 2, signed: 0, date: 301, status: 403, error: "RequestTimeTooSkewed", action: "retry" },
    { sent: 2, received: 4, signed: 301, date: 303 },
    { sent: 60, received: 62, signed: 359, date: 361 },
  ],
  "an answer that took more than 15 minutes teaches nothing, the next one does": [
    { sent: 0, received: 960, signed: 0, date: 600 },
    { sent: 1020, received: 1022, signed: 1020, date: 1321 },
    { sent: 1030, received: 1032, signed: 1329, date: 1331 },
  ],
  "an old correction ends with an answer that says otherwise": [
    { sent: 0, received: 2, signed: 0, date: 301 },
    { sent: 10, received: 12, signed: 309, date: 11 },
    { sent: 20, received: 22, signed: 19, date: 21 },
  ],
  "a wrong signature while clocks are less than four minutes apart is a wrong signature": [
    { sent: 0, received: 2, signed: 0, date: 121, status: 400, error: "InvalidSignatureException", action: "stop" },
    // Credentials are asked for anew, and the little that was learnt of the time with them.
    { sent: 10, received: 12, signed: 10, date: 131 },
    { sent: 20, received: 22, signed: 139, date: 141 },
  ],
  "a wrong signature while they are further apart is tried again, and passes": [
    { sent: 0, received: 2, signed: 0, date: 301, status: 400, error: "InvalidSignatureException", action: "retry" },
    { sent: 2, received: 4, signed: 301, date: 303 },
  ],
  "an error of the clock without a Date teaches nothing": [
    { sent: 0, received: 2, signed: 0, status: 403, error: "RequestTimeTooSkewed", action: "retry" },
    { sent: 10, received: 12, signed: 10, date: 11 },
  ],
  "an answer from a cache (Age) teaches nothing, the next one from the server does": [
    { sent: 0, received: 2, signed: 0, date: -17_280, age: 17_280 },
    { sent: 10, received: 12, signed: 10, date: 311 },
    { sent: 20, received: 22, signed: 319, date: 321 },
  ],
  // Not of that table.
  "with clocks far apart, a refusal that is not about the time is what it says": [
    { sent: 0, received: 0, signed: 0, date: 3600, status: 400, error: "ChannelNotFound", action: "stop" },
    { sent: 1, received: 1, signed: 3601, date: 3602, status: 403, error: "AccessDeniedException", action: "stop" },
  ],
};

for (const [name, attempts] of Object.entries(cases))
  test(`clock: ${name}`, async () => {
    const began = Date.UTC(2026, 0, 1);
    vi.useFakeTimers({ toFake: ["Date"] });
    const sender = await sendTo(lake.endpoint);
    const at = (seconds: number) => new Date(began + seconds * 1000);
    for (const { sent, received, signed, date, age, status, error, action } of attempts) {
      vi.setSystemTime(at(sent));
      let signedAt = "";
      lake.script = (arrived, response) => {
        signedAt = String(arrived.headers["x-amz-date"]);
        vi.setSystemTime(at(received));
        response.sendDate = false;
        if (date !== undefined) response.setHeader("date", at(date).toUTCString());
        if (age !== undefined) response.setHeader("age", String(age));
        if (error !== undefined) refuse(response, status ?? 400, error);
        else accept.call(lake, arrived, response);
      };
      const problem: unknown = await sender.send(request).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(signedAt).toBe(
        at(signed)
          .toISOString()
          .replaceAll(/[-:]|\.000/g, ""),
      );
      expect(problem === undefined ? undefined : classifyFailure(problem, 0).action).toBe(action);
    }
    sender.close();
  });

test("a signature that stays wrong while the clocks are apart is a refusal after three attempts, not a server out of reach", async () => {
  using place = scene();
  lake.script = (_arrived, response) => {
    response.setHeader("date", new Date(Date.now() + 3_600_000).toUTCString());
    refuse(response, 403, "InvalidSignatureException", "The signature does not match.");
  };
  const sender = await sendTo(lake.endpoint);
  const summary = await place.run({ sender, files: [place.write("in.jsonl", lines(3))] });
  expect(summary).toMatchObject({
    queued: 3,
    dead: 0,
    requests: 3,
    stopped: { kind: "refused", code: "InvalidSignatureException" },
  });
  sender.close();
});

test("a poison event is found by halves also while the clock of this machine is off", async () => {
  using place = scene();
  lake.script = (arrived, response) => {
    response.setHeader("date", new Date(Date.now() + 3_600_000).toUTCString());
    if (arrived.events.some(({ id }) => id === "id-41")) refuse(response, 400, "ValidationException");
    else accept.call(lake, arrived, response);
  };
  const sender = await sendTo(lake.endpoint);
  const summary = await place.run({ sender, files: [place.write("in.jsonl", lines(100))] });
  expect(summary).toMatchObject({ delivered: 99, dead: 1, deadByCode: { ValidationException: 1 }, balanced: true });
  sender.close();
});

/** A lake that takes one key only. */
function takes(key: string, refusal: string): void {
  lake.script = (arrived, response) => {
    if (String(arrived.headers.authorization).includes(`Credential=${key}/`)) accept.call(lake, arrived, response);
    else refuse(response, refusal === "ExpiredTokenException" ? 400 : 403, refusal, "not this key");
  };
}

const credentials = (key: string) =>
  `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret-of-${key}\n`;

test("credentials that expire in the middle of a run are read again from their file, and the same batch is delivered", async () => {
  using place = scene();
  const file = join(place.directory, "credentials");
  writeFileSync(file, credentials("AKIDOLD"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", file);
  vi.stubEnv("AWS_CONFIG_FILE", join(place.directory, "none"));
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"])
    vi.stubEnv(name, undefined);
  takes("AKIDOLD", "ExpiredTokenException");
  const sender = await sendTo(lake.endpoint, undefined, { credentials: undefined });
  expect(await place.run({ sender, files: [place.write("one.jsonl", lines(3))] })).toMatchObject({
    delivered: 3,
    requests: 1,
  });
  writeFileSync(file, credentials("AKIDNEW"));
  takes("AKIDNEW", "ExpiredTokenException");
  const two = place.write(
    "two.jsonl",
    lines(5, (n) => ({ id: `two-${n}` })),
  );
  expect(await place.run({ sender, files: [two] })).toMatchObject({
    delivered: 5,
    requests: 2,
    retries: 1,
    balanced: true,
  });
  expect(lake.requests.at(-1)!.body).toBe(lake.requests.at(-2)!.body);
  sender.close();
});

for (const refusal of ["UnrecognizedClientException", "InvalidClientTokenId"])
  test(`a key that is no longer known (${refusal}) stops the channel, and its successor in the file goes on without a restart`, async () => {
    using place = scene();
    const file = join(place.directory, "credentials");
    writeFileSync(file, credentials("AKIDOLD"));
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", file);
    vi.stubEnv("AWS_CONFIG_FILE", join(place.directory, "none"));
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"])
      vi.stubEnv(name, undefined);
    takes("AKIDNEW", refusal);
    const sender = await sendTo(lake.endpoint, undefined, { credentials: undefined });
    const refused = await place.run({ sender, files: [place.write("one.jsonl", lines(3))] });
    expect(refused).toMatchObject({ queued: 3, dead: 0, stopped: { kind: "refused", code: refusal } });
    writeFileSync(file, credentials("AKIDNEW"));
    expect(await place.run({ sender })).toMatchObject({ delivered: 3, queued: 0, balanced: true });
    sender.close();
  });

test("credentials that stay expired are a refusal after three attempts: the queue is kept, nothing dies", async () => {
  using place = scene();
  takes("NOBODY", "ExpiredTokenException");
  const sender = await sendTo(lake.endpoint);
  expect(await place.run({ sender, files: [place.write("in.jsonl", lines(150))] })).toMatchObject({
    queued: 150,
    dead: 0,
    stopped: { kind: "refused", code: "ExpiredTokenException" },
  });
  sender.close();
});
