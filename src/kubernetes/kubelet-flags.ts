import { isMapping, own } from './object.ts';

/** One flag of the kubelet, by the name that KubeletConfiguration has for it. */
export interface KubeletFlag {
  readonly flag: string;
  readonly value: unknown;
  /** Where the text of its value stands. */
  readonly path: readonly (string | number)[];
}

/** k8s cmd/kubelet/app/options/options.go */
const FLAGS: Readonly<Record<string, [field: string, read: (text: string) => unknown]>> = {
  'serialize-image-pulls': ['serializeImagePulls', text => text === 'true'],
  'kube-api-qps': ['kubeAPIQPS', Number],
  'kube-api-burst': ['kubeAPIBurst', Number],
  'event-qps': ['eventRecordQPS', Number],
  'pod-max-pids': ['podPidsLimit', Number],
  'eviction-hard': ['evictionHard', pairs('<')],
  'eviction-soft': ['evictionSoft', pairs('<')],
  'kube-reserved': ['kubeReserved', pairs('=')],
  'system-reserved': ['systemReserved', pairs('=')],
  'cluster-dns': ['clusterDNS', text => text.split(',')],
};

/**
 * Kubeadm's `kubeletExtraArgs`: a mapping, or since kubeadm v1beta4 and Cluster API v1beta2 a list of names and values,
 * of which the last one counts.
 */
export function readKubeletFlags(
  args: unknown,
  path: readonly (string | number)[],
): Map<string, KubeletFlag> {
  const flags = new Map<string, KubeletFlag>();
  const add = (name: unknown, text: unknown, at: readonly (string | number)[]) => {
    if (typeof name !== 'string' || typeof text !== 'string' || !Object.hasOwn(FLAGS, name)) return;
    const [field, read] = FLAGS[name] ?? [];
    if (field && read) flags.set(field, { flag: name, value: read(text), path: [...path, ...at] });
  };
  if (Array.isArray(args)) {
    for (const [index, arg] of args.entries()) add(own(arg, 'name'), own(arg, 'value'), [index, 'value']);
  } else if (isMapping(args)) {
    for (const [name, text] of Object.entries(args)) add(name, text, [name]);
  }
  return flags;
}

/** As a flag takes it: `{'memory.available': '100Mi'}` → `memory.available<100Mi`. */
export function flagText(flag: string, value: unknown): string {
  if (!isMapping(value)) return String(value);
  const sign = flag.startsWith('eviction') ? '<' : '=';
  return Object.entries(value)
    .map(([key, each]) => `${key}${sign}${each}`)
    .join(',');
}

/** What is no list of pairs, a placeholder say, stays the text that it is. */
function pairs(sign: string): (text: string) => Record<string, string> | string {
  return text => {
    const entries = text.split(',').map(pair => pair.split(sign).map(part => part.trim()));
    const named = entries.filter(([key]) => key);
    if (named.some(([, value]) => value === undefined)) return text;
    return Object.fromEntries(named.map(([key = '', value = '']) => [key, value]));
  };
}
