import { textAt } from "@tributary/adapter-kit";
import { failedEventTypes } from "./event-types.ts";

/**
 * errorCode and errorMessage of an event that says something failed: its type does, by its name or by the vendor's
 * description, or it has an `error_description`. There is no other outcome in a record.
 * @param type its id
 * @param name of the type, which becomes the errorCode
 */
export function failure(
  record: unknown,
  type: string,
  name: string,
): { readonly errorCode?: string; readonly errorMessage?: string | undefined } {
  const description = textAt(record, "error_description");
  const failed = failedEventTypes.has(type) || /(?:^|_)FAILED(?:_|$)/.test(name);
  return failed || description !== undefined
    ? { errorCode: name, errorMessage: description ?? textAt(record, "notes") }
    : {};
}
