// The webhook as `premortem serve` runs it, in a world without anything in it instead of a cluster, so that every rule decides.
import { readFileSync } from 'node:fs';
import { dayOf } from '../dist/cli/io.js';
import { defaultConfiguration } from '../dist/model/configuration.js';
import { rules } from '../dist/rules/index.js';
import { createLogger } from '../dist/webhook/log.js';
import { startServer } from '../dist/webhook/server.js';
import { bundle } from '../dist/world/bundle.js';

const [certFile, keyFile, port] = process.argv.slice(2);
const settings = {
  rules,
  configuration: defaultConfiguration,
  world: bundle([], undefined),
  get today() {
    return dayOf(new Date());
  },
};
await startServer({
  host: '127.0.0.1',
  port: Number(port),
  opsPort: 0,
  tls: { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') },
  settings: () => settings,
  logger: createLogger(process.stdout),
});
console.log('serving');
