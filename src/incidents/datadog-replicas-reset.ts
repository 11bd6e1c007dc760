import { incident } from '../model/incident.ts';

export const datadogReplicas = incident({
  id: 'datadog-replicas-reset',
  title: 'spec.replicas fought the autoscaler, and taking it out scaled to one',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Among the footguns that Datadog met with rolling updates: a Deployment whose manifest held spec.replicas was scaled ' +
    'by a HorizontalPodAutoscaler, and every rollout put the count of the manifest in place of what the load had asked ' +
    'for. To take the field out of the manifest was not enough: applied without it, the Deployment went to a single ' +
    'replica (kubernetes#67135), since one is the default. Their advice was to edit what was last applied first, so ' +
    'that the apply finds nothing to remove.',
  lessons: {
    manifestOverridesAutoscaler: {
      id: 'L63',
      teaches: 'A manifest that holds spec.replicas takes back, at every apply, what the autoscaler did.',
      inShort: "every rollout put the manifest's replicas in place of the autoscaler's.",
    },
    removingScalesToOne: {
      id: 'L64',
      teaches: 'Applying a manifest without the spec.replicas that it had scales the workload to one.',
      inShort: 'spec.replicas was taken out of a manifest, and the Deployment went to a single replica.',
    },
  },
});
