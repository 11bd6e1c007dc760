import { incident } from '../model/incident.ts';

export const datadogNotVms = incident({
  id: 'datadog-containers-not-vms',
  title: 'Containers kept alive by a loop were used as machines',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'A container ran /bin/bash -c -- while true; do sleep 30 and nothing else, so that people could get into it: two ' +
    'shells were open inside, one of them with a Python job that ran psql, which ran perl, ldd and bash in turn. Such ' +
    'trees of processes, and the files that they hold open, make a container runtime suffer. The recipe went from ' +
    'manifest to manifest because a popular answer to "how can I keep a container running on Kubernetes" gives it: trap : ' +
    'TERM INT; sleep infinity & wait.',
  lessons: {
    keptAliveByNothing: {
      id: 'L47',
      teaches: 'A container that does nothing but stay alive is a machine in which people run jobs by hand.',
      inShort:
        'a container looped over sleep 30; the jobs people ran in it by hand were hard on the runtime.',
    },
    openTerminal: {
      id: 'L48',
      teaches: 'A terminal that is kept open invites work that no manifest tells of.',
      inShort: 'two shells were open in a container that only slept, one with a long tree of processes.',
    },
  },
});
