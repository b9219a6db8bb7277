/** What became of one record. `part` counts the records of one value from 0. */
export type Result =
  | {
      readonly kind: "event";
      readonly part: number;
      readonly id: string;
      readonly eventData: string;
      readonly marks: readonly Mark[];
    }
  | { readonly kind: "dropped"; readonly part: number; readonly rule: string }
  | {
      readonly kind: "refused";
      readonly part: number;
      readonly code: string;
      readonly path: string;
      readonly message: string;
    };

/**
 * What the event does not show as the record had it. `path` is a JSON pointer: of the record for `redacted` and
 * `big-number`, of the eventData for `trimmed`.
 */
export interface Mark {
  readonly kind: "trimmed" | "redacted" | "big-number";
  readonly path: string;
}
