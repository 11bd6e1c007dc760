import { incident } from '../model/incident.ts';

export const datadogNodegroup = incident({
  id: 'datadog-nodegroup-controller',
  title: 'A safety check listed 30,000 pods for every node, and etcd gave way',
  who: 'Datadog',
  when: '2020',
  source: 'Laurent Bernaille: How the OOM-Killer Deleted my Namespace, KubeCon North America 2020',
  story:
    'etcd used up its memory and was killed, and API servers that could not reach it restarted. The audit log told who had ' +
    'asked for so much: within a week the list calls of the whole cluster took 7.05 days, 2.84 of them those of the ' +
    'nodegroup controller. Before it deleted a group of nodes, its new protection listed the nodes of the group, and then ' +
    'for each node all pods, 30,000, to see whether any ran there. Without a resourceVersion a list was read from etcd in ' +
    'full, whatever its filter, and kubectl get asks the same way; Kubernetes 1.31 and later answer more and more of them ' +
    'from the cache. What the talk asks for instead is informers.',
  lessons: {
    listInsteadOfWatch: {
      id: 'L24',
      teaches: 'A controller that lists instead of watching asks for everything, again and again.',
      inShort:
        'a controller listed all 30,000 pods for each node of a group: 2.84 days of list calls in a week.',
    },
    kubectlGetIsAList: {
      id: 'L25',
      teaches: 'kubectl get asks for everything at once, and in a loop it does so again and again.',
      inShort: 'lists without a resourceVersion, as kubectl get sends them, were read from etcd in full.',
    },
    protectionWasTheLoad: {
      id: 'L26',
      teaches: 'A safety check that asks the API server for everything becomes the outage it should prevent.',
      inShort: 'the list calls that brought etcd down came from a new protection against deletion.',
      beyondReach:
        'How often a controller asks, and for what, is in its code; of its manifest only the right to list is seen, which ' +
        'L24 looks at. The audit log can tell who lists how much. For premortem, a safety check itself, it is a matter of ' +
        'design: it lists nothing for a request. The few kinds that rules ask about are watched, from a list out of the ' +
        "API server's memory (resourceVersion=0) on, and what is not known in time is undecided.",
    },
    whoDidWhatWhen: {
      id: 'L83',
      teaches: 'Only an audit log can tell who did what and when, days later.',
      inShort: 'the audit log showed whose list calls took 2.84 days of a week; nothing else could have.',
      beyondReach:
        'The audit log is switched on by flags and a policy file of the API server, which are no objects of the cluster; ' +
        'whoever runs the control plane can see them. What premortem can do is to be found there: its answers ' +
        'carry audit annotations with the rules that it found broken, waived or undecided.',
    },
  },
});
