import { expect, test } from "vitest";
import {
  controlErrorCodes,
  eventErrorCodes,
  findSource,
  limits,
  operations,
  requestErrorCodes,
  sources,
} from "../src/index.ts";

test("16 sources, 5 of them direct; names are exact", () => {
  expect(sources).toHaveLength(16);
  expect(sources.filter(({ type }) => type === "direct").map(({ source }) => source)).toEqual([
    "Clumio",
    "LaunchDarkly",
    "IBMMulticloud",
    "MontyCloud",
    "Snyk",
  ]);
  expect(new Set(sources.map(({ source }) => source)).size).toBe(16);
  expect(findSource("OktaSystemLogEvents")?.displayName).toBe("Okta");
  for (const name of ["okta", "oktasystemlogevents", "NordcloudKlarity", "", "__proto__"])
    expect(findSource(name)).toBeUndefined();
  for (const { documentationUrl, externalIdUrl, partnerAccountIds } of sources) {
    for (const url of [documentationUrl, externalIdUrl]) expect(url ?? "https://").toMatch(/^https:\/\//);
    for (const account of partnerAccountIds) expect(account).toMatch(/^\d{12}$/);
  }
});

test("nine codes for an event, two of them retryable", () => {
  const names = Object.keys(eventErrorCodes);
  expect(names).toHaveLength(9);
  const retryable = Object.entries(eventErrorCodes).filter(([, code]) => code.retryable);
  expect(retryable.map(([name]) => name)).toEqual(["Throttling", "InternalFailure"]);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(128);
});

test("statuses where they surprise", () => {
  expect(requestErrorCodes.ChannelNotFound.status).toBe(400);
  expect(controlErrorCodes.ChannelNotFoundException.status).toBe(404);
  expect(controlErrorCodes.ResourceNotFoundException.status).toBe(400);
  expect(controlErrorCodes.ResourcePolicyNotFoundException.status).toBe(404);
  expect(controlErrorCodes.ConflictException.status).toBe(409);
  expect(controlErrorCodes.MaxConcurrentQueriesException.status).toBe(429);
  expect(controlErrorCodes.InsufficientS3BucketPolicyException.status).toBe(403);
  const counts: Record<number, number> = {};
  const modelled = new Set(Object.values(operations).flatMap(({ errors }): string[] => [...errors]));
  for (const [name, { status }] of Object.entries(controlErrorCodes))
    if (modelled.has(name)) counts[status] = (counts[status] ?? 0) + 1;
  expect(counts).toEqual({ 400: 44, 403: 2, 404: 6, 409: 1, 429: 2 });
});

test("24 operations", () => expect(Object.keys(operations)).toHaveLength(24));

test("the sender's limits are within the server's; tables cannot be changed", () => {
  for (const name of ["request", "event", "requestParameters", "responseElements", "additionalEventData"] as const)
    expect(limits.sender[name]).toBeLessThan(limits.server[name]);
  for (const table of [
    limits,
    limits.server,
    limits.sender,
    limits.strings,
    sources,
    sources[0],
    eventErrorCodes,
    eventErrorCodes.Throttling,
    operations,
  ])
    expect(Object.isFrozen(table)).toBe(true);
});
