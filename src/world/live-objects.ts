import type { Kind } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Answer } from '../model/subject.ts';

export interface LiveObjects {
  get(
    kind: Kind<unknown>,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<Answer<KubeObject | undefined>>;
}
