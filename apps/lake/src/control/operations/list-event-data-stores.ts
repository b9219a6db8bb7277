import { shapes } from "@tributary/schema";
import { authorize } from "../authorize.ts";
import type { StateOperation } from "../operation.ts";
import { page } from "../page.ts";

/** Spec 2.4, A.8: items are the ARN and the name alone. */
export const listEventDataStores: StateOperation<shapes.ListEventDataStoresRequest> = {
  input: shapes.ListEventDataStoresRequest,
  invalid: { MaxResults: "InvalidMaxResultsException", NextToken: "InvalidNextTokenException" },
  decide(call) {
    authorize(call, "cloudtrail:ListEventDataStores", "*");
    const own = [...call.view.state.stores.values()].filter((store) => store.accountId === call.caller.accountId);
    const { items, ...next } = page(call, "ListEventDataStores", own);
    return {
      changes: [],
      output: { EventDataStores: items.map((store) => ({ EventDataStoreArn: store.arn, Name: store.name })), ...next },
    };
  },
};
