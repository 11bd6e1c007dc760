import { incident } from '../model/incident.ts';

export const datadogDnsTimeouts = incident({
  id: 'datadog-dns-timeouts',
  title: 'Some DNS queries took five seconds, and nobody believed it',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Users said that now and then a DNS query took more than five seconds, or timed out. They were not believed, and were ' +
    'right: the queries for IPv4 and IPv6 raced in the conntrack code of the kernel, and one of the two was lost. Datadog ' +
    'switched IPv6 off in the kernel, and had to switch off the resolver of Go itself as well.',
  lessons: {
    twoQueriesRace: {
      id: 'L32',
      teaches: 'Two DNS queries at once may race in conntrack, and the lost one costs five seconds.',
      inShort: 'queries for IPv4 and IPv6 raced in conntrack; the one that was lost cost five seconds.',
    },
  },
});
