import { incident } from '../model/incident.ts';

export const datadogImagePulls = incident({
  id: 'datadog-image-pulls',
  title: 'A restart loop with imagePullPolicy Always used up the registry',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'DaemonSets are a high risk, said Datadog: whatever they do, every node does at once, to the API servers, to Vault, to ' +
    'the rate limits of the cloud. One application broke after a change of permissions and its containers restarted in a ' +
    'loop. With imagePullPolicy: Always each restart asked the registry again, until it answered 429, too many ' +
    'requests, and image pulls failed.',
  lessons: {
    everyRestartAsks: {
      id: 'L66',
      teaches: 'With imagePullPolicy Always each restart of each container asks the registry.',
      inShort: 'a restart loop with imagePullPolicy Always asked the registry until it answered 429.',
    },
  },
});
