import { conform } from '../kubernetes/conform.ts';
import { applyEdit } from '../kubernetes/edit.ts';
import { builtInKinds, type Kind, PodTemplate } from '../kubernetes/kinds.ts';
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
  const path = kind?.podTemplate;
  if (!kind || !path || builtInKinds.includes(kind as Kind)) return conform(object).object;
  // Of a custom kind only its pod template is of a declared form.
  const template = valueAt(object, path);
  const [whole] = PodTemplate.podTemplate ?? [];
  if (template === undefined || whole === undefined) return object;
  const alone = { apiVersion: 'v1', kind: PodTemplate.name, [whole]: template };
  const tidy = conform(alone).object;
  if (tidy === alone) return object;
  return applyEdit(object, { op: 'set', path, value: tidy[whole] ?? null }) as KubeObject;
}
