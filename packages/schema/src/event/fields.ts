import { limits } from "../limits.ts";

/** A row of the schema's table (spec 1.7). */
export interface Field {
  readonly key: string;
  readonly path: string;
  /** As people write it: `userIdentity.type`. */
  readonly name: string;
  readonly type: "string" | "object";
  readonly required: boolean;
  /** Longest value of a string, code points. */
  readonly maxLength: number;
  /** Which limit holds for the size of an object. */
  readonly size?: "requestParameters" | "responseElements" | "additionalEventData";
}

const { strings } = limits;

function text(name: string, required: boolean, maxLength = Number.POSITIVE_INFINITY): Field {
  return { ...place(name), type: "string", required, maxLength };
}

function object(name: string, required: boolean, size?: Field["size"]): Field {
  const field = { ...place(name), type: "object", required, maxLength: Number.POSITIVE_INFINITY } as const;
  return size === undefined ? field : { ...field, size };
}

function place(name: string): { key: string; path: string; name: string } {
  return { key: name.slice(name.lastIndexOf(".") + 1), path: `/${name.replace(".", "/")}`, name };
}

/** The members of eventData, in the table's order. */
export const eventFields: readonly Field[] = [
  text("version", true, strings.version),
  object("userIdentity", true),
  text("userAgent", false, strings.userAgent),
  text("eventSource", true, strings.eventSource),
  text("eventName", true, strings.eventName),
  text("eventTime", true),
  text("UID", true, strings.UID),
  object("requestParameters", false, "requestParameters"),
  object("responseElements", false, "responseElements"),
  text("errorCode", false, strings.errorCode),
  text("errorMessage", false, strings.errorMessage),
  text("sourceIPAddress", false),
  text("recipientAccountId", true),
  object("additionalEventData", false, "additionalEventData"),
];

/** The members of userIdentity. */
export const identityFields: readonly Field[] = [
  text("userIdentity.type", true, strings.userIdentityType),
  text("userIdentity.principalId", true, strings.userIdentityPrincipalId),
  object("userIdentity.details", false),
];
