/** Enough of a component's digest to tell two apart; the whole of it stands beside it. */
const SHOWN = 12;

export function shortDigest(component: string): string {
  const [name, hex] = component.includes(':') ? component.split(':', 2) : ['', component];
  return `${name === '' ? '' : `${name}:`}${(hex ?? '').slice(0, SHOWN)}…`;
}
