import type { V1EndpointSlice } from '@kubernetes/client-node';
import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { backendOf } from '../kubernetes/api-service.ts';
import { APIService, EndpointSlice, Service } from '../kubernetes/kinds.ts';
import { EVERY, valueAt } from '../kubernetes/object.ts';
import { inNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

const SERVICE_NAME = ['metadata', 'labels', 'kubernetes.io/service-name'];
const BACKEND = ['spec', 'service'];
const THERE = [...BACKEND, 'namespace'];

export default rule({
  id: 'apiservice-broken-backend',
  title: 'Nobody answers behind an APIService',
  severity: 'warn',
  lessons: [datadogNamespace.lessons.deadApiBreaksDiscovery],
  why:
    'The API server hands what it is asked of such a group on to a Service. While nothing answers there, whoever needs the ' +
    'group waits, an autoscaler for its metrics, and whoever asks for all APIs gets an error: Namespaces that are deleted ' +
    'stay Terminating, and commands and controllers fail over an API that they never use.',
  unless: 'what is behind it is applied at once after it, or the API is only needed later',
  kinds: [APIService],
  needs: {
    services: inNamespace(Service, THERE, [['spec', 'type']]),
    slices: inNamespace(EndpointSlice, THERE, [SERVICE_NAME, ['endpoints', EVERY, 'conditions', 'ready']]),
  },
  *check({ object, operation, known }) {
    const backend = backendOf(object);
    if (!backend) return;
    const { namespace, name } = backend;
    const service = known.services.find(({ metadata }) => metadata?.name === name);
    const answered = `what is asked of ${object.spec?.group}/${object.spec?.version} goes to Service ${namespace}/${name}`;
    const key = `apiservice-broken-backend ${namespace}/${name}`;
    if (!service) {
      // Of a namespace from which there is nothing among the files, they say nothing.
      if (!known.services.some(({ metadata }) => metadata?.namespace === namespace)) return;
      yield {
        path: [...BACKEND, 'name'],
        what: `${answered}, which is not there`,
        fix: () =>
          'apply the Service and what it selects first, and the APIService when that is ready; what is there now:\n' +
          `kubectl get services -n ${namespace}`,
        key,
      };
      return;
    }
    const slices = known.slices.filter(slice => valueAt(slice, SERVICE_NAME) === name);
    // Only a Service of type ClusterIP has to have endpoints (k8s.io/kube-aggregator, the availability controllers).
    const isAsked = (service.spec?.type ?? 'ClusterIP') === 'ClusterIP';
    if (!isAsked || slices.length === 0 || slices.some(hasReady)) return;
    yield {
      path: [...BACKEND, 'name'],
      what: `${answered}, behind which no pod is ready`,
      fix: () =>
        'apply the APIService when an endpoint behind it is ready:\n' +
        `kubectl describe endpointslices -n ${namespace} -l kubernetes.io/service-name=${name}`,
      key,
      // When it is installed its pods are seldom ready yet.
      ...(operation === 'CREATE' && { severity: 'note' }),
    };
  },
});

/** Ready is what does not say that it is not (k8s api/discovery/v1/types.go). */
function hasReady({ endpoints }: V1EndpointSlice): boolean {
  return Array.isArray(endpoints) && endpoints.some(one => valueAt(one, ['conditions', 'ready']) !== false);
}
