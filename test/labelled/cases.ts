import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewRevision } from '../../src/cli/revision.ts';
import { readConfiguration } from '../../src/intake/configuration.ts';
import type { InputError, Review } from '../../src/model/report.ts';
import { rules } from '../../src/rules/index.ts';
import { TODAY } from '../cases.ts';

/** A manifest from the tests of another tool, and what that tool says of it. */
export interface LabelledCase {
  /** Relative to the folder. */
  file: string;
  /** `apps/v1/Deployment/shop/web`, several joined by `; `, or `11 objects` for all that there are. */
  object: string;
  /** What the tool looked for, in words that all tools share. */
  label: string;
  isBad: boolean;
}

const COLUMNS = ['file', 'object', 'peer', 'peer_check', 'expected', 'our_lesson', 'use', 'note'];

/** The cases of `labels.tsv` that are marked for use. */
export function labelledCases(folder: string): LabelledCase[] {
  const [head = '', ...lines] = readFileSync(join(folder, 'labels.tsv'), 'utf8').trimEnd().split('\n');
  if (head !== COLUMNS.join('\t')) throw new Error(`labels.tsv must have the columns ${COLUMNS.join(', ')}`);
  return lines.flatMap(line => {
    const [file = '', object = '', , , expected = '', label = '', use] = line.split('\t');
    return use === 'yes' ? [{ file, object, label, isBad: expected.startsWith('fail') }] : [];
  });
}

/** How the table of disagreements calls it. */
export function nameOf({ file, object }: LabelledCase): string {
  return `${file.replace(/^labelled\//, '')}: ${object}`;
}

/** Does the rule find something in what the case speaks of, with the rest of its file beside it? */
export function isFound(rule: string, folder: string, { file, object }: LabelledCase): boolean {
  const errors: InputError[] = [];
  const text = readFileSync(join(folder, file), 'utf8');
  const reviews = [...reviewRevision([{ file, text }], undefined, TODAY, errors, OPENSHIFT).reviews];
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join('; ')}`);
  const meant = /^\d+ objects$/.test(object)
    ? reviews
    : object.split('; ').map(name => reviewOf(name, reviews, file));
  return meant.some(({ findings }) => findings.some(finding => finding.rule.id === rule));
}

function reviewOf(name: string, reviews: readonly Review[], file: string): Review {
  const found = reviews.find(({ object: { apiVersion, kind, namespace, name: own } }) => {
    return [apiVersion, kind, ...(namespace === null ? [] : [namespace]), own].join('/') === name;
  });
  if (!found) throw new Error(`${file} holds no ${name}`);
  return found;
}

/** Some cases are DeploymentConfigs, which premortem knows where it is told of them. */
const OPENSHIFT = readConfiguration(
  {
    file: 'premortem.yaml',
    text: `\
apiVersion: premortem.dev/v1
kind: Configuration
podTemplates:
  - group: apps.openshift.io
    kind: DeploymentConfig
    resource: deploymentconfigs
    versions: [v1]
    path: spec.template
`,
  },
  rules,
);
