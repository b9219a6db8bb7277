import type { Json } from "./json.ts";
import type { Origin } from "./origin.ts";

/** How bytes become records. Frames are the kit's (bounded memory, byte-exact offsets); parse is pure and sees one frame. */
export interface Format {
  readonly frame: "line" | "body" | "csv" | { readonly elementsOf: string }; // JSON pointer of an array, streamed element by element
  sniff?(head: string): boolean;
  parse?(text: string): { readonly value: Json; readonly header?: Origin["header"] }; // default: lossless JSON. Throws Refused
}
