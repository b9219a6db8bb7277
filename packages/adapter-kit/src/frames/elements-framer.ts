import { parseJson } from "../own-property.ts";
import { pointerSegments } from "../json-pointer.ts";
import type { Frame, Framer } from "./frame.ts";
import { HeldBytes } from "./held-bytes.ts";

const quote = 34,
  comma = 44,
  colon = 58,
  backslash = 92,
  openArray = 91,
  closeArray = 93,
  openObject = 123,
  closeObject = 125;
const isSpace = (byte: number) => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** A container on the way to the array. */
interface OnPath {
  readonly array: boolean;
  index: number;
  key: string | undefined;
  /** In an object: whether the next string is a key. */
  wantsKey: boolean;
}

/**
 * One frame an element of the JSON array at `pointer` ("" is the outermost value), from documents of any size: what is not
 * in the array is passed over. Several documents may follow one another. A document without such an array is one frame
 * itself, so that it is refused or split rather than lost; one that is cut off ends in the frame of the broken element.
 */
export function elementsFramer(pointer: string, maxFrameBytes: number): Framer {
  return new ElementsFramer(pointerSegments(pointer), maxFrameBytes);
}

class ElementsFramer implements Framer {
  readonly #segments: readonly string[];
  readonly #element: HeldBytes;
  /** The document until its array is found. */
  readonly #document: HeldBytes;
  #position = 0;
  #frames: Frame[] = [];
  #path: OnPath[] = [];
  #where: "between" | "document" | "line" | "array" | "element" = "between";
  #found = false;
  #documentStart = 0;
  #elementStart = 0;
  /** Containers open inside an element or a value that is passed over. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The key being read, as it is written; undefined outside of keys. */
  #key: number[] | undefined;

  constructor(segments: readonly string[], maxFrameBytes: number) {
    this.#segments = segments;
    this.#element = new HeldBytes(maxFrameBytes);
    this.#document = new HeldBytes(maxFrameBytes);
  }

