import { incident } from '../model/incident.ts';

export const datadogNamespace = incident({
  id: 'datadog-namespace-deleted',
  title: 'A chart refactoring deleted a namespace, four days later',
  who: 'Datadog',
  when: '2020',
  source: 'Laurent Bernaille: How the OOM-Killer Deleted my Namespace, KubeCon North America 2020',
  story:
    'A team moved its deployments from Spinnaker, which only ever applies, to Helm 3, which owns what it installs. ' +
    'While the chart was being tidied the Namespace was moved out of it, and on 13 February the next upgrade did what ' +
    'Helm does with objects that a chart no longer holds: it deleted the namespace. Nothing seemed to happen, because a ' +
    'broken metrics-server kept the namespace controller from discovering what there was to delete. On 17 February the ' +
    'OOM killer restarted metrics-server, discovery worked again, and the namespace went with everything in it. The ' +
    'audit log showed no deletion on that day; it was four days back.',
  lessons: {
    droppedFromChartMeansDeleted: {
      id: 'L01',
      teaches: 'A release that no longer holds its Namespace deletes it, and everything in it.',
      inShort:
        'a chart refactoring moved the Namespace out; the upgrade deleted it with every workload in it.',
    },
    oneCallDeletesEverything: {
      id: 'L02',
      teaches: 'One DELETE of a Namespace removes everything in it, whichever tool sends it.',
      inShort: 'one DELETE call, unnoticed for four days, took a namespace and everything in it.',
    },
  },
});
