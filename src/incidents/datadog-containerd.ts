import { incident } from '../model/incident.ts';

export const datadogContainerd = incident({
  id: 'datadog-containerd',
  title: 'Nodes moved to containerd, and tools went on asking Docker',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Datadog built its platform on containerd. It was lightweight and its developers were easy to reach, but many tools ' +
    "took Docker for granted, Datadog's own agent among them: they asked a socket that was not there. Each had to be " +
    'taught the runtime before it could run on the new nodes. What stayed was a shim that hung at times and had to be ended ' +
    'with kill -9. Docker was no better off: the talk shows health-monitor.sh, which ran on every GKE node, killed Docker ' +
    'when docker ps hung for 60 seconds and the kubelet when its health check took more than 10, and left it to systemd to ' +
    'start them again.',
  lessons: {
    toolsAssumeDocker: {
      id: 'L53',
      teaches: "A pod that talks to the container runtime's socket is tied to that runtime.",
      inShort: 'nodes ran containerd, and many tools, the Datadog agent among them, went on asking Docker.',
    },
    watchdogsHideFaults: {
      id: 'L16',
      teaches: 'A watchdog that restarts a hanging daemon keeps the node going, and hides why it hangs.',
      inShort:
        'a script on every node killed Docker and the kubelet whenever they hung, and systemd started them again.',
      beyondReach:
        'Such watchdogs are scripts and units of the node, which the API server never sees. Whoever builds the node image ' +
        'can find them there, and monitoring sees their work: restarts of the container runtime and the kubelet, counted ' +
        'by systemd (NRestarts).',
    },
  },
});
