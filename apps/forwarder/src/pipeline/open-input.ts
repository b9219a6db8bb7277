import { type Adapter, sniffFormat } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import { decompress, peek } from "../input/decompress.ts";
import type { Input } from "../input/input.ts";

const headBytes = 65_536;

/**
 * Opens an input, decompressed, and finds its format: the given one, what its first bytes say, or the adapter's only one.
 * No format for an input without a byte. Throws `INPUT_FORMAT_UNKNOWN`.
 */
export async function openInput(
  input: Input,
  adapter: Adapter,
  format: string | undefined,
): Promise<{ readonly format: string | undefined; readonly bytes: AsyncIterable<Uint8Array> }> {
  const { head, rest } = await peek(decompress(input.open()), headBytes);
  if (head.length === 0) {
    // An error at the very beginning is thrown here.
    for await (const _ of rest);
    return { format: undefined, bytes: rest };
  }
  const names = Object.keys(adapter.formats);
  const known =
    format ?? sniffFormat(adapter, head.subarray(0, headBytes)) ?? (names.length === 1 ? names[0] : undefined);
  if (known !== undefined && names.includes(known)) return { format: known, bytes: rest };
  await rest.return();
  throw new TributaryError(
    `${input.name}: no format of ${adapter.name} that can be told by its first bytes. Name one with --format (${names.join(", ")}).`,
    {
      code: "INPUT_FORMAT_UNKNOWN",
    },
  );
}
