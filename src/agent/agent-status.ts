/**
 * The states of an agent.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/understand-agent-statuses.html
 */
export class AgentStatus {
  /** In touch with the service. */
  public static readonly ONLINE = AgentStatus.of('ONLINE');

  /** Out of touch with the service for five minutes or more. */
  public static readonly OFFLINE = AgentStatus.of('OFFLINE');

  /** A state that is newer than this library, as the service names it. */
  public static of(value: string): AgentStatus {
    return new AgentStatus(value);
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}
