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
