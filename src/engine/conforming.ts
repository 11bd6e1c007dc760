import { conform } from '../kubernetes/conform.ts';
import { applyEdit } from '../kubernetes/edit.ts';
import { type Kind, PodTemplate } from '../kubernetes/kinds.ts';
import { type KubeObject, valueAt } from '../kubernetes/object.ts';
import type { Subject } from '../model/subject.ts';

/**
 * The subject without the values that have another form than the declared one; undefined where there are none. The API
 * server refuses such objects of the kinds that it brings itself, but of a custom kind it may keep anything.
 */
export function conforming(subject: Subject): Subject | undefined {
  const { kind, object, previous } = subject;
  const tidy = conformed(object, kind);
  const tidyBefore = previous && conformed(previous.object, kind);
  if (tidy === object && tidyBefore === previous?.object) return undefined;
  return {
    ...subject,
    object: tidy,
    ...(previous && tidyBefore && { previous: { ...previous, object: tidyBefore } }),
  };
}

function conformed(object: KubeObject, kind: Kind<unknown> | undefined): KubeObject {
  const whole = conform(object).object;
  const path = kind?.podTemplate;
  const [at] = PodTemplate.podTemplate ?? [];
  if (!path?.length || at === undefined) return whole;
  // Of a custom kind nothing else is of a declared form.
  const alone = { apiVersion: 'v1', kind: PodTemplate.name, [at]: valueAt(whole, path) };
  const { object: tidy } = conform(alone);
  if (tidy === alone) return whole;
  return applyEdit(whole, { op: 'set', path, value: tidy[at] ?? null }) as KubeObject;
}
