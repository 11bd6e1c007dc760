export interface Trace {
  /** The error's class. */
  error: string;
  /** Where it arose: files with line and column. */
  at: string[];
}

/**
 * What may be logged of an unexpected error: its class and where it arose. Its message is left out, since it can
 * quote the object.
 */
export function traceOf(error: unknown): Trace {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const frames = (error.stack ?? '').replace(error.message, '').split('\n').slice(1, 6);
  const places = frames.map(frame => /((?:file|node):[^\s()]+)\)?$/.exec(frame)?.[1]);
  return { error: error.constructor.name, at: places.filter(place => place !== undefined) };
}
