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
    'taught the runtime before it could run on the new nodes.',
  lessons: {
    toolsAssumeDocker: {
      id: 'L53',
      teaches: "A pod that talks to the container runtime's socket is tied to that runtime.",
      inShort: 'nodes ran containerd, and many tools, the Datadog agent among them, went on asking Docker.',
    },
  },
});
