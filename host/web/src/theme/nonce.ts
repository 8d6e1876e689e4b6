/**
 * The host's policy takes style sheets only with the nonce of its answer. The component library marks its own with it, but two
 * of its parts (the lock of scrolling behind a dialog, and the measuring of scroll bars) make theirs without: so every style
 * sheet that a script of ours makes gets it here. Style attributes in markup stay forbidden.
 */

export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

export function markStyleSheets() {
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) {
      element.nonce = nonce;
    }
    return element;
  };
}
