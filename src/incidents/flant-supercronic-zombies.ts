import { incident } from '../model/incident.ts';

export const flantSupercronic = incident({
  id: 'flant-supercronic-zombies',
  title: 'supercronic as PID 1 left 19,782 zombies and froze Docker',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 1',
  story:
    'Docker froze now and then with "pthread_create failed: No space left on device". The node held 19,782 defunct ' +
    'curl processes, all children of a pod whose PID 1 was supercronic. A cron daemon starts tasks; it does not adopt ' +
    'and reap what those tasks leave behind. With pid_max at 32,768 the node could soon start nothing any more. The ' +
    'cure was tini in front of the tasks.',
  lessons: {
    cronDaemonIsNoInit: {
      id: 'L46',
      teaches: 'A cron daemon is not an init: it does not reap what its tasks leave behind.',
      inShort: 'supercronic as PID 1 left 19,782 zombies; Docker could not fork any more and froze.',
    },
    processIdsAreShared: {
      id: 'L22',
      teaches: 'A pod without a limit can use up the process IDs of its node.',
      inShort: 'one pod left 19,782 zombies on a node with 32,768 process IDs; Docker could not fork.',
    },
  },
});
