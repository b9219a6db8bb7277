import { expect, test } from "vitest";
import { Publishing, type PublishingOptions } from "../src/care/publishing.ts";
import { systemClock } from "../src/clock.ts";

/** A catalog that cannot answer which stores are unpublished, a number of times. */
function failing(times: number) {
  const asked: number[] = [];
  const logged: string[] = [];
  const time = { now: 0 };
  const clock = { ...systemClock, monotonic: () => time.now };
  const catalog = {
    unpublishedStores: () => {
      asked.push(time.now);
      return asked.length <= times ? Promise.reject(new Error("the catalog is not itself")) : Promise.resolve([]);
    },
    storeIds: () => Promise.resolve([]),
    logsToClean: () => Promise.resolve([]),
  };
  const options = {
    catalog,
    objects: {},
    clock,
    log: ({ event }: { readonly event?: unknown }) => logged.push(String(event)),
  };
  return { asked, logged, time, publishing: new Publishing(options as unknown as PublishingOptions) };
}

test("a publication that fails as a whole is tried again later and later, not at every turn", async () => {
  const { asked, logged, time, publishing } = failing(4);
  for (; time.now < 60_000; time.now += 50) {
    publishing.start();
    await publishing.settled();
  }
  expect(asked.slice(0, 5)).toEqual([0, 1000, 3000, 7000, 15_000]);
  expect(logged.slice(0, 4)).toEqual(Array(4).fill("publication-failed"));
  expect(asked[5]).toBe(15_050);
});
