import { flantPending } from '../incidents/flant-pods-pending.ts';
import { kindsOfKubelets, kubeletSettings } from '../kubernetes/kubelet-settings.ts';
import { rule } from '../model/rule.ts';

/** The defaults since Kubernetes 1.27 (k8s pkg/kubelet/apis/config/v1beta1/defaults.go). */
const DEFAULTS = {
  kubeAPIQPS: { value: 50, means: 'requests a second to the API server' },
  kubeAPIBurst: { value: 100, means: 'requests at once to the API server' },
  eventRecordQPS: { value: 50, means: 'events a second' },
} as const;
/** What client-go takes 0 for (client-go rest/config.go), which the kubelet hands on to it. */
const OF_ZERO: Readonly<Record<string, number>> = { kubeAPIQPS: 5, eventRecordQPS: 5 };

export default rule({
  id: 'kubelet-qps',
  title: 'A kubelet may tell the API server less than it has to tell',
  severity: 'note',
  lessons: [flantPending.lessons.kubeletHeldBack],
  why:
    'The kubelet holds its requests to the API server back to a rate. Where a node has many pods their states arrive late: ' +
    'pods that run are shown as Pending, and whoever waits for them to be ready waits on.',
  unless: 'the API server has to be spared, or the nodes have few pods',
  kinds: kindsOfKubelets,
  *check({ object, kind }) {
    for (const settings of kubeletSettings(object, kind)) {
      for (const [field, { value, means }] of Object.entries(DEFAULTS)) {
        const given = settings.values[field];
        // What is filled in elsewhere is no number.
        if (typeof given !== 'number' || !(given >= 0 && given < value)) continue;
        // A burst of 0 in a file is taken for none given.
        const real = given === 0 ? OF_ZERO[field] : given;
        if (real === undefined) continue;
        const { lines, edits } = settings.written(field, value);
        yield {
          path: settings.pathOf(field),
          what: `${settings.nameOf(field)} is ${given}${given === 0 ? `, which is taken for ${real}` : ''}: the kubelet sends no more than ${real} ${means}`,
          fix: () => `${lines}    # the default since Kubernetes 1.27`,
          edits,
        };
      }
    }
  },
});
