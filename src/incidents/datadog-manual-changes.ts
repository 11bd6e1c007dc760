import { incident } from '../model/incident.ts';

export const datadogManualChanges = incident({
  id: 'datadog-manual-changes',
  title: 'Changes by hand that nobody kept track of, and half a chart',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Manual changes are among the footguns that Datadog told of. Some were made with kubectl apply or kubectl edit, and ' +
    'tracked nowhere. Another applied a single Deployment out of a chart: its pod template held the checksum of a new ' +
    'ConfigMap, 840ae1e0 and so on, as a sign that pods are to be replaced, but the ConfigMap itself was not deployed.',
  lessons: {
    nobodyKeptTrack: {
      id: 'L72',
      teaches: 'A change by hand lasts until the tool that owns the object is run again.',
      inShort: 'objects were changed with kubectl apply and kubectl edit, tracked nowhere.',
    },
    checksumWithoutConfig: {
      id: 'L71',
      teaches: 'Of a chart that is applied in part, the pods start anew without what they are to read.',
      inShort: 'a Deployment was applied with the checksum of a new ConfigMap that was never deployed.',
    },
  },
});