  push(chunk: Uint8Array): readonly Frame[] {
    this.#frames = [];
    let elementFrom = 0;
    let documentFrom = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (this.#inString) {
        this.#string(byte);
        if (this.#inString || this.#where !== "element" || this.#depth > 0) continue;
        this.#endElement(chunk, elementFrom, at + 1);
        continue;
      }
      if (this.#where === "element") {
        if (this.#depth > 0) {
          this.#nested(byte);
          if (this.#depth === 0) this.#endElement(chunk, elementFrom, at + 1);
          continue;
        }
        // A number, a literal, or what should not be here: it lasts to the next blank, comma or end of the array.
        if (!isSpace(byte) && byte !== comma && byte !== closeArray) continue;
        this.#endElement(chunk, elementFrom, at);
      }
      if (this.#where === "array") {
        if (byte === closeArray) this.#closeTarget();
        else if (!isSpace(byte) && byte !== comma) {
          this.#where = "element";
          this.#elementStart = this.#position + at;
          elementFrom = at;
          this.#nested(byte);
        }
        if (this.#where === ("between" as string)) this.#endDocument(chunk, documentFrom, at + 1);
        continue;
      }
      if (this.#where === "between") {
        if (isSpace(byte) || this.#isMark(byte, at)) continue;
        documentFrom = at;
        this.#begin(byte, at);
      } else if (this.#where === "line") {
        if (byte === 10) this.#where = "between";
      } else this.#walk(byte);
      if (this.#where === ("between" as string)) this.#endDocument(chunk, documentFrom, at + 1);
    }
    if (this.#where === "element") this.#element.add(chunk, elementFrom, chunk.length);
    if (this.#where !== "between" && !this.#found) this.#document.add(chunk, documentFrom, chunk.length);
    this.#position += chunk.length;
    return this.#frames;
  }

  end(): readonly Frame[] {
    this.#frames = [];
    const nothing = new Uint8Array();
    if (this.#where === "element") this.#endElement(nothing, 0, 0);
    else if (this.#where !== "between") this.#endDocument(nothing, 0, 0);
    this.#where = "between";
    return this.#frames;
  }

  /** A byte order mark before the first document. */
  #isMark(byte: number, at: number): boolean {
    const offset = this.#position + at;
    return offset < 3 && byte === [0xef, 0xbb, 0xbf][offset];
  }

  #begin(byte: number, at: number): void {
    this.#documentStart = this.#position + at;
    this.#found = false;
    this.#path = [];
    if (byte === openObject || byte === openArray) {
      this.#where = "document";
      this.#open(byte);
    } else this.#where = "line";
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) {
      this.#inString = false;
      if (this.#key !== undefined) this.#endKey(this.#key);
      return;
    }
    // A key longer than this, escapes and all, is none of the pointer's.
    if (this.#key !== undefined && this.#key.length < 4096) this.#key.push(byte);
  }

  #endKey(bytes: readonly number[]): void {
    this.#key = undefined;
    const top = this.#path.at(-1)!;
    top.wantsKey = false;
    try {
      const key = parseJson(`"${new TextDecoder().decode(Uint8Array.from(bytes))}"`);
      top.key = typeof key === "string" ? key : undefined;
    } catch {
      top.key = undefined;
    }
  }

  /** Counts containers where only their ends matter. */
  #nested(byte: number): void {
    if (byte === quote) this.#inString = true;
    else if (byte === openObject || byte === openArray) this.#depth += 1;
    else if ((byte === closeObject || byte === closeArray) && this.#depth > 0) this.#depth -= 1;
  }

  /** Inside a container on the way to the array. */
  #walk(byte: number): void {
    if (this.#depth > 0) return this.#nested(byte);
    const top = this.#path.at(-1)!;
    if (byte === quote) {
      this.#inString = true;
      if (!top.array && top.wantsKey) this.#key = [];
    } else if (byte === comma) {
      top.index += 1;
      top.wantsKey = !top.array;
      top.key = undefined;
    } else if (byte === openObject || byte === openArray) {
      const step = top.array ? String(top.index) : top.key;
      if (step === this.#segments[this.#path.length - 1] && step !== undefined) this.#open(byte);
      else this.#depth = 1;
    } else if (byte === closeObject || byte === closeArray) this.#close();
    else if (byte === colon) top.wantsKey = false;
  }

  /** Enters the container that all keys so far lead to: the array itself, or one on the way. */
  #open(byte: number): void {
    if (this.#path.length === this.#segments.length) {
      if (byte === openArray) {
        this.#where = "array";
        this.#found = true;
        this.#document.clear();
      } else this.#depth = 1;
      if (this.#path.length === 0 && byte !== openArray) {
        this.#depth = 0;
        this.#path.push({ array: false, index: 0, key: undefined, wantsKey: true });
      }
    } else this.#path.push({ array: byte === openArray, index: 0, key: undefined, wantsKey: byte === openObject });
  }

  #close(): void {
    this.#path.pop();
    if (this.#path.length === 0) this.#where = "between";
  }

  #closeTarget(): void {
    this.#where = this.#path.length === 0 ? "between" : "document";
  }

  #endElement(chunk: Uint8Array, from: number, to: number): void {
    this.#element.add(chunk, from, to);
    const end = this.#elementStart + this.#element.length;
    this.#frames.push({ ...this.#element.take(false), offset: this.#elementStart, end });
    this.#where = "array";
    this.#depth = 0;
  }

  /** The document has ended: without its array it is a frame itself. */
  #endDocument(chunk: Uint8Array, from: number, to: number): void {
    if (!this.#found) {
      this.#document.add(chunk, from, to);
      const end = this.#documentStart + this.#document.length;
      this.#frames.push({ ...this.#document.take(true), offset: this.#documentStart, end });
    }
    this.#document.clear();
    this.#path = [];
    this.#depth = 0;
    this.#inString = false;
    this.#key = undefined;
  }
}
