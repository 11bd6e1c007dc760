import { type Configuration, defaultConfiguration } from '../model/configuration.ts';
import { printable } from '../model/printable.ts';
import { rules } from '../rules/index.ts';
import type { Io } from './io.ts';

/**
 * The configuration in a file, the default one where none was named. Undefined when it cannot be used; all that is wrong
 * with it has been told on stderr then.
 */
export async function loadConfiguration(
  file: string | undefined,
  { stderr }: Io,
): Promise<Configuration | undefined> {
  if (file === undefined) return defaultConfiguration;
  const { ConfigurationError, readConfigurationFile } = await import('../intake/configuration.ts');
  try {
    return await readConfigurationFile(file, rules);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const { file, line, column, message } of error.errors) {
      const place = line === null ? '' : `:${line}:${column}`;
      stderr.write(`error: ${printable(file)}${place}: ${message}\n`);
    }
    return undefined;
  }
}
