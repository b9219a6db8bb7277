/**
 * Whether a Vault user is one of CyberArk's own components: the CPM (`PasswordManager`), PVWA and PSM users; `Batch` and
 * `DR` too. `PSM` needs a capital, a digit or an underscore after it: `PSMith` is a person.
 */
export function isSystem(user: string | undefined): boolean {
  return user !== undefined && /^(?:PasswordManager|PVWA|PSM(?![a-z])|(?:Batch|DR)$)/.test(user);
}
