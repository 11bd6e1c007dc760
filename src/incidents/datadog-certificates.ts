import { incident } from '../model/incident.ts';

export const datadogCertificates = incident({
  id: 'datadog-certificates',
  title: 'Certificates lived for a day, and programs did not read the new ones',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Datadog gave every component a certificate from Vault and renewed it every 24 hours. The components of the Kubernetes ' +
    'control plane did not read the new ones, and etcd did not for clients that connected to an IP address: what had ' +
    'started well failed when the certificate that it had started with ran out. New nodes needed Vault before they could ' +
    'be anything else, so bootstraps were flaky whenever Vault was. Two years later the same thing started a larger ' +
    'story: metrics-server went on with an old certificate, since the sidecar that renewed it could not signal it.',
  lessons: {
    neverReadAgain: {
      id: 'L12',
      teaches:
        'A program that reads its certificate once fails days later, when the certificate has run out.',
      inShort:
        'certificates were renewed every 24 hours, and API servers and etcd went on with the old ones.',
      beyondReach:
        'A manifest says where a certificate is mounted, never whether the program reads it again: that is in its code, and ' +
        'can differ from one kind of connection to the next, as in etcd. What can be seen is what it serves: a probe from ' +
        'outside that alerts on the age of the certificate of a live connection finds it before it runs out.',
    },
    bootstrapNeedsOthers: {
      id: 'L85',
      teaches:
        'What a node needs in order to start has to be up whenever a node starts, most of all in an outage.',
      inShort: 'a new node needed Vault for its certificates; bootstraps were as flaky as Vault was.',
      beyondReach:
        'What happens before a node joins happens without the API server: images, boot scripts, certificates from elsewhere, ' +
        'an operating system that has to boot, which Zalando saw fail too. Whoever provisions nodes can list what they ' +
        'wait for, and a node that is started once a day with one of these away shows the rest.',
    },
  },
});
