/** Before all tests: the company is made, and everybody chooses a password with their link. */
import { make, PASSWORD } from './company.ts';
import { serve } from './host.ts';

export default async function setup() {
  const links = make();
  const host = await serve();
  for (const secret of Object.values(links)) {
    const answer = await fetch(`${host.address}/api/v1/links/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, password: PASSWORD }),
    });
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
  }
  await host.stop();
}
