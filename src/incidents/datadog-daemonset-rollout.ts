import { incident } from '../model/incident.ts';

export const datadogDaemonSet = incident({
  id: 'datadog-daemonset-rollout',
  title: 'Rolling out a DaemonSet took for ever, or attacked the control plane',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'While Datadog grew its clusters from 100 to 1,000 nodes, its DaemonSets turned on it. A roll-out starts one pod on ' +
    'every node, and all of them ask the same things at the same time: the API servers, vault, and the cloud ' +
    "provider's API with its rate limits. Datadog filed DaemonSets under footguns, with a high risk of denial of " +
    'service by their own hand: a roll-out takes for ever, or endangers what it asks. It could also get stuck, in the ' +
    'scheduling of its pods.',
  lessons: {
    everyNodeAtOnce: {
      id: 'L65',
      teaches: 'A DaemonSet that is rolled out fast makes every node ask the same few servers at once.',
      inShort:
        'rolling DaemonSets out on 1,000 nodes took for ever, or was an attack on API servers, vault and cloud.',
    },
    oneNodeHoldsItUp: {
      id: 'L70',
      teaches: 'A roll-out of a DaemonSet waits for every node, and one that cannot run its pod holds it up.',
      inShort: 'the roll-out of a DaemonSet got stuck in the scheduling of its pods.',
      beyondReach:
        'Whether a pod finds room on each node is known when the roll-out comes to it: it depends on what else runs there, ' +
        'and on nodes that are NotReady by then. A healthy manifest gets stuck. kubectl rollout status and ' +
        'status.numberUnavailable show it, and an alert on updatedNumberScheduled that stands still. How many nodes may ' +
        'be down at a time is in the manifest, and L65 looks at it.',
    },
  },
});
