import { conform } from '../kubernetes/conform.ts';
import { kindOf } from '../kubernetes/kinds.ts';
import { isMapping, type KubeObject } from '../kubernetes/object.ts';
import { parseYaml, type YamlError, type YamlFile } from '../kubernetes/yaml.ts';
import { isConfiguration } from '../model/configuration.ts';
import { formatPath, type Path } from '../model/path.ts';
import type { InputError } from '../model/report.ts';
import { known, type Subject } from '../model/subject.ts';
import { FileOrigin } from './file-origin.ts';
import type { Source } from './sources.ts';

/** An object as it stands in a file. */
export interface FileObject {
  object: KubeObject;
  origin: FileOrigin;
}

const TEMPLATE = 'this is a Helm template, not a manifest: pipe `helm template` into `premortem check -`';
/** What is rendered only while a Namespace is not there yet, an upgrade deletes, and `helm template` alone shows none of it. */
const ASKING =
  'this is a Helm template, not a manifest, and an upgrade may render another one than an install: pipe ' +
  '`helm template --is-upgrade --dry-run=server` into `premortem check --before FILE -`, FILE being what ' +
  '`helm get manifest` shows';

const COREFILE =
  'this is a Corefile, not a manifest: check the ConfigMap that it comes to the cluster in, as kustomize build writes it';

/** What one source holds. */
export interface ReadObjects {
  objects: FileObject[];
  /** One for each document, or item of a list, that could not be read. */
  errors: InputError[];
  /** Values that have another form than the declared one; the objects are without them. */
  misfits: InputError[];
}

/**
 * The Kubernetes objects of one source. Documents of other kinds of YAML (a chart's values, say) are passed over, and
 * so is a configuration of premortem; documents that cannot be read are errors, and do not hide the others. Those
 * whose text is not `wanted` are passed over as well.
 */
export function readObjects({ file, text }: Source, wanted?: (source: string) => boolean): ReadObjects {
  if (/(?:^|[\\/])Corefile$/.test(file)) {
    return { objects: [], errors: [{ file, line: null, column: null, message: COREFILE }], misfits: [] };
  }
  const yaml = parseYaml(text, wanted);
  const errors = errorsOf(yaml).map(error => ({ file, ...error }));
  const misfitting: InputError[] = [];
  const objects: FileObject[] = [];
  for (const document of yaml.documents) {
    const errorAt = (path: Path, message: string) => {
      const { line, column } = new FileOrigin(file, yaml, document).locate(path);
      return { file, line, column, message };
    };
    const fail = (path: Path, message: string) => errors.push(errorAt(path, message));
    for (const { value, path } of objectsIn(document.value, fail)) {
      const { object, misfits } = conform(value);
      objects.push({ object, origin: new FileOrigin(file, yaml, document, path) });
      if (isTemplate(object)) fail(path, adviceOn(text));
      for (const misfit of misfits) {
        const message = `${formatPath(misfit.path, object)} must be ${misfit.expected}`;
        misfitting.push(errorAt([...path, ...misfit.path], message));
      }
    }
  }
  return { objects, errors, misfits: misfitting };
}

/** What applying the files means: every object is made, or changed where the previous revision had it. */
export function subjectOf(
  { object, origin }: Required<Pick<Subject, 'object' | 'origin'>>,
  previous: KubeObject | undefined,
): Subject {
  const state = { origin, object, asWritten: known(object) };
  const kind = kindOf(object);
  if (!previous) return { operation: 'CREATE', kind, ...state };
  return { operation: 'UPDATE', kind, ...state, previous: { object: previous, asWritten: known(previous) } };
}

/** Of a template, which is broken wherever there is anything in braces, the first error says it all. */
function errorsOf({ text, errors, lineText }: YamlFile): YamlError[] {
  const template = errors.find(({ line }) => lineText(line).includes('{{'));
  return template ? [{ ...template, message: adviceOn(text) }] : errors;
}

function adviceOn(template: string): string {
  const asks = /\{\{[^{}]*(?:\blookup\s+"|\.Release\.Is(?:Install|Upgrade)\b)/.test(template);
  return asks ? ASKING : TEMPLATE;
}

/** A template may be YAML all the same, as long as everything in braces is quoted. */
function isTemplate({ metadata }: KubeObject): boolean {
  return typeof metadata?.name === 'string' && metadata.name.includes('{{');
}

/** The objects of a document, which may be a list of them, and where in the document they stand. */
function* objectsIn(
  value: unknown,
  fail: (path: Path, message: string) => unknown,
): Generator<{ value: KubeObject; path: Path }> {
  if (!isMapping(value) || typeof value.kind !== 'string' || typeof value.apiVersion !== 'string') return;
  if (isConfiguration(value)) return;
  if (!value.kind.endsWith('List') || !Object.hasOwn(value, 'items')) {
    yield { value, path: [] };
    return;
  }
  if (!Array.isArray(value.items)) {
    fail(['items'], 'items must be a list');
    return;
  }
  // Typed lists may leave out the kind of their items.
  const kind = value.kind === 'List' ? {} : { apiVersion: value.apiVersion, kind: value.kind.slice(0, -4) };
  for (const [index, item] of value.items.entries()) {
    const path = ['items', index];
    const object: KubeObject = isMapping(item) ? { ...kind, ...item } : {};
    if (typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') {
      fail(path, 'an item of a list must be an object with apiVersion and kind');
    } else if (object.kind.endsWith('List')) {
      fail(path, 'kubectl does not apply a list inside a list');
    } else {
      yield { value: object, path };
    }
  }
}
