/**
 * Whether a Vault user is one of CyberArk's own components: the CPM (`PasswordManager`), PVWA and PSM users; `Batch`, `DR`,
 * and `SYSTEM$` of Identity. `PSM` needs a capital, a digit or an underscore after it: `PSMith` is a person.
 */
export function isSystem(user: string | undefined): boolean {
  return user !== undefined && /^(?:PasswordManager|PVWA|PSM(?![a-z])|(?:Batch|DR|SYSTEM\$)$)/.test(user);
}
