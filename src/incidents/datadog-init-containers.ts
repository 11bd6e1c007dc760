import { incident } from '../model/incident.ts';

export const datadogInitContainers = incident({
  id: 'datadog-init-containers',
  title: 'Init containers count where nobody expects them',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Init containers were one of the footguns that Datadog told of. A pod is as large as the larger of two: the ' +
    'largest init container, and all containers together. What a LimitRange gives to containers it gives to init ' +
    'containers too. And when the containers of a pod are restarted they are left alone as a rule, but run again ' +
    'once their exit status has been lost.',
  lessons: {
    defaultsHitThemToo: {
      id: 'L61',
      teaches: 'What a LimitRange gives to containers it gives to init containers too.',
      inShort: "a LimitRange's default for the containers of a namespace bound the init containers as well.",
    },
    countsForLife: {
      id: 'L60',
      teaches: 'What an init container requests the pod reserves for as long as it lives.',
      inShort: 'pods were as large as their largest init container, which had long ended.',
    },
    mayRunAgain: {
      id: 'L62',
      teaches: 'An init container may run again: that it has ended can be forgotten.',
      inShort: 'init containers ran again when Kubernetes had lost their exit status.',
      beyondReach:
        'Whether a program may run twice is told by no manifest: one would have to read it, or run it twice. Its author can: a ' +
        'second start of the pod with the volumes of the first shows most of it.',
    },
  },
});
