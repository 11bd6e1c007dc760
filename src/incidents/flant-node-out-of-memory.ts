import { incident } from '../model/incident.ts';

export const flantNodeOutOfMemory = incident({
  id: 'flant-node-out-of-memory',
  title: 'MongoDB took all memory and the node hung before the OOM killer came',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 5',
  story:
    'On a node that ran MongoDB memory was almost used up when a large query arrived. The kernel spent its time ' +
    'freeing pages of the page cache that were needed again at once, every page fault had to wait for kswapd, ' +
    'and the OOM killer, which comes when an allocation fails, did not come. SSH did not answer, monitoring fell ' +
    'silent, and the node was gone with everything on it.',
  lessons: {
    nothingBoundIt: {
      id: 'L56',
      teaches: 'A container without a memory limit can take its whole node down.',
      inShort: "MongoDB used up a node's memory; the node hung before the OOM killer came.",
    },
    nothingKeptBack: {
      id: 'L21',
      teaches: 'A node that evicts nobody and keeps nothing back hangs when its memory is used up.',
      inShort: "MongoDB used up a node's memory, and not even SSH answered any more.",
    },
  },
});
