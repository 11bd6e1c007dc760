import assert from 'node:assert/strict';
import { passed } from '../outcome.ts';
import { CHART, IMAGE, WEB } from './props.ts';
import type { Replay } from './replay.ts';

export const charts: readonly Replay[] = [
  {
    lesson: 'L71',
    rule: 'chart-applied-in-part',
    told: 'warn',
    story: 'a Deployment is applied out of a chart: its Pods start anew, with the configuration of before',
    needs: 'helm',
    before: async stage => {
      passed(await stage.helm('install', 'shop', CHART));
      await stage.hasPods(1);
    },
    deed: async (stage, ...how) => {
      const part = ['template', 'shop', CHART, '--show-only=templates/web.yaml', '--set=currency=USD'];
      const stdin = passed(await stage.helm(...part));
      return stage.cluster.kubectl(['apply', '-n', stage.namespace, '-f', '-', ...how], { stdin });
    },
    harm: async stage => {
      await stage.hasPods(2);
      assert.equal(await stage.value('configmap/settings', '.data.currency'), 'EUR');
    },
    mended: stage => stage.helm('upgrade', 'shop', CHART, '--set=currency=USD'),
    spared: async stage => {
      await stage.hasPods(2);
      assert.equal(await stage.value('configmap/settings', '.data.currency'), 'USD');
    },
  },
  {
    lesson: 'L72',
    rule: 'managed-object-edited-by-hand',
    told: 'warn',
    story: 'the next upgrade takes back what was mended by hand',
    needs: 'helm',
    before: async stage => passed(await stage.helm('install', 'shop', CHART)),
    deed: (stage, ...how) => stage.kubectl('set', 'image', WEB, 'web=registry.example.com/web:2', ...how),
    harm: async stage => {
      passed(await stage.helm('upgrade', 'shop', CHART));
      assert.equal(await stage.value(WEB, IMAGE), 'registry.example.com/web:1');
    },
    mended: stage => stage.helm('upgrade', 'shop', CHART, '--set=tag=2'),
    spared: async stage => {
      passed(await stage.helm('upgrade', 'shop', CHART, '--reuse-values'));
      assert.equal(await stage.value(WEB, IMAGE), 'registry.example.com/web:2');
    },
  },
];
