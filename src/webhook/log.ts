import type { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

export type { Logger };

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** JSON lines on a stream. A reader that went away (EPIPE) costs the log, not the server. */
export function createLogger(stream: Writable, level: LogLevel = 'info'): Logger {
  stream.on('error', () => {});
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    stream,
  );
}

/**
 * What may be logged of an unexpected error: its class and where it arose. Its message is left out, since it can
 * quote the object.
 */
export function traceOf(error: unknown): { error: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const frames = (error.stack ?? '').replace(error.message, '').split('\n').slice(1, 6);
  const places = frames.map(frame => /((?:file|node):[^\s()]+)\)?$/.exec(frame)?.[1]);
  return { error: error.constructor.name, at: places.filter(place => place !== undefined) };
}
