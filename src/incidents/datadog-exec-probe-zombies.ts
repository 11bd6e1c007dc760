import { incident } from '../model/incident.ts';

export const datadogZombies = incident({
  id: 'datadog-exec-probe-zombies',
  title: 'A readiness script left 16,018 zombies',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'A redis pod was probed by a bash script, server_readiness_probe.sh, with timeoutSeconds: 1. Whenever the script ' +
    "took longer it was killed, and the redis-cli that it had started was handed to the container's PID 1: " +
    'redis-server, which never waits for children that are not its own. The node counted 16,018 defunct processes. ' +
    "Datadog's advice: think twice about exec probes, and let tini, or a process namespace that the pod shares, reap.",
  lessons: {
    nothingReaped: {
      id: 'L44',
      teaches: 'What an exec probe leaves behind goes to a PID 1 that does not reap.',
      inShort: 'a readiness script under redis left 16,018 zombie processes on a node.',
    },
    timeoutMadeOrphans: {
      id: 'L45',
      teaches: "A probe's timeout kills the shell, and its children become orphans.",
      inShort:
        'a bash probe with timeoutSeconds: 1 was cut short again and again; 16,018 orphans were left as zombies.',
    },
  },
});
