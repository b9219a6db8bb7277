import { secretFrom } from "@tributary/adapter-kit";
import { expect, test, vi } from "vitest";
import type { IntegrationPlan } from "../src/config/integration-plan.ts";
import { Intake } from "../src/daemon/intake.ts";
import { Parking } from "../src/daemon/parking.ts";
import { Poller } from "../src/daemon/poller.ts";
import { decodeFrames } from "../src/state/chunk-codec.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import type { Changes } from "../src/state/store.ts";
import { toyEvents } from "./support/fake-vendor.ts";
import { instantClock } from "./support/instant-clock.ts";
import { channelArn, scene, type Scene } from "./support/scene.ts";
import toy from "./support/toy-adapter.ts";

vi.setConfig({ testTimeout: 60_000 });

const events = toyEvents(230);
const options = { url: "https://toy.example.com", token: secretFrom("a-token"), pageSize: 50, pollSeconds: 0 };

/** A store whose process dies at a commit, before or after its effect. Counts commits. */
class MortalStore extends IntegrationStore {
  commits = 0;
  dieAt = 0;
  after = false;
  die: () => void = () => undefined;
  /** The planted bug: the cursor commits by itself, before the page. */
  early = false;

  override async commit(changes: Changes): Promise<void> {
    this.commits++;
    const dies = this.commits === this.dieAt;
    if (this.early && changes.polled !== undefined) await super.commit({ polled: changes.polled });
    if (!dies || this.after) await super.commit(changes);
    if (!dies) return;
    this.die();
    throw new Error("dead");
  }
}

const onTrouble = () => undefined;
const random = () => 0.5;

/** Polls until all is read, or the process dies. Answers how many commits there were, and every `since` that was asked for. */
async function poll(place: Scene, death: Partial<Pick<MortalStore, "dieAt" | "after" | "early">>) {
  const database = place.state();
  const store = Object.assign(
    new MortalStore(database, await integrationNumber(database, "toy", channelArn, "a")),
    death,
  );
  const stop = new AbortController();
  store.die = () => stop.abort();
  const clock = instantClock();
  const intake = new Intake({ adapter: toy, store, clock, queuedEvents: 100_000, onStored: () => undefined });
  const since = new Set<string | null>();
  const send = ({ url }: Request): Promise<Response> => {
    const { searchParams } = new URL(url);
    since.add(searchParams.get("since"));
    const after = Number(searchParams.get("after"));
    if (after >= events.length) stop.abort();
    const page = events.slice(after, after + Number(searchParams.get("limit")));
    return Promise.resolve(Response.json({ events: page, next: after + page.length }));
  };
  const plan = { name: "a", adapter: toy } as unknown as IntegrationPlan;
  const parking = new Parking({ clock, random, seconds: 1, onChange: () => undefined, onWorks: () => undefined });
  const module = await toy.poll!();
  const poller = new Poller(
    { plan, intake, parking, send, clock, random, onTrouble },
    { poll: module, options, exclusive: module.exclusive(options) },
  );
  await poller.run(stop.signal);
  await database.close();
  return { commits: store.commits, since };
}

function spooled(place: Scene): readonly string[] {
  const database = place.database();
  const rows = database.prepare("SELECT frames FROM spool ORDER BY chunk").all();
  database.close();
  return rows.flatMap(({ frames }) =>
    decodeFrames(frames as Uint8Array).map(
      ({ bytes }) => (JSON.parse(Buffer.from(bytes).toString()) as { id: string }).id,
    ),
  );
}

const all = events.map((event) => (event as { readonly id: string }).id);

test("a death before or after any commit: each record is in the spool once, and since does not move", async () => {
  using whole = scene();
  const { commits } = await poll(whole, {});
  expect(spooled(whole)).toEqual(all);
  expect(commits).toBeGreaterThanOrEqual(6);
  for (let dieAt = 1; dieAt <= commits; dieAt++)
    for (const after of [false, true]) {
      using place = scene();
      const first = await poll(place, { dieAt, after });
      const second = await poll(place, {});
      const since = new Set([...first.since, ...second.since]);
      expect({ dieAt, after, spooled: spooled(place), since: since.size }).toEqual({
        dieAt,
        after,
        spooled: all,
        since: 1,
      });
    }
});

test("the test's own check: a cursor that commits before its page loses records", async () => {
  using place = scene();
  await poll(place, { dieAt: 3, early: true });
  await poll(place, {});
  expect(spooled(place).length).toBeLessThan(all.length);
});

test("a cursor is not given to another account of the vendor, and stays when the channel changes", async () => {
  using place = scene();
  const database = place.state();
  const first = new IntegrationStore(database, await integrationNumber(database, "toy", channelArn, "a"));
  await first.commit({ polled: { reads: "x", since: "2026-01-01T00:00:00Z", cursor: '{"v":1}', at: 1 } });
  expect(await first.sources.polled("y")).toBeUndefined();
  const moved = new IntegrationStore(database, await integrationNumber(database, "toy", `${channelArn}2`, "a"));
  expect(moved.integration).not.toBe(first.integration);
  expect((await moved.sources.polled("x"))?.cursor).toBe('{"v":1}');
  const other = new IntegrationStore(database, await integrationNumber(database, "toy", channelArn, "b"));
  expect(await other.sources.polled("x")).toBeUndefined();
  await database.close();
});
