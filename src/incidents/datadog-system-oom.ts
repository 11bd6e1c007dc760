import { incident } from '../model/incident.ts';

export const datadogSystemOom = incident({
  id: 'datadog-system-oom',
  title: 'Memory requests of zero end in a system-wide OOM',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Datadog told two kinds of OOM apart. A limit that is too low kills one container inside its cgroup. A request ' +
    'that is too low, or zero, fills the node beyond what it has, and then the kernel chooses the victims system-wide. ' +
    'They had known of both; what it takes is somebody who sizes every container.',
  lessons: {
    requestsTooLow: {
      id: 'L55',
      teaches:
        'A container without a memory request is invisible to the scheduler and the first to be killed.',
      inShort: 'requests that were too low, or 0, ended in a system-wide OOM.',
    },
  },
});
