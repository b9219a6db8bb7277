import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, Poll, PollHost } from "@tributary/adapter-kit";
import {
  linkOf,
  linkWithin,
  readAnswer,
  retryAfterSeconds,
  SecretOption,
  VendorError,
  vendorNow,
} from "@tributary/adapter-kit/poll";

const options = T.Object(
  {
    account: T.String({
      pattern: "^(?:enterprises|orgs)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
      description: "Whose audit log: enterprises/NAME or orgs/NAME.",
    }),
    token: SecretOption({
      description:
        "A token with read:audit_log (classic), or with read access to the administration of the enterprise or organization (fine-grained).",
    }),
    api: T.String({
      pattern: "^https://[^\\s?#@]+$",
      default: "https://api.github.com",
      description:
        "The address of the API: https://HOST/api/v3 for Enterprise Server, https://api.NAME.ghe.com with data residency.",
    }),
    include: T.Union([T.Literal("all"), T.Literal("web"), T.Literal("git")], {
      default: "all",
      description: "Which events: web, git, or all.",
    }),
    pollSeconds: T.Integer({
      minimum: 30,
      maximum: 86_400,
      default: 300,
      description: "How long to wait before the log is asked again.",
    }),
    overlapMinutes: T.Integer({
      minimum: 1,
      maximum: 10_080,
      default: 15,
      description:
        "How late GitHub may show an event at the most: so much is read again each time, and known events are not sent twice.",
    }),
  },
  { additionalProperties: false },
);

/** A search, oldest first, and the way through it. */
interface Pass {
  readonly v: 1;
  /** ISO, whole seconds: the search is `created:>=from`. */
  readonly from: string;
  /** GitHub's cursor of the next page; Enterprise Server of old counts pages. */
  readonly after?: string;
  readonly page?: string;
  /** When the search began, by GitHub's clock, ms. */
  readonly began?: number;
  /** The time of the newest record it has shown, ms. */
  readonly newest?: number;
}

/** GitHub keeps so many days; Enterprise Server as many as its owner says. */
const keptDays = 180;
const day = 86_400_000;

/**
 * The audit log of an enterprise or an organization by the REST API. Each pass asks for all since the last one less the
 * overlap, oldest first, page by page. Vendor page: docs.github.com/rest/enterprise-admin/audit-log.
 */
export const poll: Poll<typeof options> = {
  options,
  /** 1,750 queries an hour for a user and an address. */
  requestsPerMinute: 29,
  history: "ordered",
  exclusive: ({ api, account, include }) => `${api} ${account} ${include}`,

  async *pages(cursor, host) {
    const { options: chosen } = host;
    let pass = resumed(cursor) ?? firstPass(host, host.now());
    let first = resumed(cursor) === undefined;
    let lapsed = 0;
    for (;;) {
      const answer = await ask(pass, host);
      if (answer.status !== 200) {
        // The cursor is not taken any more: the search is made again from where it was, less the overlap.
        const { from } = pass;
        pass = nextPass(pass, chosen);
        lapsed = pass.from === from ? lapsed + 1 : 0;
        if (lapsed > 3)
          throw new VendorError("VENDOR_ANSWER_INVALID", "GitHub refuses its own cursors again and again.");
        continue;
      }
      if (!Array.isArray(answer.value))
        throw new VendorError("VENDOR_ANSWER_INVALID", "GitHub's answer is no page of the audit log, which is a list.");
      const { from } = firstPass(host, vendorNow(answer.headers, host));
      if (first && from < pass.from) {
        // The host's clock is ahead: it must not leave out what GitHub still keeps.
        pass = { v: 1, from };
        first = false;
        continue;
      }
      first = false;
      const began = pass.began ?? vendorNow(answer.headers, host);
      const newest = latest([pass.newest, ...(answer.value as readonly Json[]).map(timeOf)]);
      const here: Pass = { ...pass, began, ...(newest === undefined ? {} : { newest }) };
      const link = linkOf(answer.headers, "next");
      const more = link === undefined ? undefined : onward(linkWithin(new URL(chosen.api), link), pass);
      if (more === undefined) lapsed = 0;
      pass = more === undefined ? nextPass(here, chosen) : { ...without(here), ...more };
      yield {
        body: answer.value.length === 0 ? new Uint8Array() : answer.bytes,
        format: "json",
        cursor: { ...pass },
        waitSeconds: more === undefined ? chosen.pollSeconds : 0,
        caughtUp: more === undefined,
      };
    }
  },

  /** A spent budget is a 403 or 429 with nothing remaining until the reset; a secondary limit a 403 with Retry-After. */
  pause: ({ status, headers }, now) => {
    if (status !== 403 && status !== 429) return undefined;
    const reset = headers.get("x-ratelimit-reset") ?? "";
    if (headers.get("x-ratelimit-remaining") === "0" && /^\d{1,12}$/.test(reset))
      return Math.max(1, Math.ceil(Number(reset) - vendorNow(headers, { now: () => now }) / 1000));
    return retryAfterSeconds(headers, now);
  },
};

