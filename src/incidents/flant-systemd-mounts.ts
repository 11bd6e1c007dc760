import { incident } from '../model/incident.ts';

export const flantSystemdMounts = incident({
  id: 'flant-systemd-mounts',
  title: 'Mounts of pods long gone filled the kubelet, and the cure asked Docker',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 3',
  story:
    'On Ubuntu 16.04 systemd kept a unit for every subPath that a pod had mounted from a ConfigMap or a Secret, ' +
    'after the pod was gone; they added up until the kubelet used too much memory. Flant went round with a ' +
    'DaemonSet: every five minutes, started by supercronic behind a shell, a script waited at random for up to half ' +
    'an hour, asked docker ps over the /run/docker.sock of the host which containers still ran, and stopped the ' +
    'units of the others. It was privileged for that on every node, whatever its taints, with /etc/systemd and parts ' +
    'of /run/systemd of the host. It would have stopped all of them on a node whose runtime is not Docker. Ubuntu ' +
    '18.04 has no such units.',
  lessons: {
    clocksAgree: {
      id: 'L37',
      teaches: 'What the clock starts starts everywhere at once, unless somebody spreads it.',
      inShort:
        'a clean-up that cron started on every node waited at random, up to 30 minutes, to spread its load.',
    },
    cleanerAskedDocker: {
      id: 'L53',
      teaches: 'What asks Docker which containers run is told none where the runtime is another.',
      inShort: 'a cleaner asked /run/docker.sock which containers ran, and stopped the mounts of all others.',
    },
    agentIsTheNode: {
      id: 'L54',
      teaches: 'A privileged pod with the directories of its node can do there whatever root can.',
      inShort: 'a privileged cleaner that could write to /etc/systemd of the host ran on every node.',
    },
    shellBeforeTheDaemon: {
      id: 'L49',
      teaches: 'A shell that starts the program stays PID 1, and does not pass on the signal to stop.',
      inShort: 'a container began with bash -c and a daemon; a shell as PID 1 passes no signal on.',
    },
  },
});
