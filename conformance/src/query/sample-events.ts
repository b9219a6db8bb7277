import { timeAt } from "../ingest/ingest-world.ts";

/** An event of the profile's own, and what is known of it. */
export interface Sample {
  readonly n: number;
  /** Of its entry. */
  readonly id: string;
  /** ms since 1970, of its eventTime. */
  readonly ms: number;
  readonly event: SampleEvent;
}

/** The event as it is put. */
export interface SampleEvent {
  readonly version: string;
  readonly userIdentity: {
    readonly type: string;
    readonly principalId: string;
    readonly details?: Readonly<Record<string, unknown>> | undefined;
  };
  readonly userAgent?: string | undefined;
  readonly eventSource: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly UID: string;
  readonly requestParameters: Readonly<Record<string, unknown>>;
  readonly responseElements?: Readonly<Record<string, unknown>> | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly sourceIPAddress?: string | undefined;
  readonly recipientAccountId: string;
  readonly additionalEventData?: Readonly<Record<string, unknown>> | undefined;
}

const pick = <T>(list: readonly [T, ...T[]], n: number): T => list[n % list.length] ?? list[0];

const people = ["ana", "ben", "Cleo", "d\u00E9v", "\u{1F600}eve", "\uFFFDfay"] as const;
const names = ["session.start", "session.end", "file_read", "fileXread", "FILE.READ"] as const;
const agents = ["Mozilla/5.0 (X11; Linux x86_64)", "cli/2.1.0"] as const;
const addresses = ["192.0.2.10", "192.0.2.200", "198.51.100.4", "2001:db8::5", "203.0.113.9"] as const;
const countries = ["NL", "US", "BR"] as const;

/** How many there are: few enough for one request, and each with each are more than a page of 1000 rows. */
export const sampleCount = 40;

/**
 * Events in which whatever is asked about is there and is not: keys that are absent, letters of every length in UTF-8, quotes and line
 * feeds, JSON within JSON.
 * @param tag eventSource of all of them: nothing else in the store has it
 * @param from ms since 1970, a whole second, of the first
 */
export function sampleEvents(tag: string, accountId: string, from: number): readonly Sample[] {
  return Array.from({ length: sampleCount }, (_, n): Sample => {
    const ms = from + n * 421_000;
    const error = n % 6 === 3 ? "AccessDenied" : n % 6 === 5 ? "Throttled" : undefined;
    const details = { team: n % 2 === 0 ? "blue" : "red", mfa: n % 3 === 0, level: n, groups: ["all", `g${n % 4}`] };
    const client = { geo: { country: pick(countries, n), city: null }, device: `d${n % 4}`, score: n * 10 };
    return {
      n,
      id: `sample-${n}`,
      ms,
      event: {
        version: "1.0",
        userIdentity: {
          type: n % 9 === 8 ? "Service" : "User",
          principalId: pick(people, n),
          details: n % 7 === 6 ? undefined : details,
        },
        userAgent: n % 5 === 4 ? undefined : pick(agents, n),
        eventSource: tag,
        eventName: pick(names, n),
        eventTime: timeAt(ms),
        UID: `uid-${String(n).padStart(2, "0")}`,
        requestParameters: {
          target: `app-${n % 3}`,
          url: `https://sso.example.com/app/${n % 3}?from=web&try=${n}`,
          count: n,
          "odd key.of/signs": `odd ${n}`,
        },
        responseElements:
          error === undefined ? { result: "ALLOW", nested: { a: { b: [1, 2, { c: "deep" }] } } } : undefined,
        errorCode: error,
        errorMessage: error === undefined ? undefined : `it's "refused"\nto ${pick(people, n)} \\ ${n}`,
        sourceIPAddress: n % 8 === 7 ? undefined : pick(addresses, n),
        recipientAccountId: accountId,
        additionalEventData:
          n % 11 === 10
            ? undefined
            : { client, tags: n % 2 === 0 ? ["sso", "web"] : ["cli"], risk: pick(["low", "medium", "high"], n), n },
      },
    };
  });
}
