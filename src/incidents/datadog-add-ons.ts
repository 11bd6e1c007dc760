import { incident } from '../model/incident.ts';

export const datadogAddOns = incident({
  id: 'datadog-add-ons',
  title: 'Add-ons that nobody had tried on a large cluster',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'There was an add-on for everything, and hardly any had been tried at that size. cluster-autoscaler did not work ' +
    'with more than 50 groups of nodes. kubed was given up when it used more than 10 GB of memory. metrics-server ' +
    'did not start as long as a single node was NotReady. kube-state-metrics answered each scrape for pods and nodes ' +
    'with some 100 MB. And voyager sorted a map differently each time, took that for a change, and made its pods ' +
    'anew without end.',
  lessons: {
    neverTriedAtThatSize: {
      id: 'L30',
      teaches: 'An add-on works up to the size at which somebody has tried it.',
      inShort:
        'past 50 node groups, or with one node NotReady, add-ons no longer worked; one took 10 GB of memory.',
      beyondReach:
        'At which size an add-on gives way is in its code, and known once somebody has got there; its manifest is the same on ' +
        'ten nodes and on a thousand. Who runs it can try the version on a cluster as large as theirs, and watch its memory ' +
        'and the size of its answers while the cluster grows. That a container may take all memory of its node, L56 sees.',
    },
    rewritesForEver: {
      id: 'L29',
      teaches: 'A controller that takes its own order for a change rewrites the same object for ever.',
      inShort: 'a controller sorted a map differently each time, and made its pods anew without end.',
      beyondReach:
        'Each of its updates is right by itself; only their rate is wrong, and premortem, which judges one change at a time, ' +
        'keeps no memory of the last. The audit log has the rate for each object and user, ' +
        'apiserver_request_total has it for each resource, and in the object metadata.generation climbs while nobody works on it.',
    },
  },
});
