import type { JsonObject } from "@tributary/adapter-kit";
import { propose } from "@tributary/create-adapter";
import type { Guess } from "@tributary/create-adapter";
import { expect, test } from "vitest";

const paths = (guesses: readonly (Guess | undefined)[]) => guesses.map((guess) => guess?.path.join("."));
const at = (index: number) => `2026-01-10T08:00:0${index}Z`;
const three = (record: (index: number) => JsonObject) => propose([1, 2, 3].map(record));

test("members that are named and written plainly are found, and are sure", () => {
  const { times, action, actors, id, addresses, agent } = three((n) => ({
    uuid: `a-${n}`,
    timestamp: at(n),
    eventType: "user.login",
    actor: { id: `u-${n}`, type: "User", displayName: "A" },
    clientIp: "192.0.2.7",
    userAgent: "curl/8.1",
    target: { id: "t", user: "other" },
  }));
  expect(paths(times)).toEqual(["timestamp"]);
  expect(paths([action, id, agent])).toEqual(["eventType", "uuid", "userAgent"]);
  expect(paths(actors)).toEqual(["actor.id"]);
  expect(paths(addresses)).toEqual(["clientIp"]);
  expect([...times, action, ...actors, id, ...addresses, agent].every((guess) => guess?.isSure === true)).toBe(true);
});

test("the type and the other members of the actor's own object are found beside it", () => {
  const { actorType, details } = three((n) => ({
    time: at(n),
    action: "x",
    user: { id: n, type: "Bot", email: "a@example.com", name: "A" },
  }));
  expect(actorType?.path).toEqual(["user", "type"]);
  // The name stands in for an absent id; what is left is a detail.
  expect(details).toEqual([["user", "email"]]);
});

test("a time that says when something will end is not when it happened", () => {
  expect(paths(three((n) => ({ expires_at: at(n), valid_until: at(n), occurredAt: at(n) })).times)).toEqual([
    "occurredAt",
  ]);
});

test("a count is no time, an epoch of any unit is", () => {
  expect(three((n) => ({ time: n, size: 1_000_000 + n })).times).toEqual([]);
  for (const unit of [1, 1000, 1_000_000])
    expect(paths(three((n) => ({ when: (1_768_032_000 + n) * unit })).times)).toEqual(["when"]);
});

test("a time by its values alone is unsure", () => {
  const { times } = three((n) => ({ moment: at(n) }));
  expect(times).toMatchObject([{ path: ["moment"], isSure: false }]);
});

test("where samples have one time or the other, both are asked", () => {
  const { times } = propose([{ time: at(1) }, { date: at(2) }]);
  expect(paths(times)).toEqual(["time", "date"]);
});

test("texts about what was done are not its name", () => {
  const { action } = propose(
    Array.from({ length: 9 }, (_, n) => ({ time: at(1), name: `Deleted the file number ${n}`, category: "files" })),
  );
  expect(paths([action])).toEqual(["category"]);
});

test("an id that repeats is not the record's", () => {
  expect(propose([{ id: "same" }, { id: "same" }]).id).toBeUndefined();
  expect(three((n) => ({ target: { id: `t-${n}` } })).id).toBeUndefined();
  expect(propose([{ id: "only" }]).id).toMatchObject({ isSure: false });
});

test("addresses of others are not where it came from", () => {
  const { addresses } = three(() => ({
    dest_ip: "192.0.2.1",
    server: { ip: "192.0.2.2" },
    src_ip: "192.0.2.3",
    peer: "192.0.2.4",
  }));
  expect(addresses).toMatchObject([
    { path: ["src_ip"], isSure: true },
    { path: ["peer"], isSure: false },
  ]);
});

test("names that are values are nobody's", () => {
  const { actors, times } = propose([{ "alice@example.com": { user: "a", time: at(1) }, "192.0.2.7": { user: "b" } }]);
  expect([...actors, ...times]).toEqual([]);
});

test("large records go where there is room", () => {
  expect(propose([{ time: at(1), body: "x".repeat(20_000) }]).rest).toBe("requestParameters");
  expect(propose([{ time: at(1), body: "x" }]).rest).toBe("additionalEventData");
});

test("reasons name members and counts, on one line", () => {
  const { times } = three((n) => ({ "time */ `\n": at(n) }));
  expect(times[0]?.why).toBe("`time * /   ` reads as a time in 3 of 3 samples, and its name says so.");
});
