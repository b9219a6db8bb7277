/** Something that is wrong with a mapping document. */
export interface MappingProblem {
  /** JSON pointer in the document; "" for the whole of it. */
  readonly path: string;
  /** From 1; of documents given as text. */
  readonly line?: number | undefined;
  /** From 1; of documents given as text. */
  readonly column?: number | undefined;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

/** One line for a problem: `my-app.yaml:7:14: /event/eventName: what is wrong. What to do.` */
export function problemText({ path, line, column, message, fix }: MappingProblem, file?: string): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return (
    [place, path].filter((part) => part !== "").join(": ") +
    `${place + path === "" ? "" : ": "}${message}. ${sentence(fix)}`
  );
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
