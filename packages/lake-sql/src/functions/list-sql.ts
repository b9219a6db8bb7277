import { unknownType, type SqlType } from "../sql-type.ts";
import { letIn } from "./function-row.ts";

/** The type of an array's items; unknown for what is no array. */
export const element = (type: SqlType | undefined): SqlType => (type?.kind === "array" ? type.element : unknownType);

/** Each value once, in the order of first appearance. */
export const distinct = (list: string): string =>
  letIn(
    [list],
    (whole) =>
      `list_filter(${whole}, lambda "item", "index": list_position(${whole}, "item") = "index" OR ("item" IS NULL AND len(list_filter(list_slice(${whole}, 1, "index"), lambda "item": "item" IS NULL)) = 1))`,
  );
/** Whether no item of a list is null. */
export const noNull = (list: string): string => `len(list_filter(${list}, lambda "item": "item" IS NULL)) = 0`;
