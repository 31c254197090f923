-- execute: quittance_api, quittance_worker, quittance_reader

-- A UUIDv7 for an instant: its first 48 bits are the milliseconds, so ids sort by time. Made here
-- because an entry's id is made in its commit.
create or replace function ledger.uuid_v7(p_at timestamptz) returns uuid
language sql volatile parallel safe
  return encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from p_at) * 1000)::bigint) from 3)
          from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid;

-- The instant inside a UUIDv7.
create or replace function ledger.uuid_time(p_id uuid) returns timestamptz
language sql immutable parallel safe
  return to_timestamp(
    ('x' || lpad(replace(left(p_id::text, 13), '-', ''), 16, '0'))::bit(64)::bigint / 1000.0);
