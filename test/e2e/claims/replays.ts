import assert from 'node:assert/strict';
import type { Mode } from '../../../src/model/verdict.ts';
import type { ControlPlane } from '../control-plane.ts';
import { create } from '../namespaces.ts';
import { isRefused, passed, refusalOf, warningsOf } from '../outcome.ts';
import { apis } from '../replays/apis.ts';
import { charts } from '../replays/charts.ts';
import { jobs } from '../replays/jobs.ts';
import { pods } from '../replays/pods.ts';
import type { Replay } from '../replays/replay.ts';
import { rollouts } from '../replays/rollouts.ts';
import { Stage } from '../replays/stage.ts';
import { surroundings } from '../replays/surroundings.ts';
import { until } from '../until.ts';

const replays = [...charts, ...jobs, ...pods, ...rollouts, ...surroundings, ...apis];
const TRIED = '--dry-run=server';

/** Nothing tells the person who does it. */
export function replaysBefore(cluster: ControlPlane): void {
  describe('without premortem', () => {
    for (const replay of replays)
      it(`${replay.story} (${replay.lesson})`, async function () {
        if (!isPossible(cluster, replay)) this.skip();
        const stage = await furnished(cluster, replay);
        passed(await replay.deed(stage));
        await replay.harm(stage);
      });
  });
}

/** The same deeds in namespaces that enforce. */
export function replayed(cluster: ControlPlane): void {
  for (const replay of replays)
    describe(`where ${replay.story} (${replay.lesson})`, () => {
      let stage: Stage;

      before(function () {
        if (!isPossible(cluster, replay)) this.skip();
      });

      it(`${replay.rule} ${TOLD[replay.told]}`, async () => {
        stage = await furnished(cluster, replay, 'enforce');
        // At the first try the namespace may not be guarded yet, nor what lies beside have been seen.
        await until(`${replay.rule} is told`, 20, () => isTold(replay, stage));
        if (replay.told === 'deny') refusalOf(await replay.deed(stage));
      });

      it('nothing of it happens when it is done as the message says', async () => {
        const warnings = warningsOf(await replay.mended(stage));
        assert.ok(!warnings.some(line => line.endsWith(`[${replay.rule}]`)), warnings.join('\n'));
        await replay.spared(stage);
      });
    });
}

const TOLD = {
  deny: 'refuses it',
  warn: 'warns of it beforehand',
  note: 'is in the audit log',
};

function isPossible({ hasControllers, helmVersions }: ControlPlane, { needs }: Replay): boolean {
  return hasControllers && (needs === undefined || helmVersions.includes(3));
}

async function furnished(cluster: ControlPlane, replay: Replay, mode?: Mode): Promise<Stage> {
  const stage = new Stage(cluster, `replay-${replays.indexOf(replay)}-${mode ?? 'before'}`);
  await create(cluster, stage.namespace, mode);
  await replay.before?.(stage);
  return stage;
}

async function isTold({ deed, rule, told }: Replay, stage: Stage): Promise<boolean> {
  const ran = await deed(stage, TRIED);
  if (told === 'deny') return isRefused(ran) && refusalOf(ran).rules.includes(rule);
  const warnings = warningsOf(ran);
  if (told === 'warn') return warnings.some(line => line.endsWith(`[${rule}]`));
  const { annotations } = stage.cluster.requests().at(-1) ?? {};
  return Boolean(annotations?.['enforce.premortem.dev/findings']?.includes(`note/${rule}`));
}
