import { writeSync } from 'node:fs';
import process from 'node:process';
import { LimitRange, Node, Pod } from '../../src/kubernetes/kinds.ts';
import { inCluster, inNamespace, inSameNamespace } from '../../src/model/query.ts';
import { type Rule, rule } from '../../src/model/rule.ts';
import { QUESTIONS_FD } from '../../src/webhook/lane-messages.ts';
import { toyRules } from './toy.ts';

const [red] = toyRules as [Rule];
const { lessons, why, unless } = red;
const words = (id: string) => ({ id, title: id, severity: 'deny', lessons, why, unless }) as const;

/** By the Pod's labels. What is native cannot be broken off, and memory cannot be given back in time. */
export const rules: readonly Rule[] = [
  ...toyRules,
  rule({
    ...words('misbehaves'),
    kinds: [Pod],
    check({ object }) {
      const { allocates, dies, stalls } = object.metadata?.labels ?? {};
      if (dies) {
        writeSync(QUESTIONS_FD, '{"id":0,');
        process.kill(process.pid, 'SIGKILL');
      }
      if (allocates) for (const heap: unknown[] = []; ; ) heap.push(new Array(1_000).fill(heap.length));
      if (stalls) 'a'.repeat(2_000_000).lastIndexOf(`${'a'.repeat(5_000)}b`);
      return [];
    },
  }),
  rule({
    ...words('counts-limits'),
    kinds: [Pod],
    needs: { limits: inSameNamespace(LimitRange) },
    *check({ object, known }) {
      if (!object.metadata?.labels?.limited) return;
      const what = known.limits.map(({ metadata }) => metadata?.name).join(', ');
      yield { path: ['metadata'], what: `limits: ${what}`, fix: () => '' };
    },
  }),
  rule({
    ...words('looks-further'),
    kinds: [Pod],
    needs: {
      there: inNamespace(LimitRange, ['metadata', 'labels', 'there'], [['spec']]),
      large: inCluster(Node, [['status', 'capacity']], { 'metadata.name': 'large' }),
    },
    *check({ object, known }) {
      if (!object.metadata?.labels?.there) return;
      const names = [...known.there, ...known.large].map(({ metadata }) => metadata?.name);
      yield { path: ['metadata'], what: `found: ${names.join(', ')}`, fix: () => '' };
    },
  }),
];
