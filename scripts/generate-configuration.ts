/**
 * Compiles src/intake/configuration.schema.json into a function, so that checking a configuration loads no library and
 * needs no `eval`, which the image forbids.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import schema from '../src/intake/configuration.schema.json' with { type: 'json' };
import { generated } from './generated.ts';

const header = `\
// @ts-nocheck
// Written by scripts/generate-configuration.ts from configuration.schema.json: change that, then run npm run generate.
`;

const ajv = new Ajv({
  allErrors: true,
  allowUnionTypes: true,
  ownProperties: true,
  messages: false,
  // Whether there is such a day is seen to by the reader.
  formats: { date: true },
  code: { source: true, esm: true },
});
const code = standalone.default(ajv, ajv.compile(schema));
if (/\brequire\(/.test(code)) throw new Error('the validator must stand alone');
generated(
  'src/intake/configuration-validator.generated.ts',
  `${header}${code.replace('"use strict";', '').replace(/export default \w+;/, '')}\n`,
);
