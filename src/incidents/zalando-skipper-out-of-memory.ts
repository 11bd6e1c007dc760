import { incident } from '../model/incident.ts';

export const zalandoSkipper = incident({
  id: 'zalando-skipper-out-of-memory',
  title: 'One slow application used up the memory of the ingress of all',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 1',
  story:
    'Customers got 502 from the load balancer. One application, a Solr, had become slow, so requests to it stayed in flight ' +
    'in Skipper, the ingress that all applications of the cluster share. Skipper starts a goroutine for each request, 2 kB ' +
    'and the request itself, and nothing bounded how many. Its memory limit was fixed at 500Mi, four times what it usually ' +
    'used; it was reached, the OOM killer came, and the load balancer lost its healthy hosts. Later Skipper got a ' +
    'scheduler that bounds what each backend may hold.',
  lessons: {
    limitBelowWhatMayGrow: {
      id: 'L57',
      teaches: 'A memory limit below what a program may grow to is an outage that waits for a bad day.',
      inShort:
        'an ingress with a limit of 500Mi, four times its usual, was killed when requests piled up in it.',
    },
    noBoundPerBackend: {
      id: 'L79',
      teaches: 'What all share needs a bound for each, or the slowest of them takes it from everybody.',
      inShort: 'one slow application held so many requests in the shared ingress that it was killed for all.',
      beyondReach:
        'Whether a proxy bounds what one backend may hold is decided by its code and its own configuration, in a language of ' +
        'its own, if it can be said there at all: Skipper could not until it was taught. Who runs the ingress can see it: ' +
        'requests in flight for each backend, and a test in which one backend answers after a minute while the others are measured.',
    },
  },
});
