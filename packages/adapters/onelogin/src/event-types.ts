/**
 * Names of event types that are published. OneLogin gives the whole list only to callers of `GET /api/1/events/types`; the
 * option `eventTypes` takes the others from there.
 * Vendor pages: developers.onelogin.com, Get Event Types; Event Webhooks.
 */
export const eventTypeNames: ReadonlyMap<string, string> = new Map([
  ["1", "APP_ADDED_TO_ROLE"],
  ["2", "APP_REMOVED_FROM_ROLE"],
  ["3", "USER_ASSUMED_USER"],
  ["4", "USER_ASSIGNED_ROLE"],
  ["5", "USER_LOGGED_INTO_ONELOGIN"],
  ["6", "USER_FAILED_ONELOGIN_LOGIN"],
  ["12", "UNLOCKED_USER"],
  ["13", "CREATED_USER"],
  ["15", "DEACTIVATED_USER"],
  ["17", "DELETED_USER"],
  ["19", "USER_LOCKED"],
  ["24", "USER_REMOVED_OTP_DEVICE"],
  ["69", "USER_REJECTED_BY_RADIUS"],
]);

/**
 * Types that the vendor describes as failed, refused or not possible, whatever their names: a failed login (6, 69, 77, 85,
 * 86, 118, 123, 129, 141, 154), a change that did not happen (31, 49, 61 to 65, 79, 105, 116, 146), a refused or failed
 * call of the API (400, 401, 517 to 527, 532, 534).
 * Vendor page: developers.onelogin.com, Event Resource and Types.
 */
export const failedEventTypes: ReadonlySet<string> = new Set(
  [
    [6, 31, 49, 61, 62, 63, 64, 65, 69, 77, 79, 85, 86, 105, 116, 118, 123, 129, 141, 146, 154],
    [400, 401, 517, 518, 519, 520, 521, 522, 523, 524, 525, 526, 527, 532, 534],
  ]
    .flat()
    .map(String),
);
