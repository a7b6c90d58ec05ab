-- A contact centre's own systems: what they are told (webhooks) and how they ask (API keys).
-- interaction_events is the outbox; per endpoint and interaction one row says how far it was told.

create table webhook_endpoints (
  id text primary key,
  centre_id text not null references centres,
  url text not null,
  description text not null default '',
  -- whsec_… as Standard Webhooks writes it; kept readable, since every delivery is signed with it
  secret text not null,
  -- while a new secret makes its way to the receiver, deliveries carry both signatures
  old_secret text,
  old_secret_until bigint,
  -- empty for all
  event_types text[] not null default '{}',
  active boolean not null default true,
  -- why and since when it is off; a person, or the receiver itself by answering 410
  disabled_reason text,
  disabled_at bigint,
  created_by text not null,
  created_at bigint not null,
  changed_by text not null,
  changed_at bigint not null
);
create index webhook_endpoints_centre on webhook_endpoints (centre_id);

create table webhook_deliveries (
  endpoint_id text not null references webhook_endpoints on delete cascade,
  interaction_id text not null references interactions,
  centre_id text not null references centres,
  -- every event up to this seq was delivered, or was not asked for
  delivered_seq int not null default 0,
  -- dead: tried too often; later events wait behind it until somebody replays
  state text not null default 'active' check (state in ('active', 'dead')),
  -- tries of the event that stands next
  attempts int not null default 0,
  last_error text,
  last_error_at bigint,
  next_try_at bigint,
  delivered_at bigint,
  replayed_by text,
  replayed_at bigint,
  primary key (endpoint_id, interaction_id)
);
create index webhook_deliveries_trouble on webhook_deliveries (endpoint_id, last_error_at desc)
  where state = 'dead' or attempts > 0;
create index webhook_deliveries_latest on webhook_deliveries (endpoint_id, delivered_at desc);

create table api_keys (
  id text primary key,
  centre_id text not null references centres,
  name text not null,
  -- SHA-256 of ck_ and 256 random bits
  key_hash bytea not null unique,
  -- its last four characters, by which people tell keys apart
  hint text not null,
  scopes text[] not null,
  created_by text not null,
  created_at bigint not null,
  last_used_at bigint,
  revoked_by text,
  revoked_at bigint
);
create index api_keys_centre on api_keys (centre_id);

-- What was asked over HTTP under an Idempotency-Key, and the answer that every repetition gets.
create table api_requests (
  key_id text not null references api_keys,
  idempotency_key text not null,
  -- SHA-256 of method, path and body: the same key with another body is a mistake
  fingerprint bytea not null,
  claimed_at bigint not null,
  -- null while the first is under way
  status int,
  answer jsonb,
  primary key (key_id, idempotency_key)
);
create index api_requests_claimed on api_requests (claimed_at);
