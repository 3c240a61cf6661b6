/** An error that the client gets to see, in the shape of the AWS JSON protocol. */
export class ServiceError extends Error {
  constructor(
    /** The wire name, e.g. `InvalidRequestException`. */
    public readonly type: string,
    message: string,
    public readonly httpStatus = 400,
    public readonly errorCode?: string,
  ) {
    super(message);
    this.name = type;
  }

  /** The body of the answer. */
  public toWire(): object {
    return { __type: this.type, message: this.message, ...(this.errorCode && { errorCode: this.errorCode, datasyncErrorCode: this.errorCode }) };
  }
}

/** The one error that the service has for everything the caller can do about. */
export class InvalidRequestError extends ServiceError {
  constructor(message: string, errorCode = 'InvalidParameter') {
    super('InvalidRequestException', message, 400, errorCode);
  }
}

/** What the service can do and the emulator cannot: refused, never faked. */
export class NotEmulatedError extends InvalidRequestError {
  constructor(what: string) {
    super(`${what} is not emulated yet; see the fidelity table`, 'NotEmulated');
  }
}

/** The caller's message could not be read at all. */
export class SerializationError extends ServiceError {
  constructor(message: string) {
    super('SerializationException', message);
  }
}

/** The target names no operation of the service. */
export class UnknownOperationError extends ServiceError {
  constructor(message: string, httpStatus = 400) {
    super('UnknownOperationException', message, httpStatus);
  }
}

/** A defect of the emulator. The details go to the emulator's own output, not to the client. */
export class InternalError extends ServiceError {
  constructor() {
    super('InternalException', 'The emulator failed to answer; its own output has the details', 500, 'InternalError');
  }
}
