/**
 * What is masked beside the kit's keys: credentials and private keys in payloads, rows and log records, what RBAC calls its
 * tokens, and what Kong's plugins and vaults call their secrets (the fields that Kong itself keeps encrypted).
 */
export const secrets: readonly string[] = [
  "user_token",
  "kong_admin_token",
  "jwk",
  "key_alt",
  "/payload/key",
  "/payload/*/key",
  "/payload/*/*/key",
  "/entity/key",
  "/authenticated_entity/key",
  "/request/headers/x-auth-token",
  "/request/headers/x-access-token",
  "/request/headers/x-amz-security-token",
  // Of OAuth 2.0's authorization codes; elsewhere a code is an error's.
  "/entity/code",
  "session_secret",
  "client_jwk",
  "aws_secret",
  "azure_client_secret",
  "gcp_service_account_json",
  "header_value",
  "param_value",
  "ldap_password",
  "redis_password",
  "session_redis_password",
  "sentinel_password",
  "eab_hmac_key",
  "request_signing_key",
  "response_encryption_key",
  "secret_id",
  "approle_secret_id",
];
