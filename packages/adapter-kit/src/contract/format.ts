import type { Json } from "./json.ts";
import type { Origin } from "./origin.ts";

/** How bytes become records. Frames are the kit's (bounded memory, byte-exact offsets); parse is pure and sees one frame. */
export interface Format {
  readonly frame: "line" | "body" | "csv" | { readonly elementsOf: string }; // JSON pointer of an array, streamed element by element
  /** Whether a file that begins with `head` (a few kB, possibly cut) is of this format. */
  sniff?(head: string): boolean;
  /** Default: lossless JSON (`decodeJson`), or the rows of a CSV frame. Throws Refused. Hand on `bigNumbers` of `decodeJson`. */
  parse?(text: string): {
    readonly value: Json;
    readonly header?: Origin["header"];
    readonly bigNumbers?: ReadonlySet<string> | undefined;
  };
}
