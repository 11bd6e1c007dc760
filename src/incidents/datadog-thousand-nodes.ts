import { incident } from '../model/incident.ts';

export const datadogThousandNodes = incident({
  id: 'datadog-thousand-nodes',
  title: 'From 100 to 1,000 nodes every component of the control plane had to be sized anew',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'At a thousand nodes the API servers were under high load and had to be watched for file descriptors, CPU and memory; ' +
    'a target for their memory kept them from being killed. Controller manager and scheduler competed for the same CPU ' +
    'until they were separated. Connections to etcd were so uneven that the order of its ' +
    'endpoints was shuffled on each API server.',
  lessons: {
    controlPlaneIsSized: {
      id: 'L28',
      teaches:
        'The control plane is sized for a number of nodes, and beyond it every component needs another size.',
      inShort:
        'from 100 to 1,000 nodes API servers, scheduler, controllers and etcd each had to be sized anew.',
      beyondReach:
        'The control plane is machines, flags and connections, and in most clusters it is run by others or from files of ' +
        'the node. Where it is made of pods, their size is right or wrong only against a load which no manifest holds. Who ' +
        'runs it can see it coming: file descriptors, CPU and memory of each API server, connections of each etcd member, ' +
        'the length of the work queues, each against the number of nodes.',
    },
  },
});
