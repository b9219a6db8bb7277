import { fixtureContext } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { kong } from "../src/index.ts";

const secret = "not-a-real-secret";
const call = { method: "POST", path: "/consumers/bob/key-auth", request_id: "r1", request_timestamp: 1_768_032_550 };
const row = { id: "o1", operation: "create", request_timestamp: 1_768_032_550 };
const jwk = JSON.stringify({ kty: "oct", k: secret });

test.each([
  ["a form", `key=${secret}&tags=a`],
  ["a form's nested name", `name=openid-connect&config.client_secret=${secret}&config.scopes=a&config.scopes=b`],
  ["JSON", JSON.stringify({ key: secret })],
  ["a list", JSON.stringify([{ key: secret }])],
  ["credentials of a consumer", JSON.stringify({ username: "bob", keyauth_credentials: [{ key: secret }] })],
  ["a key as JWK", JSON.stringify({ kid: "one", jwk })],
])("a secret in the payload that is %s", (_what, payload) => {
  const shown = JSON.stringify(kong.map({ ...call, payload }, fixtureContext));
  expect(shown).toContain("***");
  expect(shown).not.toContain(secret);
});

test.each([
  ["certificates", { key_alt: secret }],
  ["keys", { jwk }],
  ["oauth2_authorization_codes", { code: secret }],
  ["plugins", { config: { aws_secret: secret, auth: { header_value: secret, param_value: secret } } }],
  ["plugins", { config: { session_secret: secret, client_jwk: { k: secret }, ldap_password: secret } }],
  ["vaults", { config: { approle_secret_id: secret } }],
])("a secret in a row of %s", (table, entity) => {
  const shown = JSON.stringify(kong.map({ ...row, dao_name: table, entity: JSON.stringify(entity) }, fixtureContext));
  expect(shown).toContain("***");
  expect(shown).not.toContain(secret);
});

const parametersOf = (payload: string): unknown => {
  const [result] = kong.map({ ...call, payload }, fixtureContext);
  return result?.kind === "event"
    ? (JSON.parse(result.eventData) as { requestParameters: unknown }).requestParameters
    : result;
};

test("a form is read as the Admin API reads it", () => {
  expect(parametersOf("name=acl&config.allow=a&config.allow=b&config.hide=true&note=x%20y")).toEqual({
    name: "acl",
    config: { allow: ["a", "b"], hide: "true" },
    note: "x y",
  });
  expect(parametersOf("__proto__.x=1&a=")).toEqual({ ["__proto__"]: { x: "1" }, a: "" });
});

test.each(["just a text", "a=1&b", "a=1&a.b=2", `${"a.".repeat(10_000)}b=1`, "a=b c", "=x"])(
  "a text that is no form stays one: %s",
  (payload) => {
    expect(parametersOf(payload)).toHaveProperty("payload", payload);
  },
);
