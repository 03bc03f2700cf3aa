/** Logs that something fails when it begins to, and that it works again: not each of the attempts in between. */
export interface JobLog {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export class OutageLog {
  private readonly log: JobLog;
  private readonly what: string;
  private failures = 0;

  /** `what` is being attempted, such as `look at the schedules`. */
  constructor(log: JobLog, what: string) {
    this.log = log;
    this.what = what;
  }

  /** undefined where it failed. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      if (this.failures > 0) this.log.info({ failures: this.failures }, `could ${this.what} again`);
      this.failures = 0;
      return result;
    } catch (error) {
      if (this.failures++ === 0) this.log.warn({ error: (error as Error).message }, `could not ${this.what}`);
      return undefined;
    }
  }
}
