/** What was entered survives a page that is loaded again, and is gone when the host has it. */
import { act, renderHook } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { forgetDrafts, useDraft } from '../src/parts/useDraft.ts';

beforeEach(() => {
  localStorage.clear();
});

test('a draft is there again, until it is done', () => {
  const first = renderHook(() => useDraft('question.7', ''));
  expect(first.result.current.wasKept).toBe(false);
  act(() => {
    first.result.current.keep('The visit of 3 June is missing.');
  });
  first.unmount();

  const again = renderHook(() => useDraft('question.7', ''));
  expect(again.result.current).toMatchObject({ value: 'The visit of 3 June is missing.', wasKept: true });
  expect(renderHook(() => useDraft('question.8', '')).result.current.value).toBe('');
  act(() => {
    again.result.current.done();
  });
  expect(renderHook(() => useDraft('question.7', '')).result.current).toMatchObject({
    value: '',
    wasKept: false,
  });
});

test('whoever signs out leaves no drafts behind', () => {
  const { result } = renderHook(() => useDraft('question.7', ''));
  act(() => {
    result.current.keep('A text');
  });
  localStorage.setItem('another', 'thing');
  forgetDrafts();
  expect(renderHook(() => useDraft('question.7', '')).result.current.value).toBe('');
  expect(localStorage.getItem('another')).toBe('thing');
});

test('a device that keeps nothing does not stop anybody from sending or signing out', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('localStorage', new Proxy({}, { get: () => refuse, ownKeys: refuse }));
  const { result } = renderHook(() => useDraft('question.7', ''));
  act(() => {
    result.current.keep('A text');
  });
  expect(result.current.value).toBe('A text');
  act(() => {
    result.current.done();
  });
  expect(result.current.value).toBe('');
  expect(forgetDrafts).not.toThrow();
  vi.unstubAllGlobals();
});

test('something else under the name of a draft is no draft', () => {
  localStorage.setItem('daybreak.draft.question.7', '{broken');
  expect(renderHook(() => useDraft('question.7', 'empty')).result.current.value).toBe('empty');
});