function ask(pass: Pass, { options: { api, account, include, token }, fetch }: PollHost<Static<typeof options>>) {
  const url = new URL(`${api.replace(/\/+$/, "")}/${account}/audit-log`);
  const search = { phrase: `created:>=${pass.from}`, include, order: "asc", per_page: "100" };
  for (const [name, value] of Object.entries(search)) url.searchParams.set(name, value);
  if (pass.after !== undefined) url.searchParams.set("after", pass.after);
  if (pass.page !== undefined) url.searchParams.set("page", pass.page);
  const headers = {
    Accept: "application/vnd.github+json",
    Authorization: `Bearer ${token.reveal().trim()}`,
    "User-Agent": "tributary",
    "X-GitHub-Api-Version": "2022-11-28",
  };
  const accept = pass.after === undefined && pass.page === undefined ? [200] : [200, 400, 410, 422];
  return fetch(url, { headers }).then((response) =>
    readAnswer(response, { what: `the audit log of ${account}`, accept }),
  );
}

/** The pass a first run begins with at a time: as far back as was asked for, or as GitHub keeps. */
function firstPass({ since, options: { api } }: PollHost<Static<typeof options>>, now: number): Pass {
  const kept = new URL(api).pathname.startsWith("/api/") ? 0 : now - keptDays * day;
  return { v: 1, from: seconds(Math.max(Date.parse(since), kept)) };
}

/**
 * The search after this one. What GitHub shows later than this one began is no older than that less the overlap; what it
 * showed before, this one has read up to its newest record.
 */
function nextPass({ from, began, newest }: Pass, { overlapMinutes }: Static<typeof options>): Pass {
  if (began === undefined || newest === undefined) return { v: 1, from };
  return { v: 1, from: seconds(Math.max(Date.parse(from), Math.min(began, newest) - overlapMinutes * 60_000)) };
}

/** Where the next page begins; undefined when the link leads back to this one. */
function onward(link: URL, pass: Pass): Pick<Pass, "after" | "page"> | undefined {
  const after = link.searchParams.get("after");
  if (after !== null) return after === pass.after ? undefined : { after };
  const page = link.searchParams.get("page");
  return page === null || page === pass.page ? undefined : { page };
}

function without({ after: _after, page: _page, ...pass }: Pass): Pass {
  return pass;
}

/** undefined for a cursor of another version: the poller then begins again, and repeats rather than skips. */
function resumed(cursor: Json | undefined): Pass | undefined {
  const from = textAt(cursor, "from");
  if (valueAt(cursor, "v") !== 1 || from === undefined || Number.isNaN(Date.parse(from))) return undefined;
  const after = textAt(cursor, "after");
  const page = textAt(cursor, "page");
  const began = valueAt(cursor, "began");
  const newest = valueAt(cursor, "newest");
  return {
    v: 1,
    from,
    ...(after === undefined ? {} : { after }),
    ...(page === undefined ? {} : { page }),
    ...(typeof began === "number" ? { began } : {}),
    ...(typeof newest === "number" ? { newest } : {}),
  };
}

function timeOf(record: Json): number | undefined {
  const time = valueAt(record, "@timestamp") ?? valueAt(record, "created_at");
  return typeof time === "number" ? time : undefined;
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((one, other) => Math.max(one, other));
}

function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
