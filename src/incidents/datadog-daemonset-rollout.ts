import { incident } from '../model/incident.ts';

export const datadogDaemonSet = incident({
  id: 'datadog-daemonset-rollout',
  title: 'Rolling out a DaemonSet was very slow or very dangerous',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'While Datadog grew its clusters from 100 to 1,000 nodes, its DaemonSets turned on it. A roll-out starts one pod on ' +
    'every node, and all of them ask the same things at the same time: the API servers, vault, and the cloud ' +
    "provider's API with its rate limits. Datadog filed DaemonSets under footguns, with a high risk of denial of " +
    'service by their own hand: a roll-out is either very slow or very dangerous.',
  lessons: {
    everyNodeAtOnce: {
      id: 'L65',
      teaches: 'A DaemonSet that is rolled out fast makes every node ask the same few servers at once.',
      inShort:
        'rolling DaemonSets out on 1,000 nodes was very slow or an attack on API servers, vault and cloud API.',
    },
  },
});
