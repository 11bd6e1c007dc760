import { incident } from '../model/incident.ts';

export const datadogDirectory = incident({
  id: 'datadog-directory-deleted',
  title: 'kubectl delete -f on a directory that held the Namespace',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Among the footguns that Datadog met while it built its platform: somebody removed one application with ' +
    'kubectl delete -f on the directory of its manifests. One of the files was the Namespace, so everything else in ' +
    'that namespace went too.',
  lessons: {
    namespacesLiveApart: {
      id: 'L05',
      teaches:
        'A folder that holds a Namespace with its workloads is one command away from their total loss.',
      inShort: 'one application was to go, by kubectl delete -f of its folder; the Namespace stood in it.',
    },
    directoryHeldTheNamespace: {
      id: 'L02',
      teaches:
        'Deleting a directory of manifests deletes the Namespace that is among them, and everything in it.',
      inShort:
        'kubectl delete -f on a directory took the Namespace that was among its files, and all that was in it.',
    },
  },
});
