import { incident } from '../model/incident.ts';

export const zalandoThrottled = incident({
  id: 'zalando-credentials-throttled',
  title: 'A throttled credentials provider stopped all deployments',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 8',
  story:
    'To waste less, Zalando had scaled down its IAM provider, which writes the credentials of every application into ' +
    'Secrets, while the number of deployments rose. Throttled at its CPU limit it could not keep up with its queue: ' +
    'new Pods waited for Secrets that were not there (secrets "outfit-delivery-api-credentials" not found), and all ' +
    'new deployments failed. Afterwards Zalando switched CPU limits off in its clusters (--cpu-cfs-quota=false), and ' +
    'the latency of the ingress got better.',
  lessons: {
    limitsThrottle: {
      id: 'L58',
      teaches: 'A CPU limit throttles what everything else waits for, even on an idle node.',
      inShort: 'a credentials provider, throttled at its CPU limit, fell behind: all new deployments failed.',
    },
    podsWaitForSecrets: {
      id: 'L80',
      teaches: 'A pod that refers to a Secret or ConfigMap which is not there waits for it, without an end.',
      inShort:
        'Secret outfit-delivery-api-credentials not found: no new pod started, and all deployments failed.',
    },
    secretsComeLate: {
      id: 'L80',
      teaches: 'What makes Secrets for all others may be late.',
      inShort: 'Secret outfit-delivery-api-credentials was not there yet, and all new deployments failed.',
      beyondReach:
        'Whether a Secret is there by the time a pod wants it is told by no file, and in a cluster premortem may not read ' +
        'Secrets. What shows it are Pods that stay in ContainerCreating, and the events FailedMount, with an alert.',
    },
  },
});
