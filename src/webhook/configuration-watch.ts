import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError, readConfigurationFile } from '../intake/configuration.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Rule } from '../model/rule.ts';
import { type FileListener, FileWatch } from './file-watch.ts';

/** Follows the file that holds the configuration. Of a bad one only the place of its first error is told. */
export class ConfigurationWatch extends FileWatch<Configuration> {
  constructor(
    file: string,
    rules: readonly Rule[],
    inUse: Configuration,
    listener: FileListener<Configuration>,
  ) {
    const reading = {
      files: [file],
      read: () => readConfigurationFile(file, rules),
      same: isDeepStrictEqual,
      problemOf: (error: unknown) =>
        error instanceof ConfigurationError ? error.message : 'the configuration cannot be read',
    };
    super(reading, inUse, listener);
  }
}
