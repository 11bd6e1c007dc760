import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { backendOf } from '../kubernetes/api-service.ts';
import { APIService } from '../kubernetes/kinds.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'apiservice-insecure-tls',
  title: 'The API server does not verify who answers for a part of the API',
  severity: 'note',
  lessons: [datadogNamespace.lessons.whoAnswersIsNotAsked],
  why:
    'With insecureSkipTLSVerify the API server takes any certificate from the Service behind an APIService. Whoever gets ' +
    'there in its place answers for that part of the API, and autoscalers and users believe it.',
  unless: 'the pod signs its own certificate when it starts, as metrics-server does by default',
  kinds: [APIService],
  *check({ object }) {
    const backend = backendOf(object);
    if (!backend || object.spec?.insecureSkipTLSVerify !== true) return;
    yield {
      path: ['spec', 'insecureSkipTLSVerify'],
      what: `insecureSkipTLSVerify: true lets whoever gets its traffic answer as Service ${backend.namespace}/${backend.name}`,
      fix: () =>
        'leave insecureSkipTLSVerify out, and name the authority whose certificate the backend serves:\n' +
        'spec:\n  caBundle: PEM_IN_BASE64    # or the annotation cert-manager.io/inject-ca-from: NAMESPACE/CERTIFICATE',
    };
  },
});
