import { zalandoT2 } from '../incidents/zalando-t2-etcd.ts';
import { isOfControlPlane, kindsOfMachines, machineTypes } from '../kubernetes/machines.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** Types whose CPU is lent, and one that is not, by cloud. */
const CLOUDS = [
  { burstable: /^t(?:1|2|3a?|4g)\./, instead: 'm7i.large' },
  { burstable: /^(?:e2-(?:micro|small|medium)|f1-micro|g1-small)$/, instead: 'n2-standard-2' },
  { burstable: /^(?:Basic|Standard)_B\d/i, instead: 'Standard_D2s_v5' },
];

export default rule({
  id: 'burstable-control-plane',
  title: 'The control plane runs on machines that lend their CPU',
  severity: 'note',
  lessons: [zalandoT2.lessons.burstable],
  why:
    'A burstable machine has a part of a CPU for itself; the rest is lent as long as there are credits, or nobody else wants ' +
    'it. etcd has to answer at once and at all times: when it is late, API servers time out and the whole cluster stands.',
  unless:
    'the cluster is there to be tried out, or its credits never run out, as in the unlimited mode of EC2',
  kinds: kindsOfMachines,
  *check({ object, kind }) {
    if (!isOfControlPlane(object, kind)) return;
    for (const { names, isList, path } of machineTypes(object, kind)) {
      const lent = names.filter(name => cloudOf(name));
      const [first = ''] = lent;
      const instead = cloudOf(first)?.instead;
      if (instead === undefined) continue;
      const kept = names.filter(name => !cloudOf(name));
      yield {
        path,
        what: `${lent.join(' and ')} ${lent.length === 1 ? 'is burstable: its' : 'are burstable: their'} full CPU is only lent, and when that ends etcd and the API server wait`,
        fix: () =>
          kept.length > 0
            ? snippet(path, kept, object)
            : `${snippet(path, isList ? [instead] : instead, object)}    # for example`,
      };
    }
  },
});

function cloudOf(name: string): (typeof CLOUDS)[number] | undefined {
  return CLOUDS.find(({ burstable }) => burstable.test(name));
}
