import { textAt } from "@tributary/adapter-kit";

/**
 * The vendor's own id: `uuid` of a webhook's event (`create._id` differs now and then and stands in where there is none);
 * account and number of an event of the API, whose numbers are an account's own. The two never agree for one event.
 */
export function vendorId(record: unknown): string | undefined {
  const uuid = textAt(record, "uuid") ?? textAt(record, "create", "_id");
  if (uuid !== undefined) return uuid;
  const id = textAt(record, "id");
  const account = textAt(record, "account_id");
  return id === undefined || account === undefined ? id : `${account}-${id}`;
}
