import assert from "node:assert/strict";
import type { TSchema } from "@sinclair/typebox";
import type { Adapter } from "../contract/adapter.ts";
import { secretKeyword } from "../contract/secret.ts";

/** Holds what an adapter claims, `poll` and `webhook`, to its form: hosts, docs and configurations rest on it. */
export async function assertCapabilities(adapter: Adapter): Promise<void> {
  if (adapter.poll !== undefined) {
    const poll = await adapter.poll();
    assertDescribed(poll.options, "poll");
    assert.ok(poll.requestsPerMinute >= 1, "poll: requestsPerMinute is less than one");
    for (const key of ["exclusive", "pages"] as const)
      assert.equal(typeof poll[key], "function", `poll: ${key} is not a function`);
    assert.ok(
      poll.history === undefined || poll.history === "ordered" || poll.history === "unordered",
      "poll: history is ordered, unordered or left out",
    );
    assert.ok(holdsSecret(poll.options), "poll: no option is a SecretOption: whom does the vendor answer?");
  }
  if (adapter.webhook !== undefined) {
    const webhook = await adapter.webhook();
    assertDescribed(webhook.options, "webhook");
    assert.equal(typeof webhook.receive, "function", "webhook: receive is not a function");
  }
}

/** Every option says what it is for: `tributary check`, editors and the README's readers see it. */
function assertDescribed(options: TSchema, what: string): void {
  const members: Readonly<Record<string, TSchema>> = options["properties"] ?? {};
  for (const [key, member] of Object.entries(members))
    assert.ok(
      typeof member.description === "string" && member.description !== "",
      `${what}: the option ${key} has no description`,
    );
}

function holdsSecret(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  return Object.hasOwn(schema, secretKeyword) || Object.values(schema).some(holdsSecret);
}
