import type { V1APIService } from '@kubernetes/client-node';
import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { availability, backendOf } from '../kubernetes/api-service.ts';
import { APIService, Namespace } from '../kubernetes/kinds.ts';
import { inCluster } from '../model/query.ts';
import { rule } from '../model/rule.ts';

const MOST_NAMED = 3;

export default rule({
  id: 'namespace-stuck-terminating',
  title: 'A Namespace is deleted while a part of the API does not answer',
  severity: 'warn',
  lessons: [datadogNamespace.lessons.deletionHangsUnseen],
  why:
    'To delete a Namespace, Kubernetes asks every API what there is in it. While one does not answer, what the others hold ' +
    'is deleted, and the Namespace stays Terminating, its name blocked. Before Kubernetes 1.14 nothing was deleted until ' +
    'that API came back, and then everything, days later perhaps.',
  unless: 'the Namespace may hang until the API is mended',
  kinds: [Namespace],
  operations: ['DELETE'],
  needs: {
    apis: inCluster(APIService, [
      ['spec', 'service'],
      ['status', 'conditions'],
    ]),
  },
  *check({ object, known }) {
    const broken = known.apis.filter(api => availability(api)?.available === false).sort(byName);
    const [first] = broken;
    if (!first || object.metadata?.deletionTimestamp !== undefined) return;
    const { reason } = availability(first) ?? {};
    const name = first.metadata?.name;
    const others =
      broken.length > 1
        ? `, nor ${broken.length > 2 ? `do ${broken.length - 1} others` : 'does another'}: until they do`
        : ': until it does';
    const backend = backendOf(first);
    yield {
      path: ['metadata', 'name'],
      what: `${name} does not answer${reason === undefined ? '' : ` (${reason})`}${others}, Namespace ${object.metadata?.name} stays Terminating, and only its conditions say why`,
      fix: () =>
        `see why, and mend ${backend ? `Service ${backend.namespace}/${backend.name}` : 'what is behind it'}, or delete the APIService if nobody needs it:\n` +
        `kubectl describe apiservices ${broken
          .slice(0, MOST_NAMED)
          .map(({ metadata }) => metadata?.name)
          .join(' ')}`,
    };
  },
});

function byName({ metadata: one }: V1APIService, { metadata: other }: V1APIService): number {
  return String(one?.name) < String(other?.name) ? -1 : 1;
}
