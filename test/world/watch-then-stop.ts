import { LimitRange } from '../../src/kubernetes/kinds.ts';
import { watchWorld } from '../../src/world/watched.ts';

/** A process that watches, stops to do so, and has nothing that keeps it from ending. */
const [server = '', serviceAccount = '', when = ''] = process.argv.slice(2);
const logger = { info: () => stopIf('listed'), warn: () => stopIf('failed') };
const plan = { kind: LimitRange, parts: [['spec']], labels: {}, fields: {} } as const;
const world = await watchWorld([plan], { cluster: { server, serviceAccount }, logger });
stopIf('at once');
if (when === 'connecting') setTimeout(() => world.stop(), 300);

function stopIf(moment: string): void {
  if (moment === when) setImmediate(() => world.stop());
}
