/** The errorCode of an HTTP status: from 400 on, the status itself. */
export function failure(status: string | undefined): string | undefined {
  return status !== undefined && Number(status) >= 400 ? status : undefined;
}
