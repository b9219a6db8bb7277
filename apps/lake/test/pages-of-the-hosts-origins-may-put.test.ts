import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Answer, TestLake, entry, run } from "./test-lake.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const origin = "https://app.example.com";
let lake: TestLake;
let channelArn: string;

beforeAll(async () => {
  lake = await TestLake.start({ corsOrigins: [origin, "http://localhost:8080"] });
  channelArn = await lake.channel([await lake.store()]);
});
afterAll(() => lake.close());

const preflight = (from: string, more: object = {}, path = "/PutAuditEvents"): Promise<Answer> =>
  lake.send({
    method: "OPTIONS",
    path,
    unsigned: true,
    headers: { origin: from, "access-control-request-method": "POST", ...more },
  });

test.each([origin, "http://localhost:8080"])("a preflight of %s is answered without a signature", async (from) => {
  const asked = "authorization,content-type,x-amz-date,x-amz-content-sha256,x-amz-security-token";
  const { status, headers, text } = await preflight(from, { "access-control-request-headers": asked });
  expect({ status, text }).toEqual({ status: 200, text: "" });
  expect(headers).toMatchObject({
    "access-control-allow-origin": from,
    "access-control-allow-methods": "POST",
    vary: "Origin",
  });
  const allowed = String(headers["access-control-allow-headers"]).split(", ");
  expect(asked.split(",").filter((name) => !allowed.includes(name))).toEqual([]);
  expect(headers).not.toHaveProperty("access-control-allow-credentials");
});

test("answers and refusals may be read by a page of such an origin, its error type with them", async () => {
  const headers = { origin };
  const allowed = {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": expect.stringContaining("x-amzn-errortype") as string,
  };
  expect(await lake.put(channelArn, [entry("a")], { headers })).toMatchObject({ status: 200, headers: allowed });
  expect(await lake.put(channelArn, [], { headers })).toMatchObject({ status: 400, headers: allowed });
  expect(await lake.put(channelArn, [entry("a")], { headers, unsigned: true })).toMatchObject({
    status: 403,
    headers: allowed,
  });
  const large = await lake.put(channelArn, ["x".repeat(9 * 1024 ** 2)], { headers });
  expect(large).toMatchObject({ status: 413, headers: allowed });
});

test.each([
  ["another origin", "https://evil.example.com"],
  ["a longer one", `${origin}.evil.example.com`],
  ["another scheme", "http://app.example.com"],
  ["another port", `${origin}:8443`],
  ["no origin of a page", "null"],
])("%s is let in nowhere", async (_, from) => {
  const asked = await preflight(from);
  expect(asked.status).toBe(404);
  expect(asked.headers).not.toHaveProperty("access-control-allow-origin");
  const put = await lake.put(channelArn, [entry("b")], { headers: { origin: from } });
  expect(put.headers).not.toHaveProperty("access-control-allow-origin");
  expect(put.headers).toMatchObject({ vary: "Origin" });
});

test("the control plane is for no page", async () => {
  const asked = await preflight(origin, {}, "/");
  expect(asked.status).toBe(404);
  expect(asked.headers).not.toHaveProperty("access-control-allow-origin");
  const { headers } = await lake.control("ListChannels", {}, { headers: { origin } });
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});

test("by default no origin is let in", async () => {
  const closed = await TestLake.start();
  try {
    const headers = { origin, "access-control-request-method": "POST" };
    const asked = await closed.send({ method: "OPTIONS", path: "/PutAuditEvents", unsigned: true, headers });
    expect(asked.status).toBe(404);
    expect(asked.headers).not.toHaveProperty("access-control-allow-origin");
  } finally {
    await closed.close();
  }
});

test.each(["*", "app.example.com", "https://app.example.com/", "https://app.example.com/a", "null", "", "ftp://a.b"])(
  "%j is no origin",
  async (wrong) => {
    const answer = await run(["serve", "--data", lake.data, "--cors-origins", `${origin},${wrong}`]);
    expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining("--cors-origins takes origins") });
  },
);
