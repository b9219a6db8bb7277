import type { Operation } from "./operation.ts";
import { addTags } from "./operations/add-tags.ts";
import { cancelQuery } from "./operations/cancel-query.ts";
import { createChannel } from "./operations/create-channel.ts";
import { createEventDataStore } from "./operations/create-event-data-store.ts";
import { deleteChannel } from "./operations/delete-channel.ts";
import { deleteEventDataStore } from "./operations/delete-event-data-store.ts";
import { deleteResourcePolicy } from "./operations/delete-resource-policy.ts";
import { describeQuery } from "./operations/describe-query.ts";
import { getChannel } from "./operations/get-channel.ts";
import { getEventDataStore } from "./operations/get-event-data-store.ts";
import { getQueryResults } from "./operations/get-query-results.ts";
import { getResourcePolicy } from "./operations/get-resource-policy.ts";
import { listChannels } from "./operations/list-channels.ts";
import { listEventDataStores } from "./operations/list-event-data-stores.ts";
import { listPublicKeys } from "./operations/list-public-keys.ts";
import { listQueries } from "./operations/list-queries.ts";
import { listTags } from "./operations/list-tags.ts";
import { putResourcePolicy } from "./operations/put-resource-policy.ts";
import { removeTags } from "./operations/remove-tags.ts";
import { restoreEventDataStore } from "./operations/restore-event-data-store.ts";
import { startEventDataStoreIngestion } from "./operations/start-event-data-store-ingestion.ts";
import { startQuery } from "./operations/start-query.ts";
import { stopEventDataStoreIngestion } from "./operations/stop-event-data-store-ingestion.ts";
import { updateChannel } from "./operations/update-channel.ts";
import { updateEventDataStore } from "./operations/update-event-data-store.ts";

/** Every operation of the control plane that the lake has, by the name clients call it. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["AddTags", addTags],
  ["CancelQuery", cancelQuery],
  ["CreateChannel", createChannel],
  ["CreateEventDataStore", createEventDataStore],
  ["DeleteChannel", deleteChannel],
  ["DeleteEventDataStore", deleteEventDataStore],
  ["DeleteResourcePolicy", deleteResourcePolicy],
  ["DescribeQuery", describeQuery],
  ["GetChannel", getChannel],
  ["GetEventDataStore", getEventDataStore],
  ["GetQueryResults", getQueryResults],
  ["GetResourcePolicy", getResourcePolicy],
  ["ListChannels", listChannels],
  ["ListEventDataStores", listEventDataStores],
  ["ListPublicKeys", listPublicKeys],
  ["ListQueries", listQueries],
  ["ListTags", listTags],
  ["PutResourcePolicy", putResourcePolicy],
  ["RemoveTags", removeTags],
  ["RestoreEventDataStore", restoreEventDataStore],
  ["StartEventDataStoreIngestion", startEventDataStoreIngestion],
  ["StartQuery", startQuery],
  ["StopEventDataStoreIngestion", stopEventDataStoreIngestion],
  ["UpdateChannel", updateChannel],
  ["UpdateEventDataStore", updateEventDataStore],
]);
