import type { Members } from "../core/members.ts";
import type { StoredEvent } from "./control-state.ts";
import type { Mutant } from "./mutant.ts";
import { inQuery, inQueryAnswer, inSql } from "./query-mutant.ts";
import { columnNames, type Columns, columnsOf, rowOf } from "./queried-events.ts";
import { queryRules } from "./query-rules.ts";
import { sqlRules } from "./sql/sql-rules.ts";
import { cellText, isList, isMap, Row, textOf, Time, type Value } from "./sql/value.ts";

const { columnName, sameName } = sqlRules;
const { row } = queryRules;

/** Rows whose cells are printed in another way. */
const printed = (cell: (value: Value) => unknown) => ({
  row: (names: readonly string[], values: readonly Value[]): unknown =>
    names.map((name, at) => ({ [name]: cell(values[at] ?? null) })),
});
const usual = (value: Value): string => cellText(value) ?? "";

/** Events with another column. */
const column = (change: (columns: Columns, event: StoredEvent) => Columns) => ({
  columns: (event: StoredEvent, region: string): Columns => {
    const columns = columnsOf(event, region);
    return { ...columns, ...change(columns, event) };
  },
});
const membersOf = (value: Value | undefined): Columns => (value instanceof Row ? Object.fromEntries(value.fields) : {});
/** Events with other members of eventData. */
const member = (change: (data: Columns) => Columns) =>
  column(({ eventdata }) => ({ eventdata: rowOf({ ...membersOf(eventdata), ...change(membersOf(eventdata)) }) }));
/** Maps of eventData with other values. */
const mapped = (change: (value: Value) => Value) =>
  member((data) =>
    Object.fromEntries(
      Object.entries(data)
        .filter(([, value]) => isMap(value))
        .map(([name, value]) => [
          name,
          isMap(value) ? new Map([...value].map(([key, inner]) => [key, change(inner)])) : value,
        ]),
    ),
  );
const dropped = (data: Columns, name: string): Columns =>
  Object.fromEntries(Object.entries(data).filter(([key]) => key !== name));

