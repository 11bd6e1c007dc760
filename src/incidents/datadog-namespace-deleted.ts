import { incident } from '../model/incident.ts';

export const datadogNamespace = incident({
  id: 'datadog-namespace-deleted',
  title: 'A chart refactoring deleted a namespace, four days later',
  who: 'Datadog',
  when: '2020',
  source: 'Laurent Bernaille: How the OOM-Killer Deleted my Namespace, KubeCon North America 2020',
  story:
    'A team moved its deployments from Spinnaker, which only ever applies, to Helm 3, which owns what it installs. ' +
    'While the chart was being tidied the Namespace was moved out of it, and on 13 February the next upgrade did ' +
    'what Helm does with objects that a chart no longer holds: it deleted the namespace. Nothing seemed to happen, ' +
    'because a broken metrics-server kept the namespace controller from discovering what there was to delete. On 17 ' +
    'February the OOM killer restarted metrics-server, discovery worked again, and the namespace went with ' +
    'everything in it. The audit log of that day had a deletion for each object, and none for the namespace: that ' +
    'was four days back. What had broken metrics-server was a node: it is one pod, whose sidecar renews the ' +
    'certificate and signals it in a shared process namespace, and it had been moved to one of the nodes with an ' +
    'older image, whose kubelet shared none.',
  lessons: {
    signalsNeedASharedNamespace: {
      id: 'L11',
      teaches: 'A sidecar can signal the main process only in a shared process namespace.',
      inShort:
        'a sidecar renewed the certificate of metrics-server and signalled it, on nodes that shared no processes.',
    },
    deletionHangsUnseen: {
      id: 'L06',
      teaches: 'A Namespace whose deletion hangs has to be seen: what is in it may go at any moment.',
      inShort: 'a deletion hung for four days, unseen, since metrics-server did not answer; then it went on.',
    },
    deadApiBreaksDiscovery: {
      id: 'L07',
      teaches:
        'One API that does not answer breaks discovery for every controller that asks for all of them.',
      inShort:
        'metrics-server was down for days and nobody noticed, but for the controllers that ask for all APIs.',
    },
    apiOnOnePod: {
      id: 'L09',
      teaches: 'What answers for a part of the API must not be one pod that anything can take away.',
      inShort: 'the metrics API was one pod; a bad node broke it, and the OOM killer mended it by chance.',
    },
    whoAnswersIsNotAsked: {
      id: 'L08',
      teaches: 'An APIService whose certificate is not verified can be answered by anybody.',
      inShort:
        'metrics-server failed over its certificate; to verify none hides that, and lets anybody answer.',
    },
    someNodesLackedIt: {
      id: 'L10',
      teaches: 'A pod that uses a new feature is another pod on a node whose kubelet lacks it.',
      inShort:
        'metrics-server worked until it was moved to a node whose image was too old to share process namespaces.',
    },
    droppedFromChartMeansDeleted: {
      id: 'L01',
      teaches: 'A release that no longer holds its Namespace deletes it, and everything in it.',
      inShort:
        'a chart refactoring moved the Namespace out; the upgrade deleted it with every workload in it.',
    },
    everythingDroppedIsDeleted: {
      id: 'L03',
      teaches:
        'What a release no longer holds is deleted: definitions with all their objects, claims with their data.',
      inShort: 'an object that left its chart was deleted by the next upgrade: it was a whole namespace.',
    },
    owningMeansPruning: {
      id: 'L04',
      teaches:
        'Moving from a tool that only applies to one that owns changes what leaving an object out means.',
      inShort:
        'the team had come from a tool that only applies to one that owns; then the Namespace left the chart.',
    },
    hooksAreDeleted: {
      id: 'D1',
      teaches: 'What is a hook is deleted and made anew whenever it runs.',
      inShort: 'Helm deleted a namespace as a matter of course, since that was what the chart said.',
    },
    keepIsWrittenToTheLetter: {
      id: 'D5',
      teaches: 'Only the exact word keeps an object from being deleted with its release.',
      inShort: 'Helm deleted a namespace that the chart no longer held, since nothing told it to keep it.',
    },
    oneCallDeletesEverything: {
      id: 'L02',
      teaches: 'One DELETE of a Namespace removes everything in it, whichever tool sends it.',
      inShort: 'one DELETE call, unnoticed for four days, took a namespace and everything in it.',
    },
  },
});
