export {
  CloudTrailDataClient,
  type CloudTrailDataClientConfig,
  type Credentials,
  type RequestHandlerOptions,
  type SendOptions,
} from "./cloudtrail-data-client.ts";
export { dataPlaneUrl, type EndpointParameters } from "./endpoint.ts";
export {
  ChannelInsufficientPermission,
  ChannelNotFound,
  ChannelUnsupportedSchema,
  CloudTrailDataServiceException,
  type CloudTrailDataServiceExceptionOptions,
  DuplicatedAuditEventId,
  InvalidChannelARN,
  UnsupportedOperationException,
} from "./exceptions.ts";
export { putAuditEventsBody } from "./put-audit-events-body.ts";
export {
  type AuditEvent,
  type AuditEventResultEntry,
  PutAuditEventsCommand,
  type PutAuditEventsCommandInput,
  type PutAuditEventsCommandOutput,
  type ResponseMetadata,
  type ResultErrorEntry,
} from "./put-audit-events-command.ts";
