import type { Writable } from 'node:stream';

/** What a command has of the outside: given by main.ts, or by a test. */
export interface Io {
  stdin: AsyncIterable<Uint8Array | string>;
  stdout: Writable;
  stderr: Writable;
  env: Readonly<Record<string, string | undefined>>;
  /** May stdout be coloured? */
  color: boolean;
  /** Aborted when the process is asked to end. */
  signal: AbortSignal;
  /** Aborted when it is asked again: end at once. */
  hurry: AbortSignal;
  now: Date;
}

/** What a command ends with. */
export const EXIT = { ok: 0, findings: 1, failed: 2 } as const;

/** `2026-11-21`, the day on which waivers are held to their end. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
