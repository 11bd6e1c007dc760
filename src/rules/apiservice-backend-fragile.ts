import type { V1APIService, V1Deployment, V1Service } from '@kubernetes/client-node';
import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { backendOf } from '../kubernetes/api-service.ts';
import { APIService, Deployment, Service } from '../kubernetes/kinds.ts';
import { isMapping, own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rememberLast } from '../kubernetes/remember-last.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { inCluster, inNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

const REPLICAS = ['spec', 'replicas'];

export default rule({
  id: 'apiservice-backend-fragile',
  title: 'A part of the API hangs on a single pod, or on pods that may not be ready',
  severity: 'note',
  lessons: [datadogNamespace.lessons.apiOnOnePod],
  why:
    'What is asked of an APIService is answered by these pods and by nobody else. While the only one is moved, killed or ' +
    'broken, or takes requests before it can answer them, that part of the API is away, and discovery fails for whoever asks for all.',
  unless: 'the cluster is small, and nobody waits for that API',
  kinds: [Deployment],
  needs: {
    apis: inCluster(APIService, [['spec', 'service']]),
    services: inNamespace(Service, ['metadata', 'namespace'], [['spec', 'selector']]),
  },
  *check({ object, kind, known }) {
    const apis = answeredIn(known.apis).get(object.metadata?.namespace);
    // In most namespaces none is, and there are many Services.
    if (!apis) return;
    const isBackend = (one: V1Service) => apis.has(one.metadata?.name) && selects(one, object);
    const api = apis.get(known.services.find(isBackend)?.metadata?.name);
    const pod = podTemplate(object, kind);
    if (api === undefined || !pod) return;
    const replicas = object.spec?.replicas ?? 1;
    if (replicas < 2) {
      yield {
        path: REPLICAS,
        what:
          replicas === 1
            ? `${api} is answered by 1 pod: while that is moved or restarted, nobody answers`
            : `spec.replicas is ${replicas}, so nobody answers for ${api}`,
        fix: () => snippet(REPLICAS, 2),
        edits: [{ op: 'set', path: REPLICAS, value: 2 }],
      };
    }
    const containers = pod.containers.filter(({ role }) => role === 'app');
    const [first] = containers;
    if (!first || containers.some(({ container }) => container.readinessProbe != null)) return;
    const probe = [...first.path, 'readinessProbe'];
    yield {
      path: probe,
      what: `${api} is asked of these pods as soon as they run: no container has a readinessProbe`,
      fix: () =>
        `${snippet([...probe, 'httpGet'], { path: '/readyz', port: 10250, scheme: 'HTTPS' }, object)}    # an example`,
    };
  },
});

/** For each namespace, the parts of the API that are answered there, by the name of the Service in front. */
const answeredIn = rememberLast((apis: readonly V1APIService[]) => {
  const namespaces = new Map<unknown, Map<unknown, string | undefined>>();
  for (const api of apis) {
    const backend = backendOf(api);
    if (!backend) continue;
    const services = namespaces.get(backend.namespace) ?? new Map<unknown, string | undefined>();
    namespaces.set(backend.namespace, services);
    if (!services.has(backend.name)) services.set(backend.name, api.metadata?.name);
  }
  return namespaces;
});

function selects({ spec }: V1Service, { spec: workload }: V1Deployment): boolean {
  const selector: unknown = spec?.selector;
  if (!isMapping(selector)) return false;
  const wanted = Object.entries(selector);
  const labels = workload?.template?.metadata?.labels;
  return wanted.length > 0 && wanted.every(([key, value]) => own(labels, key) === value);
}
