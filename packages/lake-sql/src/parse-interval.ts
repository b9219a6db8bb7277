import type { Expression } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

const fields = ["year", "month", "day", "hour", "minute", "second"] as const;
type Field = (typeof fields)[number];
const isField = (text: string): text is Field => fields.some((name) => name === text);

/** What stands between a field and the next smaller one. */
const separators: Readonly<Record<Field, string>> = {
  year: "",
  month: "-",
  day: "",
  hour: " ",
  minute: ":",
  second: ":",
};
const months: Readonly<Partial<Record<Field, number>>> = { year: 12, month: 1 };
const millis: Readonly<Partial<Record<Field, number>>> = {
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
};

/** `INTERVAL '7' DAY`, `INTERVAL '1.5' SECOND`, `INTERVAL '1-6' YEAR TO MONTH`, `INTERVAL -'1 02:03' DAY TO MINUTE`. */
export function parseInterval(cursor: Cursor): Expression {
  const at = cursor.take().start;
  const negative = cursor.accept("-", "+") === "-";
  if (cursor.token.kind !== "string") throw cursor.unexpected("a quoted number");
  const text = cursor.take().text.trim();
  const from = field(cursor);
  const to = cursor.accept("TO") === undefined ? from : field(cursor);
  const wanted =
    from === "week" ? undefined : fields.slice(fields.indexOf(from), fields.indexOf(to === "week" ? from : to) + 1);
  const mixed = from !== "week" && (from === "year" || from === "month") !== (to === "year" || to === "month");
  if ((from === "week" && to !== from) || wanted?.length === 0 || mixed)
    throw cursor.error(at, `an interval of '${from} to ${to}' is not one of time`);
  const parts = partsOf(text, wanted ?? ["day"]);
  if (parts === undefined)
    throw cursor.error(at, `'${text.slice(0, 60)}' is not a number of ${from}s, as in INTERVAL '7' DAY`);
  const sign = negative !== text.startsWith("-") ? -1 : 1;
  const sum = (units: Readonly<Partial<Record<Field, number>>>): number =>
    parts.reduce((total, [name, value]) => total + value * (units[name] ?? 0), 0) * (from === "week" ? 7 : 1) * sign;
  if (Math.abs(sum(months)) > 1_200_000 || Math.abs(sum(millis)) > 1e14)
    throw cursor.error(at, "an interval is too long");
  return { kind: "interval", at, months: sum(months), millis: Math.round(sum(millis)), ofMonths: from in months };
}

function field(cursor: Cursor): Field | "week" {
  const { at } = cursor;
  const name = cursor.identifier("a unit of time").text.toLowerCase();
  if (name === "week" || isField(name)) return name;
  throw cursor.error(at, `interval unit '${name}' is not one of week, ${fields.join(", ")}`);
}

/** The fields' values without the sign; undefined where the text is not made of them. */
function partsOf(text: string, names: readonly Field[]): (readonly [Field, number])[] | undefined {
  let rest = text.replace(/^[+-]/, "");
  const parts: (readonly [Field, number])[] = [];
  for (const [index, name] of names.entries()) {
    const separator = index === 0 ? "" : separators[name];
    if (!rest.startsWith(separator)) return undefined;
    const digits = (name === "second" ? /^\d{1,9}(?:\.\d{1,3})?/ : /^\d{1,9}/).exec(rest.slice(separator.length))?.[0];
    if (digits === undefined) return undefined;
    rest = rest.slice(separator.length + digits.length);
    parts.push([name, Number(digits)]);
  }
  return rest === "" ? parts : undefined;
}
