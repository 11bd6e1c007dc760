/**
 * Makes a certificate authority and a serving certificate for a first try, into this folder or the one given:
 *
 *     npx node certs/make.ts [FOLDER]
 *
 * Both are valid for one year. Run it again, and then certs/install.ts, before that year is over.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeCertificates } from './authority.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const folder = positionals[0] ?? fileURLToPath(new URL('.', import.meta.url));
const { authority, serving, servingKey, validUntil } = await makeCertificates();

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'ca.pem'), `${authority}\n`);
writeFileSync(join(folder, 'tls.pem'), `${serving}\n`);
writeFileSync(join(folder, 'tls-key.pem'), servingKey, { mode: 0o600 });
console.log(`ca.pem, tls.pem and tls-key.pem are in ${folder}, valid until ${validUntil.toISOString()}`);
