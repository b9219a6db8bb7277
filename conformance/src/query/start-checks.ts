import type { Check } from "../core/check.ts";
import { expects, Unmet } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { isListOfMembers, patiently, type Place, start, started, written } from "./ask.ts";
import { pause } from "./pause.ts";
import { queried } from "./query-world.ts";

const simple = "SELECT eventID FROM $STORE WHERE $MINE";

/** StartQuery with this input beside a statement that is good. */
async function startWith(place: Place, more: object): Promise<Answer> {
  return start(place.world, { QueryStatement: written(simple, place), ...more });
}

/** Spec 2.7 and A.20: what StartQuery takes. */
export const startChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/start/answers-a-query-id",
    run: async (world) => {
      const answer = await startWith(await queried(world), {});
      const { QueryId: id } = succeeded(answer);
      expects(
        typeof id === "string" && /^[a-f0-9-]{36}$/.test(id),
        "QueryId of 36 characters, a to f, digits and -",
        answer.text,
      );
    },
  },
  {
    clause: "query/start/each-has-its-own-id",
    run: async (world) => {
      const place = await queried(world);
      const ids = [await started(place, simple), await started(place, simple)];
      expects(ids[0] !== ids[1], "two ids for the same statement, started twice", ids.join(" "));
    },
  },
  {
    clause: "query/start/statement-or-alias-required",
    run: async (world) => refused(await start(world, {})),
  },
  {
    clause: "query/start/statement-to-10000-characters",
    run: async (world) => {
      const place = await queried(world);
      const text = written(simple, place);
      for (const length of [9999, 10_000]) {
        const answer = await start(world, { QueryStatement: text.padEnd(length) });
        expects(
          answer.status === 200,
          `a statement of ${length} characters is taken`,
          `HTTP ${answer.status} ${answer.text}`,
        );
      }
      for (const bad of ["", text.padEnd(10_001)]) {
        const answer = await start(world, { QueryStatement: bad });
        if (answer.status === 200) throw new Unmet(`a statement of ${bad.length} characters is refused`, answer.text);
        refused(answer);
      }
    },
  },
  {
    clause: "query/start/unknown-alias-refused",
    run: async (world) => {
      await queried(world);
      const QueryAlias = "conformance-no-such-alias";
      refused(await start(world, { QueryAlias }));
      refused(await patiently(world, "DescribeQuery", { QueryAlias }));
    },
  },
  {
    clause: "query/start/delivery-uri-is-of-s3",
    run: async (world) => {
      const place = await queried(world);
      const long = `s3://bucket/${"a".repeat(1013)}`;
      for (const uri of [
        "bucket",
        "http://bucket/a",
        "s3://",
        "s3://ab",
        "s3://Bucket",
        "s3://-bucket",
        "s3://bucket-",
        long,
      ]) {
        const answer = await startWith(place, { DeliveryS3Uri: uri });
        expects(
          answer.status !== 200,
          `DeliveryS3Uri ${uri.slice(0, 30)} (${uri.length} characters) is refused`,
          answer.text,
        );
        refused(answer);
      }
    },
  },
  {
    clause: "query/start/owner-account-is-digits",
    run: async (world) => {
      const place = await queried(world);
      for (const id of ["12345678901", "12345678901234567", "abcdefghijkl", ""]) {
        const answer = await startWith(place, { EventDataStoreOwnerAccountId: id });
        expects(answer.status !== 200, `EventDataStoreOwnerAccountId ${JSON.stringify(id)} is refused`, answer.text);
        refused(answer);
      }
    },
  },
  {
    clause: "query/start/10-at-once",
    run: async (world) => {
      const place = await queried(world);
      await quiet(place);
      const QueryStatement = written("SELECT count(*) FROM $STORE a, $STORE b WHERE $MINE(a)", place);
      const answers: Answer[] = [];
      for (let wave = 0; wave < 3; wave++)
        answers.push(
          ...(await Promise.all(Array.from({ length: 5 }, () => world.wire.call("StartQuery", { QueryStatement })))),
        );
      const active = await activeOf(place);
      for (const { json } of answers)
        if (typeof json?.["QueryId"] === "string") await world.wire.call("CancelQuery", { QueryId: json["QueryId"] });
      expects(
        active <= 10,
        "10 queries QUEUED or RUNNING in one answer of ListQueries, at most, after 15 were started at once",
        active,
      );
      const others = answers.filter(({ status, code }) => status !== 200 && code !== "ThrottlingException");
      for (const answer of others) refused(answer, "MaxConcurrentQueriesException", 429);
    },
  },
];

/** Resolves when no query of the store is at work. */
async function quiet(place: Place): Promise<void> {
  for (let ms = 50, waited = 0; waited < 60_000 && (await activeOf(place, true)) > 0; ms = Math.min(ms * 2, 2000)) {
    await pause(place.world, ms);
    waited += ms;
  }
}

/** How many queries of the store are QUEUED or RUNNING in one answer of ListQueries. @param asks whether each is looked after */
async function activeOf({ world, storeId }: Place, asks = false): Promise<number> {
  const { Queries: list } = succeeded(
    await patiently(world, "ListQueries", { EventDataStore: storeId, MaxResults: 1000 }),
  );
  const active = isListOfMembers(list)
    ? list.filter(({ QueryStatus: status }) => status === "QUEUED" || status === "RUNNING")
    : [];
  if (asks) for (const { QueryId } of active) await world.wire.call("DescribeQuery", { QueryId });
  return active.length;
}
