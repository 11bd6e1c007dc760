import { incident } from '../model/incident.ts';

export const zalandoCronJob = incident({
  id: 'zalando-innocent-cronjob',
  title: 'An innocent CronJob took the API server down',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 2',
  story:
    'A CronJob ran every 15 minutes. Its author had asked for concurrencyPolicy: Forbid and a history of one, but ' +
    'had written the three fields inside the pod template, where Kubernetes drops them without a word. So the ' +
    'defaults ruled: runs overlapped, their pods piled up, the API server went down, and the ingress, which took its ' +
    'routes from the API server, answered customers with errors. The mended manifest has the fields one level ' +
    'higher, runs once an hour at minute 7, and gives each Job 120 seconds. And the ingress was mended to call ' +
    'itself healthy while the API server is away, and to keep the routes that it knew last. A quota was to bound the ' +
    'number of pods, 1,500 in a namespace; later Zalando dropped its quotas again. Both manifests say ' +
    'batch/v2alpha1, an alpha version that Kubernetes 1.21 stopped serving; the talk counts such incompatible ' +
    'changes among its further topics.',
  lessons: {
    fieldsAreDroppedInSilence: {
      id: 'L35',
      teaches: 'A field at the wrong level is dropped in silence, and its default rules.',
      inShort:
        'concurrencyPolicy stood inside the pod template and was dropped; CronJob pods took the API server down.',
    },
    runsMustNotOverlap: {
      id: 'L36',
      teaches: 'Runs that may overlap and have no deadline pile up without bound.',
      inShort: 'runs of a CronJob overlapped every 15 minutes until their pods took the API server down.',
    },
    lessOften: {
      id: 'L37',
      teaches: 'A job that runs less often leaves time to recover.',
      inShort: 'a job that ran every 15 minutes took the API server down; mended, it runs once an hour.',
    },
    everyRunNeedsADeadline: {
      id: 'L38',
      teaches: 'A hung run lives for ever unless the Job has a deadline.',
      inShort:
        'CronJob pods piled up until the API server went down; the mended manifest gives each Job 120 s.',
    },
    deadlineBelongsToTheJob: {
      id: 'D3',
      teaches: 'A deadline in the pod template ends the pod, not the Job, which starts another.',
      inShort: 'fields written one level too deep let a CronJob pile up pods until the API server went down.',
    },
    healthIsOnesOwn: {
      id: 'L51',
      teaches: 'Whoever fails its health check because another is down takes the outage further.',
      inShort:
        'the API server went down and the ingress counted as unhealthy with it; mended, it stays healthy.',
    },
    podsHaveNoBound: {
      id: 'L43',
      teaches: 'Without a quota nothing bounds how many pods a namespace fills up with.',
      inShort: 'CronJob pods piled up until the API server went down; then came a quota of 1,500 pods.',
    },
    alphaIsNoPromise: {
      id: 'L41',
      teaches: 'An alpha version is no promise: it may change with every upgrade, and go.',
      inShort: 'the CronJob that took the API server down was written in batch/v2alpha1, in production.',
    },
    versionsGoAway: {
      id: 'L42',
      teaches: 'Kubernetes changes incompatibly, and stops serving what manifests were written in.',
      inShort: 'the CronJob, and its mended form, say batch/v2alpha1: since 1.21 neither can be created.',
    },
    historyIsShort: {
      id: 'L39',
      teaches: 'Finished Jobs and their Pods pile up, unless their number or their age is bounded.',
      inShort:
        'both history limits stood where Kubernetes drops them; Pods piled up until the API server was down.',
    },
    acceptedIsNotUnderstood: {
      id: 'D7',
      teaches: 'Kubernetes accepts schedules that never come true, and says nothing.',
      inShort: 'a CronJob that Kubernetes accepted without a word did not do what its author had written.',
    },
  },
});
