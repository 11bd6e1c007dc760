// The webhook as `premortem serve` runs it, in a world without LimitRanges instead of a cluster, so that every rule decides.
import { readFileSync } from 'node:fs';
import { rules } from '../dist/rules/index.js';
import { createLogger } from '../dist/webhook/log.js';
import { startServer } from '../dist/webhook/server.js';
import { bundle } from '../dist/world/bundle.js';

const [certFile, keyFile, port] = process.argv.slice(2);
const settings = {
  rules,
  world: bundle([], undefined),
  get today() {
    return new Date().toISOString().slice(0, 10);
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
