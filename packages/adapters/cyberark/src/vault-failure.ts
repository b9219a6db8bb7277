/** Failures by their code, whatever the text says: authentication, CPM verify, change and reconcile, PSM connect and disconnect, undefined user, SQL command, keystrokes. */
const failedCodes: ReadonlySet<string> = new Set(["4", "38", "57", "60", "301", "303", "309", "360", "362"]);

/**
 * errorCode and errorMessage of a record of the Vault. Success and failure share one Action: severity, code or the
 * description tell them apart.
 * @param isError whether the record's severity is Error or Critical
 */
export function vaultFailure(
  {
    code,
    description,
    isError,
  }: { readonly code: string | undefined; readonly description: string | undefined; readonly isError: boolean },
  reason: string | undefined,
): { readonly errorCode?: string; readonly errorMessage?: string | undefined } {
  const failed =
    isError ||
    (code !== undefined && failedCodes.has(code)) ||
    /\b(?:failed|failure|unauthorized)\b/i.test(`${description}`.slice(0, 1024));
  return failed ? { errorCode: `CyberArk.${code ?? "Error"}`, errorMessage: reason } : {};
}
