import { startPlatform } from './support/platform.ts';
import { toAccount, withFaults } from './histories/endings.ts';
import { aTransfer } from './support/people.ts';
const ps = await Promise.all([0, 1, 2].map(() => startPlatform({ tamper: withFaults })));
for (let i = 0; i < 12; i++) {
  await Promise.all(ps.map(async (platform, n) => {
    const t0 = Date.now();
    const members = (['accepted', 'rejected', 'told500', 'reset', 'turnedAway'] as const).map((a) => toAccount(platform, a));
    await Promise.all([platform.accept('instant', members).catch((e) => console.log('accept', String(e))), platform.accept('book', [aTransfer(platform.people, { amount: '1', reference: 'slow' })]).catch(() => 0)]);
    try { await platform.settled(); console.log(i, n, Date.now() - t0); } catch (e) {
      console.log('STUCK', i, n, String(e), platform.client.options.namespace);
      const { rows } = await platform.pools.root.query("select t.id, t.state, t.next_what, t.next_at, t.carrier, t.created_by_group, t.attention_reason, (select json_agg(json_build_object('e', event, 'at', created_at, 'ev', evidence) order by version) from ledger.event e where e.transfer_id = t.id) ev, (select json_agg(s) from ledger.send s where s.transfer_id = t.id) sends from ledger.transfer t where t.state in ('scheduled','submitting','unknown')");
      console.log(JSON.stringify(rows, null, 1));
      for await (const w of platform.client.workflow.list({ query: "ExecutionStatus='Running'" })) {
        const d = await platform.client.workflow.getHandle(w.workflowId).describe();
        console.log(w.workflowId, JSON.stringify(d.raw.pendingActivities?.map((a) => ({ t: a.activityType?.name, s: a.state, at: a.attempt, f: a.lastFailure?.message }))), JSON.stringify(d.raw.pendingWorkflowTask));
      }
      process.exit(1);
    }
  }));
}
for (const p of ps) await p.end();
process.exit(0);
