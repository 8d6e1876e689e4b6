/**
 * Both languages are complete, no text is left over, and none stands in the code: what people read is in `locales/`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import typescript from 'typescript';
import { describe, expect, test } from 'vitest';
import english from '../locales/en.ts';
import chinese from '../locales/zh-CN.ts';

/** Texts that are the same in both languages, and why. */
const SAME_IN_BOTH: Record<string, string> = {
  'indicator:share.fromTo': 'an arrow between two numbers',
  'questions:number': 'a dot between two names',
  'team:reason.quoted': 'both languages quote with the same marks',
};

/** Keys that are put together at run time, by their beginnings. */
const PUT_TOGETHER = [
  'day:recentKind.',
  'growth:event.',
  'growth:feedbackDimension.',
  'growth:kind.',
  'indicator:capture.',
  'indicator:cause.',
  'parts:factKind.',
  'questions:event.',
  'questions:none.',
  'questions:noneText.',
  'questions:state.',
  'problems:',
  'signIn:demo.role.',
  ...[
    'account.state.',
    'import.delimiters.',
    'indicators.direction.',
    'jobs.state.',
    'jobs.told.',
    'part.',
    'plugins.kind.',
    'tokens.scope.',
  ].map((key) => `setup:${key}`),
];

/** Attributes whose values people read or hear. */
const READ_ATTRIBUTES = new Set([
  'title',
  'alt',
  'placeholder',
  'label',
  'aria-label',
  'description',
  'content',
]);

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, before = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text === 'string') {
      found.set(before + key, text);
    } else {
      flat(text, `${before}${key}.`).forEach((value, name) => found.set(name, value));
    }
  }
  return found;
}

function all(language: Record<string, Texts>): Map<string, string> {
  const parts = Object.entries(language).map(([part, texts]) => [...flat(texts, `${part}:`)]);
  return new Map(parts.flat());
}

/** A language may have other plural forms than another one. */
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');

const en = all(english);
const zh = all(chinese);

const sources = readdirSync('src', { recursive: true })
  .map((name) => join('src', String(name)))
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('api/daybreak.ts'))
  .map((path) => ({
    path,
    file: typescript.createSourceFile(path, readFileSync(path, 'utf8'), typescript.ScriptTarget.Latest, true),
  }));

function visit(node: typescript.Node, each: (node: typescript.Node) => void) {
  each(node);
  node.forEachChild((child) => {
    visit(child, each);
  });
}

function everyNode(each: (node: typescript.Node, path: string) => void) {
  for (const { path, file } of sources) {
    visit(file, (node) => {
      each(node, path);
    });
  }
}

describe('texts', () => {
  test('are the same ones in both languages', () => {
    const keys = (texts: Map<string, string>) => [...new Set([...texts.keys()].map(withoutPlural))].sort();
    expect(keys(zh)).toEqual(keys(en));
  });

  test('take the same values in both languages', () => {
    const values = (text: string | undefined) =>
      [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of en) {
      if (zh.has(key)) {
        expect(values(zh.get(key)), key).toEqual(values(text));
      }
    }
  });

  test('are never empty', () => {
    expect([...en, ...zh].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('differ between the languages, unless they are listed', () => {
    const same = [...en].filter(([key, text]) => zh.get(key) === text && !(key in SAME_IN_BOTH));
    expect(same).toEqual([]);
    const needless = Object.keys(SAME_IN_BOTH).filter((key) => zh.get(key) !== en.get(key));
    expect(needless).toEqual([]);
  });

  test('are all used', () => {
    const words = new Set<string>();
    everyNode((node) => {
      if (typescript.isStringLiteralLike(node)) {
        words.add(node.text);
      }
    });
    const isUsed = (key: string) => {
      const name = withoutPlural(key);
      return (
        words.has(name) ||
        words.has(name.slice(name.indexOf(':') + 1)) ||
        PUT_TOGETHER.some((begin) => key.startsWith(begin))
      );
    };
    expect([...en.keys()].filter((key) => !isUsed(key))).toEqual([]);
  });

  test('stand in no code', () => {
    const found: string[] = [];
    const letters = /\p{L}{2,}/u;
    everyNode((node, path) => {
      if (typescript.isJsxText(node) && letters.test(node.text)) {
        found.push(`${path}: ${node.text.trim()}`);
      }
      const isText = typescript.isStringLiteralLike(node) || typescript.isTemplateHead(node);
      if (isText && /\p{Script=Han}/u.test(node.text)) {
        found.push(`${path}: ${node.text}`);
      }
      if (typescript.isJsxAttribute(node) && READ_ATTRIBUTES.has(node.name.getText())) {
        const value = node.initializer;
        if (value !== undefined && typescript.isStringLiteral(value) && letters.test(value.text)) {
          found.push(`${path}: ${node.getText()}`);
        }
      }
      if (
        typescript.isJsxExpression(node) &&
        node.expression !== undefined &&
        !typescript.isJsxAttribute(node.parent)
      ) {
        if (typescript.isStringLiteralLike(node.expression) && letters.test(node.expression.text)) {
          found.push(`${path}: ${node.getText()}`);
        }
      }
    });
    expect(found).toEqual([]);
  });
});
