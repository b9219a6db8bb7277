import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { succeeded } from "../wire/answer.ts";
import { isRefused, ask, done, secondChannel, secondStore, storeOf } from "./channels-world.ts";

interface Listing {
  readonly operation: string;
  readonly list: string;
  readonly arn: string;
  /** What the run made. */
  readonly own: (world: ServerWorld) => Promise<readonly string[]>;
  /** The operation that the token of this one is not for. */
  readonly other: string;
  /** Where the model has an error for MaxResults. */
  readonly outOfRange?: string;
}

const listings: Readonly<Record<string, Listing>> = {
  channels: {
    operation: "ListChannels",
    list: "Channels",
    arn: "ChannelArn",
    own: async (world) => [world.channelArn, (await secondChannel(world)).arn],
    other: "ListEventDataStores",
  },
  stores: {
    operation: "ListEventDataStores",
    list: "EventDataStores",
    arn: "EventDataStoreArn",
    own: async (world) => [storeOf(world), (await secondStore(world)).arn],
    other: "ListChannels",
    outOfRange: "InvalidMaxResultsException",
  },
};

/** Spec 2.3, 2.4 and 2.8: lists, their items and their pages. */
export const listChecks: readonly Check<ServerWorld>[] = Object.entries(listings).flatMap(
  ([what, listing]): readonly Check<ServerWorld>[] => [
    {
      clause: `channels/list/${what}-complete-in-pages`,
      run: async (world) => {
        const own = await listing.own(world);
        for (const size of [1, 2]) {
          const found = await allPages(world, listing, size);
          const arns = found.map((item) => item[listing.arn]);
          expects(
            own.every((arn) => arns.includes(arn)),
            `all of the run's own in pages of ${size}: ${own.join(", ")}`,
            arns,
          );
        }
      },
    },
    {
      clause: `channels/list/${what}-without-repeats`,
      run: async (world) => {
        await listing.own(world);
        for (const size of [1, 2]) {
          const arns = (await allPages(world, listing, size)).map((item) => item[listing.arn]);
          expects(new Set(arns).size === arns.length, `each once in pages of ${size}`, arns);
        }
      },
    },
    {
      clause: `channels/list/${what}-items-are-arn-and-name`,
      run: async (world) => {
        const own = await listing.own(world);
        const item = (await allPages(world, listing, 1000)).find((one) => own.includes(String(one[listing.arn])));
        expects(
          item !== undefined && Object.keys(item).toSorted().join() === [listing.arn, "Name"].toSorted().join(),
          `${listing.arn} and Name alone`,
          item ?? "none of the run's own",
        );
      },
    },
    {
      clause: `channels/list/${what}-pages-of-1-to-1000`,
      run: async (world) => {
        await listing.own(world);
        for (const MaxResults of [1, 2, 999, 1000]) {
          const { [listing.list]: items } = await done(world, listing.operation, { MaxResults });
          expects(
            Array.isArray(items) && items.length <= MaxResults,
            `at most ${MaxResults} with MaxResults ${MaxResults}`,
            items,
          );
        }
        for (const MaxResults of [0, -1, 1001])
          await isRefused(world, listing.operation, { MaxResults }, listing.outOfRange, 400);
      },
    },
    {
      clause: `channels/list/${what}-last-page-has-no-token`,
      run: async (world) => {
        await listing.own(world);
        const count = (await allPages(world, listing, 1)).length;
        if (count > 1000) return;
        const whole = await done(world, listing.operation, { MaxResults: count });
        expects(!("NextToken" in whole), `no NextToken with all ${count}`, Object.keys(whole));
      },
    },
    {
      clause: `channels/list/${what}-token-3-to-1001`,
      run: async (world) => {
        for (const length of [0, 3, 1001])
          await isRefused(world, listing.operation, { NextToken: "a".repeat(length) }, undefined, 400);
        const { NextToken } = await firstPage(world, listing);
        const length = typeof NextToken === "string" ? NextToken.length : 0;
        expects(length >= 4 && length <= 1000, "a NextToken of 4 to 1000 characters", NextToken);
      },
    },
    {
      clause: `channels/list/${what}-foreign-token-refused`,
      run: async (world) => {
        for (const NextToken of ["abcd", "a".repeat(1000), "eyJpbmRleCI6MX0", "not a token"])
          await isRefused(world, listing.operation, { NextToken }, "InvalidNextTokenException", 400);
      },
    },
    {
      clause: `channels/list/${what}-altered-token-refused`,
      run: async (world) => {
        const { NextToken } = await firstPage(world, listing);
        const token = String(NextToken);
        for (const at of [2, Math.floor(token.length / 2), token.length - 3]) {
          const altered = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
          await isRefused(
            world,
            listing.operation,
            { MaxResults: 1, NextToken: altered },
            "InvalidNextTokenException",
            400,
          );
        }
      },
    },
    {
      clause: `channels/list/${what}-token-of-another-operation-refused`,
      run: async (world) => {
        const { NextToken } = await firstPage(world, listing);
        await isRefused(world, listing.other, { MaxResults: 1, NextToken }, "InvalidNextTokenException", 400);
      },
    },
    {
      clause: `channels/list/${what}-token-with-other-parameters-refused`,
      run: async (world) => {
        const { NextToken } = await firstPage(world, listing);
        await isRefused(world, listing.operation, { MaxResults: 2, NextToken }, "InvalidNextTokenException", 400);
      },
    },
    {
      clause: `channels/list/${what}-of-the-callers-account`,
      needs: ["other-account"],
      run: async (world) => {
        const own = await listing.own(world);
        const as = world.wire.subject.other!;
        const found = succeeded(await ask(world, listing.operation, { MaxResults: 1000 }, { as }));
        const text = JSON.stringify(found);
        expects(!own.some((arn) => text.includes(arn)), "nothing of the first account to the second", found);
      },
    },
  ],
);

/** Of two and more there is a next page. */
async function firstPage(world: ServerWorld, listing: Listing): Promise<Members> {
  await listing.own(world);
  const first = await done(world, listing.operation, { MaxResults: 1 });
  expects(typeof first["NextToken"] === "string", "a NextToken, as there is more", first);
  return first;
}

async function allPages(world: ServerWorld, { operation, list }: Listing, MaxResults: number): Promise<Members[]> {
  const found: Members[] = [];
  const seen = new Set<unknown>();
  let NextToken: unknown;
  // More pages than an account can have items.
  for (let pages = 0; pages < 2000; pages++) {
    const answer = await done(world, operation, { MaxResults, ...(NextToken !== undefined && { NextToken }) });
    const items = answer[list];
    expects(Array.isArray(items), `a list ${list}`, answer);
    found.push(...(items as readonly unknown[]).filter(isMembers));
    NextToken = answer["NextToken"];
    if (NextToken === undefined || NextToken === null) return found;
    expects(!seen.has(NextToken), "another NextToken with each page", NextToken);
    seen.add(NextToken);
  }
  expects(false, "a last page", `${found.length} items and no end`);
  return found;
}
