import type { Adapter, AdapterContext } from "../contract/adapter.ts";
import type { Origin } from "../contract/origin.ts";
import type { Json } from "../contract/json.ts";
import type { Result } from "../contract/result.ts";
import { refusal } from "../pipeline/refusal.ts";
import { Refused } from "../refused.ts";
import { decodeCsv } from "./decode-csv.ts";
import { decodeJson, decodeText } from "./decode-json.ts";
import type { Decoded } from "./decode-json.ts";

/** {@link AdapterContext} for a frame. */
export interface FrameContext extends Omit<AdapterContext, "bigNumbers"> {
  /** The frame's own flag: its bytes are only the beginning of what was there. */
  readonly tooLong?: true | undefined;
}

/**
 * The one way from bytes to results: UTF-8 (fatal), the format's `parse` or lossless JSON, then `adapter.map`. Never
 * throws: what cannot be decoded is one refused result (`NOT_UTF8`, `NOT_JSON`, `TOO_DEEP`, `DUPLICATE_KEY`,
 * `FRAME_TOO_LONG`, `FORMAT_UNKNOWN`, or what `parse` throws).
 * @param format a name of `adapter.formats`
 */
export function mapFrame(
  adapter: Adapter,
  format: string,
  bytes: Uint8Array,
  context: FrameContext,
): readonly Result[] {
  try {
    const { values, header, bigNumbers } = decodeFrame(adapter, format, bytes, context.tooLong);
    const origin: Origin = header === undefined ? context.origin : { ...context.origin, header };
    const told: AdapterContext = { options: context.options, accountId: context.accountId, origin, bigNumbers };
    if (values.length === 1) return adapter.map(values[0]!, told);
    const results: Result[] = [];
    for (const value of values)
      for (const result of adapter.map(value, told)) results.push({ ...result, part: results.length });
    return results;
  } catch (error) {
    return [refusal(error, 0)];
  }
}

/** The records of a frame as `map` sees them, in the order of {@link mapFrame}'s results; undefined where it cannot be decoded. */
export function framedRecords(adapter: Adapter, format: string, bytes: Uint8Array): readonly Json[] | undefined {
  try {
    return decodeFrame(adapter, format, bytes).values.flatMap((value) => adapter.parts(value));
  } catch {
    return undefined;
  }
}

interface DecodedFrame {
  readonly values: readonly Json[];
  readonly header?: Origin["header"];
  readonly bigNumbers?: Decoded["bigNumbers"];
}

function decodeFrame(adapter: Adapter, format: string, bytes: Uint8Array, tooLong?: true): DecodedFrame {
  const known = Object.hasOwn(adapter.formats, format) ? adapter.formats[format] : undefined;
  if (known === undefined)
    throw new Refused(
      "FORMAT_UNKNOWN",
      `Adapter ${adapter.name} has no format ${format}; it has ${Object.keys(adapter.formats).join(", ")}.`,
    );
  if (tooLong === true)
    throw new Refused(
      "FRAME_TOO_LONG",
      "The record is longer than the limit for one record; raise the limit to read it.",
    );
  const text = decodeText(bytes);
  if (known.parse !== undefined) {
    const { value, header, bigNumbers } = known.parse(text);
    return { values: [value], header, bigNumbers };
  }
  if (known.frame === "csv") return { values: decodeCsv(text) };
  const { value, bigNumbers } = decodeJson(text);
  return { values: [value], bigNumbers };
}
