import assert from 'node:assert/strict';
import { Together } from '../../src/webhook/together.ts';
import { Watchdog } from '../../src/webhook/watchdog.ts';

/** A watchdog that counts how often it was needed. */
class Counted extends Watchdog {
  times = 0;

  override once(task: () => void, budgetMs?: number): 'done' | 'broken-off' {
    this.times++;
    return super.once(task, budgetMs);
  }
}

function spin(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe('what arrives at the same time', () => {
  let watchdog: Counted;
  let together: Together;
  beforeEach(() => {
    watchdog = new Counted(20);
    together = new Together(watchdog);
  });

  it('is done in its order, under one supervision', async () => {
    const done: number[] = [];
    const given = await Promise.all(
      [1, 2, 3].map(one =>
        together.run(() => {
          assert.equal(together.isSupervised, true);
          return done.push(one);
        }),
      ),
    );
    assert.deepEqual(given, [1, 2, 3]);
    assert.deepEqual(done, [1, 2, 3]);
    assert.equal(watchdog.times, 1);
    assert.equal(together.isSupervised, false);
    assert.equal(await together.run(() => 'later'), 'later');
    assert.equal(watchdog.times, 2);
  });

  it('fails each for itself', async () => {
    const all = await Promise.allSettled([
      together.run(() => 'one'),
      together.run(() => {
        throw new TypeError('no');
      }),
      together.run(() => 'three'),
    ]);
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('is not held up by what goes on and on, which is begun again by itself', async () => {
    const supervised: boolean[] = [];
    const all = await Promise.all([
      together.run(() => 'before'),
      together.run(() => {
        supervised.push(together.isSupervised);
        while (together.isSupervised);
        return 'endless';
      }),
      together.run(() => 'after'),
    ]);
    assert.deepEqual(all, ['before', 'endless', 'after']);
    assert.deepEqual(supervised, [true, false]);
  });

  it('lets others have their turn', async () => {
    const order: string[] = [];
    const slow = [1, 2, 3].map(one => together.run(() => spin(3)).then(() => order.push(`slow ${one}`)));
    setImmediate(() => setImmediate(() => order.push('other')));
    await Promise.all(slow);
    assert.equal(order.at(-1), 'slow 3');
  });
});
