import { startedBy } from './command.ts';
import { own } from './object.ts';

/** What a container's manifest lets the memory of its program grow to. */
export interface HeapSize {
  /** As it is written: `-Xmx2g`. */
  option: string;
  /** Where: `env JAVA_OPTS`, or `its command`. */
  where: string;
  bytes: number;
  /** Does it leave out what the program needs beside its heap: threads, code, buffers? */
  heapAlone: boolean;
}

/** Binary in all three, with or without the i. */
const FACTORS: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Options of the JVM (java(1): bytes, or k, m, g, t in either case) and of Node.js (node --v8-options: MiB). */
const OPTION =
  /-(?<=(?:^|[\s"'=,])-)(?:Xmx|XX:MaxHeapSize=|-max[-_]old[-_]space[-_]size[= ])(\d{1,15})([kmgtKMGT]?)(?![^\s"',;)&|])/g;

/** Told faster, and there in few containers. */
const PERHAPS = /Xmx|HeapSize|max[-_]old/;

/** Go's soft limit of all that its runtime uses (pkg.go.dev/runtime, Environment Variables). */
const GO_LIMIT = /^(\d{1,15})(?:([KMGT])i)?B?$/;

/** They set up processes that run in other containers. */
const OF_OTHERS = /AGENT|EXECUTOR|SLAVE/;

/**
 * The sizes that the environment and the command line of a container set for the heap of its program. What is filled
 * in elsewhere (`$(HEAP)`, valueFrom) cannot be told.
 */
export function heapSizes(container: object): HeapSize[] {
  const sizes = optionsIn(startedBy(container).join(' '), 'its command');
  const env = own(container, 'env');
  for (const variable of Array.isArray(env) ? env : []) {
    const [name, value] = [own(variable, 'name'), own(variable, 'value')];
    if (typeof name !== 'string' || typeof value !== 'string' || OF_OTHERS.test(name)) continue;
    if (name === 'GOMEMLIMIT') sizes.push(...goLimit(value.trim()));
    else sizes.push(...optionsIn(value, `env ${name}`));
  }
  return sizes;
}

function optionsIn(text: string, where: string): HeapSize[] {
  if (!PERHAPS.test(text)) return [];
  return [...text.matchAll(OPTION)].flatMap(([option, digits, unit = '']) => {
    const isNode = option.startsWith('--');
    if (isNode && unit !== '') return [];
    const bytes = Number(digits) * (FACTORS[isNode ? 'm' : unit.toLowerCase()] ?? 1);
    return [{ option, where, bytes, heapAlone: true }];
  });
}

function goLimit(value: string): HeapSize[] {
  const [, digits, unit = ''] = GO_LIMIT.exec(value) ?? [];
  if (digits === undefined) return [];
  const bytes = Number(digits) * (FACTORS[unit.toLowerCase()] ?? 1);
  return [{ option: value, where: 'env GOMEMLIMIT', bytes, heapAlone: false }];
}
