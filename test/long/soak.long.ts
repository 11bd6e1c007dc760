import assert from 'node:assert/strict';
import { Deployment } from '../load/deployment.ts';
import { begin, losses, type PhaseReport } from '../load/load.ts';
import { writeReviews } from '../load/reviews.ts';
import { figure } from './figure.ts';

const MINUTES = Number(process.env.PREMORTEM_SOAK_MINUTES ?? 10);
/** After so long the client begins anew, with connections of its own. */
const CLIENT_SECONDS = 30;
/** Those of the client's connections come and go. */
const MOST_DESCRIPTORS = 100;

describe('premortem for a long time', function () {
  this.timeout(0);

  it('loses no request, and tells what memory and descriptors it came to hold', async () => {
    const deployment = await Deployment.make();
    const replica = await deployment.start();
    const file = writeReviews(deployment.folder, 'soak', { bytes: 4_096, update: true, count: 500 });
    const samples: { hours: number; memory: number; descriptors: number }[] = [];
    const begun = performance.now();
    const hours = () => (performance.now() - begun) / 3_600_000;
    const sampling = setInterval(() => {
      samples.push({ hours: hours(), memory: replica.memory.now, descriptors: replica.descriptors });
    }, 1_000);
    const reports: PhaseReport[] = [];
    while (hours() * 60 < MINUTES) {
      const phases = [{ name: 'soak', seconds: Math.min(CLIENT_SECONDS, MINUTES * 60), rate: 50 }];
      const mixed = [{ sort: 'update', file, share: 1 }];
      const { reports: some } = begin({ endpoints: [replica.url], ca: deployment.ca, mixed, phases });
      reports.push(...(await some));
    }
    clearInterval(sampling);
    await deployment.close();

    const late = samples.filter(sample => sample.hours * 60 >= MINUTES / 2);
    figure('soak, minutes', MINUTES);
    figure('soak, memory at the end, MiB', late.at(-1)?.memory ?? Number.NaN);
    const growth = slope(late.map(({ hours, memory }) => [hours, memory]));
    figure('soak, slope of its second half, MiB per hour', growth);
    const descriptors = late.map(one => one.descriptors);
    figure('soak, descriptors', `${Math.min(...descriptors)} to ${Math.max(...descriptors)}`);
    assert.deepEqual(losses(reports), {});
    assert.ok(Math.max(...descriptors) - Math.min(...descriptors) < MOST_DESCRIPTORS);
    // In minutes a heap grows and shrinks by more than it could leak in them.
    if (MINUTES >= 60) assert.ok(growth < 1, `${growth} MiB per hour`);
  });
});

/** Of the straight line that fits best. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  return (
    mean(points.map(point => (point[0] - x) * (point[1] - y))) /
    mean(points.map(point => (point[0] - x) ** 2))
  );
}
