import { incident } from '../model/incident.ts';

export const flantSlowImage = incident({
  id: 'flant-slow-image',
  title: 'One image from a slow registry held up its node',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 4',
  story:
    'A pod came to a node whose registry was slow, and its image was pulled for a long time: eight minutes after the ' +
    'event "pulling image" it was still at it. Another pod on that node, whose image would have been there within a ' +
    'minute, stayed in ContainerCreating: the kubelet pulled one image after the other. Flant knew of no way out but ' +
    'a registry close by, or nodes that hand images to one another.',
  lessons: {
    othersWait: {
      id: 'L19',
      teaches: 'A kubelet that pulls images one by one lets one slow registry hold up the whole node.',
      inShort: 'one image from a slow registry kept another pod of its node in ContainerCreating.',
    },
  },
});
