/** An answer other than success, in Proxmox VE's own words: the first line goes into HTTP's status line, as pveproxy does. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** What is wrong with which parameter. */
  readonly errors: Readonly<Record<string, string>> | undefined;

  constructor(status: number, message: string, errors?: Readonly<Record<string, string>>) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** What Perl's `die` in a handler becomes. */
export const died = (message: string): ApiError => new ApiError(500, message);

/** What is missing: `/vms/100, VM.Config.CPU`. Proxmox VE names nothing where one of several ways would have done. */
export const permissionDenied = (missing?: string): ApiError =>
  new ApiError(403, missing === undefined ? "Permission check failed" : `Permission check failed (${missing})`);

/** Wrong parameters, all at once. */
export const wrongParameters = (errors: Readonly<Record<string, string>>): ApiError =>
  new ApiError(400, "Parameter verification failed.", errors);
