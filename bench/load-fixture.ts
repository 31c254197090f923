import { createPoster } from './post.ts';

/** Many accounts with money, and bodies of transfers between random ones of them. */
export type LoadFixture = { body: () => string; close: () => Promise<void> };

/** 10,000,000.00: nobody runs out of one-cent transfers. */
const opening = '1000000000';
const sideBySide = 16;

/** Opens the accounts and pays each of them from a funding account of its own, through the API like everybody. */
export async function createLoadFixture({
  api,
  key,
  accounts,
  rail,
}: {
  api: string;
  key: string;
  accounts: number;
  rail: 'book' | 'instant';
}): Promise<LoadFixture> {
  const { post, close } = createPoster({ api, key, connections: sideBySide });
  const funding = await post('/v1/accounts', { name: 'Bench outside', currency: 'USD', kind: 'funding' });
  const ids: string[] = [];
  const settle = async () => {
    while (ids.length < accounts) {
      const place = ids.push('') - 1;
      const id = await post('/v1/accounts', { name: `Bench ${place}`, currency: 'USD' });
      await post('/v1/transfers', transferOf({ from: funding, to: id, amount: opening }));
      ids[place] = id;
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, settle));

  const anyone = () => Math.floor(Math.random() * ids.length);
  const body = () => {
    const from = anyone();
    // Anybody but the payer.
    const to = (from + 1 + Math.floor(Math.random() * (ids.length - 1))) % ids.length;
    const source = ids[from] ?? '';
    if (rail === 'book') return JSON.stringify(transferOf({ from: source, to: ids[to] ?? '', amount: '1' }));
    const bank = { routing_number: '021000021', account_number: '000000001', name: 'Somebody Else' };
    return JSON.stringify({ ...transferOf({ from: source, to: '', amount: '1' }), rail, destination: { bank } });
  };
  return { body, close };
}

const transferOf = ({ from, to, amount }: { from: string; to: string; amount: string }) => ({
  amount,
  currency: 'USD',
  rail: 'book',
  source: { account_id: from },
  destination: { account_id: to },
});
