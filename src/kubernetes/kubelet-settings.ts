import type { Edit } from './edit.ts';
import { embedded } from './embedded-yaml.ts';
import { ConfigMap, type Kind } from './kinds.ts';
import { flagText, readKubeletFlags } from './kubelet-flags.ts';
import {
  EC2NodeClass,
  InitConfiguration,
  JoinConfiguration,
  KubeadmConfig,
  KubeadmConfigTemplate,
  KubeadmControlPlane,
  KubeadmControlPlaneTemplate,
  KubeletConfig,
  KubeletConfiguration,
  NodePool,
} from './node-kinds.ts';
import { isMapping, own, type Path, valueAt } from './object.ts';
import { snippet } from './snippet.ts';

/** What one place of a manifest tells a kubelet. */
export interface KubeletSettings {
  /** By the names of KubeletConfiguration (k8s staging/src/k8s.io/kubelet/config/v1beta1/types.go). */
  readonly values: Readonly<Record<string, unknown>>;
  /** Is what is left out here left to the kubelet's defaults, or may it stand elsewhere? */
  readonly whole: boolean;
  /** Does a mapping that stands here take the place of any other, or are their keys put together? */
  readonly replaces: boolean;
  /** What its author calls the field: its own name, or the flag's. */
  nameOf(field: string): string;
  /** Where a field, or a key of it, stands or would stand. Within a text the path leads on into that. */
  pathOf(field: string, key?: string): Path;
  /** A field as it should be, or one key of it, to paste; edits where they are mechanical. */
  written(field: string, value: unknown, key?: string): { lines: string; edits: Edit[] };
}

/** The kinds that {@link kubeletSettings} knows. */
export const kindsOfKubelets = [
  KubeletConfiguration,
  ConfigMap,
  InitConfiguration,
  JoinConfiguration,
  KubeadmControlPlane,
  KubeadmControlPlaneTemplate,
  KubeadmConfig,
  KubeadmConfigTemplate,
  NodePool,
  EC2NodeClass,
  KubeletConfig,
] as const;

/** Where Cluster API keeps what kubeadm is told. */
const KUBEADM_SPECS = new Map<Kind<unknown> | undefined, Path>([
  [KubeadmControlPlane, ['spec', 'kubeadmConfigSpec']],
  [KubeadmControlPlaneTemplate, ['spec', 'template', 'spec', 'kubeadmConfigSpec']],
  [KubeadmConfig, ['spec']],
  [KubeadmConfigTemplate, ['spec', 'template', 'spec']],
]);

/** Where some fields stand that are put over a configuration which the manifest does not hold. */
const PATCHES = new Map<Kind<unknown> | undefined, Path>([
  [NodePool, ['spec', 'template', 'spec', 'kubelet']],
  [EC2NodeClass, ['spec', 'kubelet']],
  [KubeletConfig, ['spec', 'kubeletConfig']],
]);

const KIND = 'KubeletConfiguration';
const EXTRA_ARGS = ['nodeRegistration', 'kubeletExtraArgs'];
/** Where kubeadm looks for patches, and the kubelet for files to put over its configuration. */
const PATCH_FILE = /\/patches\/|\.d\//;

/** Every place in a manifest at which kubelets are configured. Takes any object. */
export function* kubeletSettings(
  object: object,
  kind: Kind<unknown> | undefined,
): Generator<KubeletSettings> {
  const spec = KUBEADM_SPECS.get(kind);
  const patch = PATCHES.get(kind);
  if (kind === KubeletConfiguration) yield fields({ ...object }, [], true);
  else if (kind === ConfigMap) {
    for (const [key, text] of Object.entries(Object(own(object, 'data'))))
      yield* texts(text, ['data', key], true);
  } else if (kind === InitConfiguration || kind === JoinConfiguration) yield* flags(object, EXTRA_ARGS);
  else if (patch) yield* patches(object, patch);
  else if (spec) {
    yield* flags(object, [...spec, 'initConfiguration', ...EXTRA_ARGS]);
    yield* flags(object, [...spec, 'joinConfiguration', ...EXTRA_ARGS]);
    const files = valueAt(object, [...spec, 'files']);
    for (const [index, file] of (Array.isArray(files) ? files : []).entries()) {
      const name = own(file, 'path');
      const whole = typeof name !== 'string' || !PATCH_FILE.test(name);
      yield* texts(own(file, 'content'), [...spec, 'files', index, 'content'], whole);
    }
  }
}

function* patches(object: object, path: Path): Generator<KubeletSettings> {
  const values = valueAt(object, path);
  if (isMapping(values)) yield fields(values, path, false);
}

function fields(values: Record<string, unknown>, base: Path, whole: boolean): KubeletSettings {
  const pathOf = (...steps: string[]) => [...base, ...steps];
  return {
    values,
    whole,
    replaces: whole,
    nameOf: field => field,
    pathOf,
    written: (field, value, key) => {
      const path = key === undefined ? pathOf(field) : pathOf(field, key);
      return { lines: snippet(path, value), edits: [{ op: 'set', path, value }] };
    },
  };
}

/** In a text nothing can be edited, so that the lines alone are told. */
function* texts(text: unknown, base: Path, whole: boolean): Generator<KubeletSettings> {
  for (const values of embedded(text, KIND)) {
    yield {
      ...fields(values, base, whole),
      written: (field, value, key) => ({
        lines: `in the text of ${base.at(-1)}:\n${snippet(key === undefined ? [field] : [field, key], value)}`,
        edits: [],
      }),
    };
  }
}

/** Flags take the place of what the file says (k8s cmd/kubelet/app/server.go). */
function* flags(object: object, base: Path): Generator<KubeletSettings> {
  const found = readKubeletFlags(valueAt(object, base), base);
  if (found.size === 0) return;
  const values = Object.fromEntries([...found].map(([field, { value }]) => [field, value]));
  const pathOf = (field: string) => found.get(field)?.path ?? base;
  yield {
    values,
    whole: false,
    replaces: true,
    nameOf: field => found.get(field)?.flag ?? field,
    pathOf,
    written: (field, value, key) => {
      const given = found.get(field);
      if (!given) return { lines: '', edits: [] };
      const text = flagText(
        given.flag,
        key === undefined ? value : { ...Object(values[field]), [key]: value },
      );
      const path = pathOf(field);
      return { lines: snippet(path, text, object), edits: [{ op: 'set', path, value: text }] };
    },
  };
}
