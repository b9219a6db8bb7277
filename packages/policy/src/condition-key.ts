/** What a key's values are; an operator for one type is refused on a key of another, save that strings fit every key. */
export type ValueType = "string" | "arn" | "ip" | "boolean" | "date";

/** Lower-case key to type. A key that ends in `/` takes a tag key after it. */
export type ConditionKeys = Readonly<Record<string, ValueType>>;

/** The keys a channel's policy may test. Spec 3.1. */
export const channelKeys: ConditionKeys = {
  "cloudtrail:externalid": "string",
  "aws:principalaccount": "string",
  "aws:principalarn": "arn",
  "aws:sourceip": "ip",
  "aws:securetransport": "boolean",
  "aws:currenttime": "date",
  "aws:resourcetag/": "string",
  "aws:sourceaccount": "string",
  "aws:sourcearn": "arn",
};

/** The keys an event data store's policy may test: a channel's without the external id. */
export const storeKeys: ConditionKeys = Object.fromEntries(
  Object.entries(channelKeys).filter(([key]) => key !== "cloudtrail:externalid"),
);

/** The keys an identity policy may test: those of the service authorization list besides the channel's. Spec 3.1. */
export const identityKeys: ConditionKeys = {
  ...channelKeys,
  "aws:requesttag/": "string",
  "aws:tagkeys": "string",
  "sts:externalid": "string",
  "sts:rolesessionname": "string",
};

/** The keys a role's trust policy may test. */
export const trustKeys: ConditionKeys = {
  "sts:externalid": "string",
  "sts:rolesessionname": "string",
  "aws:principalaccount": "string",
  "aws:principalarn": "arn",
  "aws:sourceip": "ip",
  "aws:securetransport": "boolean",
  "aws:currenttime": "date",
};

/** The type of a key, which is compared without case; undefined when the table does not hold it. */
export function keyType(keys: ConditionKeys, key: string): ValueType | undefined {
  const slash = key.indexOf("/");
  if (slash === -1) return Object.hasOwn(keys, key) ? keys[key] : undefined;
  const prefix = key.slice(0, slash + 1);
  const tagKey = key.slice(slash + 1);
  return Object.hasOwn(keys, prefix) && tagKey.length >= 1 && tagKey.length <= 128 ? keys[prefix] : undefined;
}
