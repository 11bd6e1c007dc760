import { findBinaries } from './binaries.ts';
import { absence } from './claims/absence.ts';
import { byHand } from './claims/by-hand.ts';
import { cron } from './claims/cron.ts';
import { deletion } from './claims/deletion.ts';
import { exits } from './claims/exits.ts';
import { gitops } from './claims/gitops.ts';
import { helm } from './claims/helm.ts';
import { releaseBefore } from './claims/helm-before.ts';
import { incident, incidentBefore } from './claims/incident.ts';
import { looking } from './claims/looking.ts';
import { neighbours } from './claims/neighbours.ts';
import { optingIn } from './claims/opting-in.ts';
import { ownCa } from './claims/own-ca.ts';
import { parity } from './claims/parity.ts';
import { ratchet } from './claims/ratchet.ts';
import { replayed, replaysBefore } from './claims/replays.ts';
import { restart } from './claims/restart.ts';
import { rights } from './claims/rights.ts';
import { rollback } from './claims/rollback.ts';
import { prepareSchedule, schedule } from './claims/schedule.ts';
import { traffic } from './claims/traffic.ts';
import { waysOut } from './claims/ways-out.ts';
import { ControlPlane } from './control-plane.ts';
import { Premortem } from './premortem.ts';

const binaries = findBinaries();
if (typeof binaries === 'string') it.skip(binaries);
else endToEnd(new ControlPlane(binaries));

/** One control plane for all claims, since it takes seconds to start. Each claim has namespaces of its own. */
function endToEnd(cluster: ControlPlane): void {
  const premortem = new Premortem(cluster);
  let failed = false;
  const watched = (action: () => Promise<void>) => () =>
    action().catch(error => {
      failed = true;
      throw error;
    });

  describe('on a real control plane', function () {
    this.timeout(60_000);

    before(watched(() => cluster.start()));
    incidentBefore(cluster);
    releaseBefore(cluster);
    replaysBefore(cluster);

    describe('with premortem', () => {
      before(
        watched(async () => {
          await premortem.start();
          await prepareSchedule(cluster);
        }),
      );
      rights(cluster);
      optingIn(cluster);
      incident(cluster);
      deletion(cluster);
      ratchet(cluster);
      byHand(cluster);
      rollback(cluster);
      waysOut(cluster);
      helm(cluster);
      gitops(cluster);
      parity(cluster);
      cron(cluster);
      replayed(cluster);
      schedule(cluster);
      traffic(cluster, premortem);
      looking(cluster);
      absence(cluster, premortem);
      restart(cluster);
      neighbours(cluster, premortem);
      exits(cluster);
      after(() => premortem.stop());
    });

    const replicas = ownCa(cluster);

    afterEach(function () {
      failed ||= this.currentTest?.state === 'failed';
    });
    after(async () => {
      if (failed)
        console.error(
          [cluster.lastWords(), premortem.lastWords(), replicas(), `all of it: ${cluster.folder}`].join(
            '\n\n',
          ),
        );
      await premortem.stop();
      await cluster.stop({ keep: failed });
    });
  });
}
