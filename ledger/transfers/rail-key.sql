-- execute: quittance_api, quittance_worker, quittance_reader

-- The rail key of an attempt: the same encoding as toRailKey in domain/ids.ts; a test compares the
-- two. The 128 bits of the id are taken five at a time, with two zeros before them.
create or replace function ledger.rail_key(p_transfer uuid, p_attempt int) returns text
language plpgsql immutable parallel safe as $$
declare
  v_digits constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  v_bits constant bit(130) :=
    (b'00' || ('x' || replace(p_transfer::text, '-', ''))::bit(128))::bit(130);
  v_text text := '';
begin
  for i in 0..25 loop
    v_text := v_text
      || substr(v_digits, substring(v_bits from i * 5 + 1 for 5)::bit(5)::int + 1, 1);
  end loop;
  return v_text || 'Q' || substr(v_digits, p_attempt, 1);
end $$;
