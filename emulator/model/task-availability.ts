/** Why a task cannot be started just now. */
export interface TaskUnavailability {
  readonly status: 'CREATING' | 'UNAVAILABLE';
  readonly errorCode?: string;
  readonly errorDetail?: string;
}
