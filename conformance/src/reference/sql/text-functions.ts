import { createHash } from "node:crypto";
import { numberAt, type SqlFunctions, strictly, textAt } from "./arguments.ts";
import type { Value } from "./value.ts";

const bytesAt = (args: readonly Value[]): Uint8Array => (args[0] instanceof Uint8Array ? args[0] : new Uint8Array());
const points = (text: string): readonly string[] => text.match(/[^]/gu) ?? [];
const url = (text: string): URL | undefined => URL.parse(text) ?? undefined;
const pattern = (args: readonly Value[], flags = "u"): RegExp => new RegExp(textAt(args, 1), flags);

/** Functions of texts, bytes, regular expressions and URLs. */
export const textFunctions: SqlFunctions = strictly({
  lower: (args) => textAt(args, 0).toLowerCase(),
  upper: (args) => textAt(args, 0).toUpperCase(),
  length: (args) => BigInt(points(textAt(args, 0)).length),
  trim: (args) => textAt(args, 0).trim(),
  concat: (args) => args.map(String).join(""),
  /** From 1; below 0 from the end. */
  substr: (args) => {
    const text = points(textAt(args, 0));
    const start = numberAt(args, 1);
    const from = start < 0 ? text.length + start : start - 1;
    if (from < 0) return "";
    return text.slice(from, args.length > 2 ? from + numberAt(args, 2) : undefined).join("");
  },
  strpos: (args) =>
    BigInt(points(textAt(args, 0).split(textAt(args, 1))[0]!).length + 1) *
    BigInt(textAt(args, 0).includes(textAt(args, 1))),
  replace: (args) => textAt(args, 0).replaceAll(textAt(args, 1), () => textAt(args, 2)),
  starts_with: (args) => textAt(args, 0).startsWith(textAt(args, 1)),
  split: (args) => {
    const parts = textAt(args, 0).split(textAt(args, 1));
    const most = args.length > 2 ? numberAt(args, 2) : parts.length;
    return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(textAt(args, 1))];
  },
  split_part: (args) => textAt(args, 0).split(textAt(args, 1))[numberAt(args, 2) - 1] ?? null,
  regexp_like: (args) => pattern(args).test(textAt(args, 0)),
  regexp_extract: (args) => pattern(args).exec(textAt(args, 0))?.[args.length > 2 ? numberAt(args, 2) : 0] ?? null,
  regexp_replace: (args) => textAt(args, 0).replaceAll(pattern(args, "gu"), args.length > 2 ? textAt(args, 2) : ""),
  to_utf8: (args) => Buffer.from(textAt(args, 0)),
  from_utf8: (args) => Buffer.from(bytesAt(args)).toString(),
  to_hex: (args) => Buffer.from(bytesAt(args)).toString("hex").toUpperCase(),
  to_base64: (args) => Buffer.from(bytesAt(args)).toString("base64"),
  md5: (args) => createHash("md5").update(bytesAt(args)).digest(),
  sha256: (args) => createHash("sha256").update(bytesAt(args)).digest(),
  url_extract_host: (args) => url(textAt(args, 0))?.hostname ?? null,
  url_extract_path: (args) => url(textAt(args, 0))?.pathname ?? null,
  url_extract_parameter: (args) => url(textAt(args, 0))?.searchParams.get(textAt(args, 1)) ?? null,
  url_encode: (args) => encodeURIComponent(textAt(args, 0)).replaceAll("%20", "+"),
});
