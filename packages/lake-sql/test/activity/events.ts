import { activityColumns, duckdbType, type SqlType } from "../../src/index.ts";

/** Two stores of synthetic events: sign-ins of an identity provider, and changes of a code host. */
export const stores = {
  SIGN_IN: "11111111-1111-4111-8111-111111111111",
  CODE: "22222222-2222-4222-8222-222222222222",
} as const;

/** A statement with its stores' ids in place of `$SIGN_IN` and `$CODE`. */
export const withIds = (statement: string, ids: Readonly<Record<keyof typeof stores, string>> = stores): string =>
  statement.replaceAll(/\$(SIGN_IN|CODE)/g, (_, name: keyof typeof stores) => ids[name]);

export type Value = string | null | { readonly [name: string]: Value };
type Event = Readonly<Record<string, Value>>;

const account = "111122223333";
const people = ["ana", "ben", "cleo", "dev"];
const addresses = ["192.0.2.10", "192.0.2.77", "198.51.100.4", "2001:db8::5", "203.0.113.9"];
const countries = ["NL", "US", "BR"];

function event(store: "a" | "b", n: number, at: Date, eventdata: Record<string, Value>): Event {
  const eventtime = at.toISOString();
  return {
    eventversion: "1.0",
    eventcategory: "ActivityAuditLog",
    eventtype: "ActivityLog",
    eventid: `${store}-${String(n).padStart(2, "0")}`,
    eventtime,
    awsregion: "us-east-1",
    recipientaccountid: account,
    addendum:
      n === 7
        ? { reason: "UPDATED_DATA", updatedfields: "eventData", originaluid: "u6", originaleventid: `${store}-06` }
        : null,
    metadata: {
      ingestiontime: new Date(at.getTime() + 90_000).toISOString(),
      channelarn: `arn:aws:cloudtrail:us-east-1:${account}:channel/${store === "a" ? "sign-in" : "code"}`,
    },
    eventdata: {
      version: "1",
      eventtime: eventtime.replace(".000Z", "Z"),
      uid: `${store}-u${n}`,
      recipientaccountid: account,
      ...eventdata,
    },
    eventdata_text: JSON.stringify({ n }),
    eventday: eventtime.slice(0, 10),
  };
}

/** Every 47 minutes from 1 March 2026: log-ins and log-outs of four people, every fifth of them denied. */
const signIns = Array.from({ length: 24 }, (_, n) => {
  const denied = n % 5 === 3;
  const person = people[(n * 7) % 4] ?? "";
  return event("a", n, new Date(Date.UTC(2026, 2, 1, 22, 0) + n * 47 * 60_000), {
    useridentity: {
      type: n % 9 === 8 ? "Service" : "User",
      principalid: person,
      details: { team: n % 2 === 0 ? "blue" : "red", mfa: String(n % 3 !== 0) },
    },
    useragent: n % 2 === 0 ? "Mozilla/5.0 (X11; Linux x86_64)" : "cli/2.1.0",
    eventsource: "sign-in.example.com",
    eventname: n % 4 === 2 ? "session.end" : "session.start",
    requestparameters: { target: `app-${n % 3}`, url: `https://sso.example.com/app/${n % 3}?from=${person}&try=${n}` },
    responseelements: denied ? null : { result: "ALLOW" },
    errorcode: denied ? "AccessDenied" : null,
    errormessage: denied ? `policy ${n} refused ${person}` : null,
    sourceipaddress: addresses[n % 5] ?? "",
    additionaleventdata: {
      client: `{"geo":{"country":"${countries[n % 3]}","city":null},"device":"d${n % 6}","score":${n * 1.5}}`,
      tags: n % 2 === 0 ? '["sso","web"]' : '["cli"]',
      risk: ["low", "medium", "high"][n % 3] ?? "",
    },
  });
});

const verbs = ["git.push", "repo.create", "member.add", "git.push", "secret.read"];
const changes = Array.from({ length: 10 }, (_, n) =>
  event("b", n, new Date(Date.UTC(2026, 2, 2, 1, 30) + n * 61 * 60_000 + (n % 2) * 123), {
    useridentity: { type: "User", principalid: people[(n * 3) % 4] ?? "", details: null },
    useragent: null,
    eventsource: "code.example.com",
    eventname: verbs[n % 5] ?? "",
    requestparameters:
      n % 5 === 2 ? { member: `guest${n}`, role: "admin" } : { repository: `org/repo-${n % 2}`, commits: String(n) },
    responseelements: null,
    errorcode: null,
    errormessage: null,
    sourceipaddress: addresses[(n + 1) % 5] ?? "",
    additionaleventdata:
      n % 4 === 0 ? null : { changes: `[{"path":"src/${n}.ts","lines":${n * 10}},{"path":"README.md","lines":1}]` },
  }),
);

export const events: readonly (readonly [store: string, rows: readonly Event[]])[] = [
  [stores.SIGN_IN, signIns],
  [stores.CODE, changes],
];

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A value as a literal; `trino` has no literals of a row or a map. */
function literal(value: Value, type: SqlType, engine: "duckdb" | "trino"): string {
  if (value === null) return `CAST(NULL AS ${typeText(type, engine)})`;
  if (typeof value === "string") {
    if (type.kind === "timestamptz") return `TIMESTAMP ${text(value.replace("T", " ").replace("Z", ""))}`;
    return type.kind === "date" ? `DATE ${text(value)}` : text(value);
  }
  if (type.kind === "map") {
    const list = (items: readonly Value[]): string =>
      `ARRAY[${items.map((item) => literal(item, { kind: "varchar" }, engine)).join(", ")}]`;
    return `MAP(${list(Object.keys(value))}, ${list(Object.values(value))})`;
  }
  const fields = type.kind === "row" ? type.fields : [];
  const values = fields.map((field) => literal(value[field.name] ?? null, field.type, engine));
  return `CAST(ROW(${values.join(", ")}) AS ${typeText(type, engine)})`;
}

function typeText(type: SqlType, engine: "duckdb" | "trino"): string {
  if (engine === "duckdb") return duckdbType(type);
  if (type.kind === "map") return "MAP(varchar, varchar)";
  if (type.kind === "row")
    return `ROW(${type.fields.map((field) => `${field.name} ${typeText(field.type, engine)}`).join(", ")})`;
  return type.kind === "timestamptz" ? "timestamp(3)" : type.kind;
}

const rowText = (row: Event, engine: "duckdb" | "trino"): string =>
  activityColumns.map(({ name, type }) => literal(row[name] ?? null, type, engine)).join(", ");
const names = activityColumns.map(({ name }) => name).join(", ");

/** Statements that make the stores' tables in DuckDB. */
export const createStores: readonly string[] = events.map(
  ([id, rows]) =>
    `CREATE TABLE "${id}" AS SELECT * REPLACE (eventtime AT TIME ZONE 'UTC' AS eventtime) FROM (VALUES ${rows.map((row) => `(${rowText(row, "duckdb")})`).join(", ")}) t(${names})`,
);

/** The same for Trino. */
export const createTrinoStores: readonly string[] = events.map(
  ([id, rows]) =>
    `CREATE TABLE "${id}" AS SELECT * FROM (VALUES ${rows.map((row) => `(${rowText(row, "trino")})`).join(", ")}) t(${names})`,
);

/** A statement for Trino: ids in quotes. */
export const forTrino = (statement: string): string =>
  statement.replaceAll(/\$(SIGN_IN|CODE)/g, (_, name: keyof typeof stores) => `"${stores[name]}"`);
