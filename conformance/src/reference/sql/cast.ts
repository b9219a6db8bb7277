import { isIP } from "node:net";
import { readTime } from "./read-time.ts";
import { Address, cellText, isList, Json, plain, RunError, StatementError, Time, type Value } from "./value.ts";

/** CAST, and TRY_CAST where it tries. Throws `RunError` for what is not of the type. */
export function castTo(value: Value, type: string, tries: boolean): Value {
  if (value === null) return null;
  const cast = to(value instanceof Json ? fromJson(value.value) : value, type);
  if (cast !== undefined || tries) return cast ?? null;
  throw new RunError(`Cannot cast '${cellText(value)}' to ${type}`);
}

function to(value: Value, type: string): Value | undefined {
  const inner = /^array\((.+)\)$/.exec(type)?.[1];
  if (value === null) return null;
  if (inner !== undefined) return isList(value) ? value.map((one) => castTo(one, inner, false)) : undefined;
  const text = cellText(value) ?? "";
  switch (type) {
    case "varchar":
      return text;
    case "bigint":
    case "integer":
      if (typeof value === "number") return BigInt(Math.sign(value) * Math.round(Math.abs(value)));
      return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case "double":
      return text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "boolean":
      return /^(true|t|1)$/i.test(text) ? true : /^(false|f|0)$/i.test(text) ? false : undefined;
    case "timestamp": {
      const ms = value instanceof Time ? value.ms : readTime(text);
      return ms === undefined ? undefined : new Time(ms);
    }
    case "json":
      return new Json(plain(value));
    case "ipaddress":
      return isIP(text) === 0 ? undefined : new Address(text);
    default:
      throw new StatementError(`Unknown type: ${type}`);
  }
}

function fromJson(value: unknown): Value {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  return Array.isArray(value) ? value.map((one: unknown) => new Json(one)) : new Json(value);
}
