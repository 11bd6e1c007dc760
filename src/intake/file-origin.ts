import type { Edit } from '../kubernetes/edit.ts';
import { parseYaml, type YamlDocument, type YamlFile } from '../kubernetes/yaml.ts';
import { editYaml } from '../kubernetes/yaml-edit.ts';
import type { Edited, Origin } from '../model/origin.ts';
import type { Path } from '../model/path.ts';
import { placeInBlock } from './embedded-place.ts';

/** An object that stands in a document of a file, at `root` where the document is a list of them. */
export class FileOrigin implements Origin {
  readonly file: string;
  readonly #yaml: YamlFile;
  readonly #document: YamlDocument;
  readonly #root: Path;
  #template: string | undefined;

  constructor(file: string, yaml: YamlFile, document: YamlDocument, root: Path = []) {
    this.file = file;
    this.#yaml = yaml;
    this.#document = document;
    this.#root = root;
  }

  /** The same, where it is known to have been rendered from a template. */
  renderedFrom(template: string): FileOrigin {
    const rendered = new FileOrigin(this.file, this.#yaml, this.#document, this.#root);
    rendered.#template = template;
    return rendered;
  }

  /** Helm begins each document that it renders with `# Source: <template>` (helm pkg/action/action.go). */
  get template(): string | undefined {
    if (this.#template !== undefined) return this.#template;
    const { start, end } = this.#document.span;
    const head = this.#yaml.text.slice(start, Math.min(end, start + 1000));
    return /^\s*# Source: ([^\n\r]{1,500})/.exec(head)?.[1]?.trim();
  }

  locate(path: Path): ReturnType<Origin['locate']> {
    const { text } = this.#yaml;
    let place = [...this.#root, ...path];
    let found = this.#document.locate(place);
    while (!found && place.length > 0) {
      place = place.slice(0, -1);
      found = this.#document.locate(place);
    }
    const span = found?.key ?? found?.value ?? this.#document.span;
    const start = { ...this.#yaml.positionAt(span.start), length: span.end - span.start };
    // A path may lead on into a text that is YAML itself.
    const inner = path.slice(Math.max(0, place.length - this.#root.length));
    const block = inner.length > 0 && found ? text.slice(found.value.start, found.value.end) : '';
    const deeper = block === '' ? undefined : placeInBlock(block, inner);
    const line = found && deeper ? this.#yaml.positionAt(found.value.start).line + deeper.line : start.line;
    const { column, length } = deeper ? { column: deeper.column + 1, length: deeper.length } : start;
    const lineEnd = this.lineText(line).length + 1;
    return { line, column, length: Math.max(1, Math.min(length, lineEnd - column)) };
  }

  lineText(line: number): string {
    return this.#yaml.lineText(line);
  }

  edited(edits: readonly Edit[]): Edited | undefined {
    // The document alone: a file may hold thousands.
    const { start, end } = this.#document.span;
    const part = parseYaml(this.#yaml.text.slice(start, end));
    const [alone, ...others] = part.documents;
    if (!alone || others.length > 0) return undefined;
    const rooted = edits.map(edit => this.#rooted(edit));
    const after = editYaml(part, alone, rooted);
    return after === undefined
      ? undefined
      : { before: part.text, after, start, line: this.#yaml.positionAt(start).line };
  }

  #rooted(edit: Edit): Edit {
    const path = [...this.#root, ...edit.path];
    return edit.op === 'move' ? { ...edit, path, from: [...this.#root, ...edit.from] } : { ...edit, path };
  }
}
