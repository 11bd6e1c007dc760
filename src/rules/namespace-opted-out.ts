import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import { rule } from '../model/rule.ts';
import { labelledMode, MODE_LABEL, strictest } from '../model/verdict.ts';

export default rule({
  id: 'namespace-opted-out',
  title: 'A Namespace gives up its protection',
  severity: 'warn',
  lessons: [datadogNamespace.lessons.oneCallDeletesEverything],
  why:
    `The label ${MODE_LABEL} decides what is checked in a namespace, and whether it can be deleted without being asked. ` +
    'Manifests that are applied without it, by a tool or from an old branch, take it away in passing.',
  unless: 'the namespace is to be left alone from now on',
  kinds: [Namespace],
  operations: ['UPDATE'],
  *check({ object, previous }) {
    const [was, is] = [labelledMode(previous), labelledMode(object)];
    if (was === undefined || strictest([was, is]) === is) return;
    const name = object.metadata?.name;
    const label = `${MODE_LABEL}=${was}`;
    yield {
      path: ['metadata', 'labels', MODE_LABEL],
      what:
        is === undefined
          ? `this Namespace leaves mode ${was}: nothing in it is checked any more, and it can be deleted unasked`
          : `this Namespace goes from mode ${was} to ${is}, in which less is ${was === 'enforce' ? 'refused' : 'told'}`,
      fix: () => `kubectl label --overwrite namespace ${name} ${label}`,
      edits: [{ op: 'set', path: ['metadata', 'labels', MODE_LABEL], value: was }],
    };
  },
});
