import { Type as T } from "@sinclair/typebox";
import { decodeJson, isObject, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import type { Condition, Expression } from "../mapping/mapping-schema.ts";
import type { BuiltIn } from "./built-in.ts";
import { namesOf, speltAs } from "./spelt-as.ts";

const names = namesOf([
  "time",
  "operationName",
  "resourceId",
  "category",
  "tenantId",
  "callerIpAddress",
  "correlationId",
  "identity",
  "properties",
  "resultType",
  "resultSignature",
  "resultDescription",
  "statusCode",
  "statusText",
  "eventTimestamp",
  "eventDataId",
  "caller",
  "claims",
]);
const propertyNames = namesOf([
  "eventDataId",
  "userId",
  "userPrincipalName",
  "servicePrincipalId",
  "initiatedBy",
  "caller",
  "userAgent",
  "userAgentHeader",
  "ipAddress",
  "status",
  "statusMessage",
  "result",
  "resultReason",
]);

const claim = (name: string): readonly string[] => [`/identity/claims/${name}`, `/claims/${name}`];
const schema = (name: string) => claim(`http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1${name}`);
const users = [
  ...claim("http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier"),
  ...schema("upn"),
  ...schema("emailaddress"),
  ...claim("name"),
];
const apps = claim("appid");

/** One of the ways in which these logs say that something failed. Start, Accept and Active are no outcome. */
const words = { in: ["failed", "failure", "timeout"], ignoreCase: true };
const failed: Condition = [
  { "/resultType": words },
  { "/resultType": { min: 1 } },
  { "/properties/result": words },
  { "/status/value": "Failed" },
  { "/statusCode": { min: 400 } },
];
const provider: Expression = { cut: { lower: "/resourceId" }, afterLast: "/providers/" };

/**
 * Azure activity logs, resource logs and Entra ID sign-in and audit logs, as diagnostic settings write them to Event Hubs
 * and storage, and the other form of the REST API (`operationName.value`, `eventTimestamp`, `caller`). Names come in any
 * case, `identity` and `properties` also as JSON text, times also without a zone. correlationId is not unique.
 * learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema.
 */
export const azure: BuiltIn = {
  name: "azure",
  displayName: "Azure or Entra ID log record",
  record: T.Object({
    operationName: T.String({ pattern: "\\S" }),
    time: T.Unknown(),
    category: T.String(),
    resultType: T.Optional(T.Unknown()),
  }),
  is: (value) => {
    if (!isObject(value)) return false;
    const record = speltAs(value, names);
    const isTimed = ["time", "eventTimestamp"].some((name) => Object.hasOwn(record, name));
    const named = textAt(record, "operationName") ?? textAt(record, "operationName", "value");
    return isTimed && named !== undefined && marks.some((name) => Object.hasOwn(record, name));
  },
  read: (value) => [isObject(value) ? spelt(value) : value],
  mapping: {
    version: 1,
    name: "azure",
    id: ["/properties/eventDataId", "/eventDataId"],
    event: {
      userIdentity: {
        type: [
          {
            when: [...users, "/properties/userId", "/properties/initiatedBy/user"].map(exists),
            use: { const: "User" },
          },
          {
            when: [...apps, "/properties/servicePrincipalId", "/properties/initiatedBy/app"].map(exists),
            use: { const: "ServicePrincipal" },
          },
          "/identity/authorizationInfo/evidence/principalType",
        ],
        principalId: [
          ...users,
          ...apps,
          "/identity/authorizationInfo/evidence/principalId",
          "/properties/userId",
          "/properties/initiatedBy/user/id",
          "/properties/initiatedBy/user/userPrincipalName",
          "/properties/initiatedBy/app/servicePrincipalId",
          "/properties/initiatedBy/app/displayName",
          "/properties/servicePrincipalId",
          "/properties/caller",
          "/caller",
          "/identity",
        ],
        details: { claims: ["/identity/claims", "/claims"], userPrincipalName: "/properties/userPrincipalName" },
      },
      userAgent: ["/properties/userAgent", "/properties/userAgentHeader"],
      eventSource: [
        { cut: provider, before: "/" },
        provider,
        { lower: "/resourceProviderName/value" },
        { cut: { lower: ["/operationName", "/operationName/value"] }, before: "/" },
        { const: "azure" },
      ],
      eventName: ["/operationName", "/operationName/value"],
      eventTime: ["/time", "/eventTimestamp"],
      requestParameters: "/properties",
      errorCode: {
        when: failed,
        use: [
          { when: { "/resultType": { min: 1 } }, use: "/resultType" },
          { when: { "/properties/status/errorCode": { min: 1 } }, use: "/properties/status/errorCode" },
          { when: { "/resultSignature": { min: 400 } }, use: "/resultSignature" },
          { when: { "/statusCode": { min: 400 } }, use: ["/statusText", "/statusCode"] },
          { when: { "/properties/result": words }, use: "/properties/result" },
          "/subStatus/value",
          "/status/value",
          "/resultType",
        ],
      },
      errorMessage: {
        when: failed,
        use: [
          "/resultDescription",
          "/properties/status/failureReason",
          "/properties/resultReason",
          "/properties/statusMessage",
        ],
      },
      sourceIPAddress: [
        "/callerIpAddress",
        "/properties/ipAddress",
        "/properties/initiatedBy/user/ipAddress",
        "/httpRequest/clientIpAddress",
      ],
    },
  },
};

/** One of these tells such a record from anybody's with an operation name and a time. */
const marks = ["resourceId", "category", "tenantId", "callerIpAddress", "correlationId", "eventDataId"];

function exists(pointer: string): { readonly [pointer: string]: { readonly exists: true } } {
  return { [pointer]: { exists: true } };
}

function spelt(value: JsonObject): JsonObject {
  let record = speltAs(value, names);
  for (const name of ["identity", "properties"]) {
    const member = opened(record[name]);
    if (member !== undefined && member !== record[name]) record = { ...record, [name]: member };
  }
  record = authorizationShown(record);
  const identity = valueAt(record, "identity");
  if (isObject(identity)) {
    const shown = authorizationShown(identity);
    if (shown !== identity) record = { ...record, identity: shown };
  }
  const properties = valueAt(record, "properties");
  if (!isObject(properties)) return record;
  const named = speltAs(properties, propertyNames);
  return named === properties ? record : { ...record, properties: named };
}

/**
 * `authorization` is the object of Azure's access control under another name, which is not that of a header with a
 * credential: under that one all of it would be masked.
 */
function authorizationShown(object: JsonObject): JsonObject {
  const { authorization, ...others } = object;
  return isObject(authorization) && !Object.hasOwn(object, "authorizationInfo")
    ? { ...others, authorizationInfo: authorization }
    : object;
}

/** A member that is a JSON text of an object, as that object; texts that cannot be read without a loss stay texts. */
function opened(member: Json | undefined): Json | undefined {
  if (typeof member !== "string" || !/^\s*\{/.test(member)) return member;
  try {
    const { value, bigNumbers } = decodeJson(member);
    return bigNumbers === undefined && isObject(value) ? value : member;
  } catch {
    return member;
  }
}
