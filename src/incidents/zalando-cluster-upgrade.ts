import { incident } from '../model/incident.ts';

export const zalandoUpgrade = incident({
  id: 'zalando-cluster-upgrade',
  title: 'Every test passed on a new cluster, and the change broke an old one',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 6',
  story:
    'Zalando rolls its configuration out channel by channel, from three clusters for development to 57 and more for ' +
    'production, and every pull request had to pass end-to-end tests. They ran on a cluster that was made for them ' +
    'with the new configuration. Where there was a cluster with the old one, the change broke it all the same. Since ' +
    'then the test begins with a cluster of the old configuration, changes that to the new one, and only then looks ' +
    'whether it works.',
  lessons: {
    testTheDifference: {
      id: 'L73',
      teaches: 'What works from nothing may fail as a change: test the difference, not the result.',
      inShort: 'end-to-end tests passed on a fresh cluster; the same change broke one that existed.',
      beyondReach:
        'Whether somebody tests the way from the old state to the new is a matter of their pipeline, not of a manifest. What ' +
        'can be read from two revisions, premortem reads: check --before OLD NEW tells what would be dropped, cut or reset, ' +
        'the webhook compares each update with what is there, and a release with what it made before. The rest needs a ' +
        'cluster with the old state on which the new one is applied.',
    },
  },
});
