import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCheck } from './check.ts';
import { benchRules } from './rules.ts';
import { benchWebhook } from './webhook.ts';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string' },
    rules: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

console.log(`node ${process.version} on ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}\n`);
if (values.rules) await benchRules(values.corpus, Number(values.rounds ?? 50));
else {
  if (values.only !== 'check') await benchWebhook(Number(values.seconds));
  if (values.only !== 'webhook') await benchCheck(values.corpus, Number(values.rounds ?? 5));
}
