/** The way from the top of a mapping document to one of its members. */
export type DocumentPath = readonly (string | number)[];

/** The JSON pointer of a path. */
export function pointerOf(path: DocumentPath): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A problem before its line and column are known. */
export interface Finding {
  readonly path: DocumentPath;
  /** The problem is the member's name, not its value. */
  readonly ofKey?: true | undefined;
  readonly message: string;
  readonly fix: string;
}
