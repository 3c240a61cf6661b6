/** Something that the person at the keyboard can put right: its message is all they need to see, never the stack trace. */
export class LocalStackError extends Error {}
