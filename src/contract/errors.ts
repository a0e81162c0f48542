/** The one error that crosses a process: a closed set of codes and a message for a person. */
import * as z from 'zod';

export const ErrorCode = z.enum([
  'invalid-input',
  'not-found',
  'conflict',
  'refused',
  'unsupported',
  'too-large',
  'timed-out',
  'cancelled',
  'busy',
  'read-only',
  'locked',
  /** Nobody is signed in at this window, or the session has ended. */
  'signed-out',
  /** The window is locked, or sign-in waits after failures. */
  'locked-out',
  /** The person's role does not allow it. */
  'forbidden',
  'engine-failed',
  'closed',
  'internal',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** `message` says what was expected, what was found and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}
