import type { RestCall } from "./rest-call.ts";

/**
 * The only failures an audit record shows: a sign-in that its text says failed, and a REST call by its status. An alert that
 * blocked something is no error: the policy did its work.
 */
export function failure(
  text: string | undefined,
  call: RestCall | undefined,
): { readonly errorCode?: string; readonly errorMessage?: string } {
  if (text !== undefined && /login fail/i.test(text)) return { errorCode: "LoginFailed", errorMessage: text };
  return call !== undefined && call.status >= 400 ? { errorCode: String(call.status) } : {};
}