/** Lakes that misprint rows, or misplace what stands in a column. */
export const rowMutants: readonly Mutant[] = [
  inQuery(
    "answers a row as one object",
    ["query/row/list-of", "query/row/the-same", "query/row/null-is", "query/column/every", "query/law/order?"],
    {
      row: (names, values) => Object.fromEntries(names.map((name, at) => [name, usual(values[at] ?? null)])),
    },
  ),
  inQuery(
    "answers numbers and booleans as such",
    ["query/row/values-are"],
    printed((value) =>
      typeof value === "boolean" || (typeof value === "bigint" && Number.isSafeInteger(Number(value)))
        ? JSON.parse(String(value))
        : usual(value),
    ),
  ),
  inQuery("puts the category before all", ["query/row/columns-in", "query/column/star"], {
    row: (names, values) => {
      const columns = names.map((name, at) => ({ [name]: usual(values[at] ?? null) }));
      const at = names.findIndex((name) => name.toLowerCase() === "eventcategory");
      return at < 0 ? columns : [columns[at], ...columns.toSpliced(at, 1)];
    },
  }),
  inQuery(
    "leaves out a column whose name came before",
    ["query/row/the-same", "query/column/every", "query/law/order?"],
    {
      row: (names, values) =>
        names
          .map((name, at) => ({ [name]: usual(values[at] ?? null) }))
          .filter((_, at) => names.indexOf(names[at]!) === at),
    },
  ),
  inQuery("answers null for NULL", ["query/row/null-is"], printed(cellText)),
  inQuery(
    "prints times without milliseconds",
    ["query/row/timestamps", "query/time/grouped", "query/function/dates"],
    printed((value) => usual(value).replace(/(\d\d:\d\d:\d\d)\.\d{3}$/, "$1")),
  ),
  inQuery(
    "prints times with a T",
    ["query/row/timestamps", "query/time/grouped", "query/function/dates"],
    printed((value) => (value instanceof Time ? usual(value).replace(" ", "T") : usual(value))),
  ),
  inQuery(
    "prints doubles with an exponent",
    ["query/row/numbers", "query/select/aggregates"],
    printed((value) => (typeof value === "number" ? value.toExponential() : usual(value))),
  ),
  inQuery(
    "prints lists as Java does",
    ["query/row/nested"],
    printed((value) => (isList(value) ? `[${value.map(usual).join(", ")}]` : usual(value))),
  ),
  inQueryAnswer("leaves out rows where there are none", ["query/row/no-rows"], (output: Members) =>
    Array.isArray(output["QueryResultRows"]) && output["QueryResultRows"].length === 0
      ? { ...output, QueryResultRows: undefined }
      : output,
  ),
  inSql("forgets the alias of a literal", ["query/row/named-by-its", "query/row/names-as"], {
    columnName: (of, alias, at) => columnName(of, of.kind === "literal" ? undefined : alias, at),
  }),
  inSql("names a column by its whole path", ["query/row/named-by-the", "query/row/names-as"], {
    columnName: (of, alias, at) => alias ?? (of.kind === "name" ? of.parts.join(".") : columnName(of, alias, at)),
  }),
  inSql("names an expression from 1", ["query/row/unnamed"], {
    columnName: (of, alias, at) => columnName(of, alias, at + 1),
  }),
  inQuery("writes names of columns in lower case", ["query/row/names-as"], {
    row: (names, values) =>
      row(
        names.map((name) => name.toLowerCase()),
        values,
      ),
  }),

  // Columns.
  inQuery(
    "forgets the version",
    ["query/column/what-was"],
    member(() => ({ version: null })),
  ),
  inQuery(
    "cuts what is not ASCII",
    ["query/column/what-was", "query/column/error-m", "query/column/errorms", "query/select/texts-sort", "query/law/"],
    member((data) => {
      const who = membersOf(data["useridentity"]);
      const principalid = textOf(who["principalid"] ?? null).replaceAll(/[^ -~]/g, "?");
      const message = data["errormessage"] ?? null;
      const cut = message === null ? null : textOf(message).replaceAll(/[^ -~\n]/g, "?");
      return { useridentity: rowOf({ ...who, principalid }), errormessage: cut, errormssage: cut };
    }),
  ),
  inQuery(
    "knows errorMessage as errormssage alone",
    ["query/column/error-m", "query/select/like", "query/select/texts-with"],
    {
      ...column(({ eventdata }) => ({ eventdata: rowOf(dropped(membersOf(eventdata), "errormessage")) })),
    },
  ),
  inQuery("knows no errormssage", ["query/column/errorms"], {
    ...column(({ eventdata }) => ({ eventdata: rowOf(dropped(membersOf(eventdata), "errormssage")) })),
  }),
  inQuery(
    "has ids of its own",
    ["query/column/", "query/law/"],
    column(({ eventid }) => ({ eventid: textOf(eventid ?? null).toUpperCase() })),
  ),
  inQuery(
    "has another category",
    ["query/column/category"],
    column(() => ({ eventcategory: "AuditLog" })),
  ),
  inQuery(
    "tells when an event came in milliseconds",
    ["query/column/ingestion"],
    column(({ metadata }, { ingestedAt }) => ({
      metadata: rowOf({ ...membersOf(metadata), ingestiontime: String(ingestedAt) }),
    })),
  ),
  inQuery("has no addendum", ["query/column/every", "query/column/star", "query/column/absent"], {
    columnNames: columnNames.filter((name) => name !== "addendum"),
  }),
  inQuery("shows a column of its own", ["query/column/star"], { columnNames: [...columnNames, "eventday"] }),
  inSql("knows no names in capitals", ["query/column/names-in", "query/row/names-as"], {
    sameName: (name, other) => sameName(name, other) && ![name, other].some((one) => /^[A-Z]{4,}$/.test(one)),
  }),
  inQuery("reads names in quotes as texts", ["query/column/quoted"], {
    statement: (text) => text.replaceAll(/"(event\w+)"/g, "'$1'"),
  }),
  inSql(
    "knows no alias of a store",
    [
      "query/column/by-alias",
      "query/combine/",
      "query/results/",
      "query/store/each",
      "query/start/10",
      "query/cancel/",
    ],
    {
      qualifier: () => undefined,
    },
  ),
  inQuery(
    "has an empty map for one that is absent",
    ["query/column/absent"],
    member((data) => ({ additionaleventdata: data["additionaleventdata"] ?? new Map() })),
  ),
  inSql("finds keys of maps in any case", ["query/column/maps-by-e"], {
    functions: {
      ...sqlRules.functions,
      element_at: (args) => {
        const [of = null, key = null] = args;
        const found = isMap(of) ? [...of.keys()].find((one) => sameName(one, textOf(key))) : undefined;
        return sqlRules.functions["element_at"]!(found === undefined ? args : [of, found]);
      },
    },
  }),
  inSql("answers a list for map[key]", ["query/column/maps-by-s"], { presentKey: (value) => [value] }),
  inSql("answers NULL for map[key] without the key", ["query/column/subscript"], { absentKey: () => null }),
  inQuery(
    "keeps numbers in maps",
    ["query/column/values-of", "query/function/maps"],
    mapped((value) => (typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : value)),
  ),
  inQuery(
    "writes nested values as Java does",
    ["query/column/nested", "query/combine/unnest"],
    mapped((value) =>
      typeof value === "string" && /^[[{]/.test(value) ? value.replaceAll(/"/g, "").replaceAll(":", "=") : value,
    ),
  ),
  inSql("opens a map into values and keys", ["query/column/maps-open"], { entries: (entry) => entry.toReversed() }),
  inQuery(
    "reads the event's own time as a timestamp",
    ["query/time/own-time-is", "query/column/what-was", "query/law/what-is"],
    member((data) => ({ eventtime: new Time(Date.parse(textOf(data["eventtime"] ?? null))) })),
  ),
  inQuery(
    "has the time as text",
    ["query/time/", "query/row/timestamps", "query/statement/types", "query/law/any?"],
    column(({ eventdata }) => ({ eventtime: membersOf(eventdata)["eventtime"] ?? null })),
  ),
];
