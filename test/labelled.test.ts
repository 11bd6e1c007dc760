import assert from 'node:assert/strict';
import { rules } from '../src/rules/index.ts';
import { isFound, type LabelledCase, labelledCases, nameOf } from './labelled/cases.ts';
import { labels } from './labelled/labels.ts';

const folder = process.env.PREMORTEM_LABELLED;
if (folder === undefined) it.skip("other tools' cases are not compared: PREMORTEM_LABELLED names no folder");
else compareWith(folder, labelledCases(folder));

/** The manifests are not ours to hand on, so they are read from where somebody has put them. */
function compareWith(folder: string, cases: readonly LabelledCase[]): void {
  describe("other tools' cases", () => {
    const byLabel = Map.groupBy(cases, ({ label }) => label);
    const figures: string[] = [];

    it('bear only labels of which we know what to make', () => {
      assert.deepEqual([...byLabel.keys()].sort(), Object.keys(labels).sort());
    });

    for (const [label, entry] of Object.entries(labels)) {
      const ours = byLabel.get(label) ?? [];
      if ('noRule' in entry) {
        it.skip(`${label} (${ours.length}) has no rule: ${entry.noRule}`);
        continue;
      }
      const rule = rules.find(({ id }) => id === entry.rule);
      if (!rule) {
        it.skip(`${label} (${ours.length}) has no rule yet: ${entry.rule}`);
        continue;
      }
      it(`${rule.id} differs from them on ${label} only where we know why`, () => {
        const differing = ours.filter(one => isFound(rule.id, folder, one) !== one.isBad);
        figures.push(
          `${rule.lessons[0]?.id} ${rule.id}: agrees in ${ours.length - differing.length} of ${ours.length}`,
        );
        const known = Object.values(entry.disagreements ?? {}).flat();
        assert.deepEqual(differing.map(nameOf).sort(), known.sort());
      });
    }

    after(() => console.log(`\n${figures.join('\n')}\n`));
  });
}
