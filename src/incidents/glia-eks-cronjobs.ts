import { incident } from '../model/incident.ts';

export const gliaCronJobs = incident({
  id: 'glia-eks-cronjobs',
  title: 'CronJobs whose backoff limit did not work',
  who: 'Glia',
  when: '2019',
  source:
    'Productionproofing EKS, as quoted in Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019',
  story:
    'Before it went into production on EKS, Glia wrote down what it had to mend. CronJobs have three lines in that list: ' +
    'they are problematic as such, their backoff limit does not work, and they do not go well with the network plugin, ' +
    'which has a limited number of addresses for the Pods of a node.',
  lessons: {
    retriesArePods: {
      id: 'L40',
      teaches: 'Every retry of a Job is one more Pod, and what bounds the retries may not hold.',
      inShort: "CronJobs' backoff limit did not hold, on nodes with few addresses for Pods.",
    },
  },
});
