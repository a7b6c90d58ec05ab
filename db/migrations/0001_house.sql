-- The house: a contact centre owns every row, and no query crosses from one to another.
-- Times the domain decides on are bigint milliseconds since the epoch, given by the service's
-- clock; times that only people read are timestamptz.

create table centres (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table customers (
  id text primary key,
  centre_id text not null references centres,
  -- the customer's number in the operator's or hospital's own books
  reference text not null,
  name text not null,
  address text,
  number text,
  unique (centre_id, reference)
);

create table queues (
  id text primary key,
  centre_id text not null references centres,
  name text not null,
  ord int not null,
  operator text not null default '*',
  model text not null default '*',
  region text not null default '*',
  skills text[] not null default '{}',
  unique (centre_id, ord)
);

create table agents (
  id text primary key,
  centre_id text not null references centres,
  email text not null,
  name text not null,
  -- argon2id in PHC string format
  password_hash text not null,
  roles text[] not null default '{agent}',
  skills text[] not null default '{}',
  customers_looked_after text[] not null default '{}',
  capacity int not null default 1 check (capacity between 1 and 20),
  -- what the agent's computer told when it registered last
  told jsonb,
  told_at timestamptz
);
create unique index agents_email on agents (lower(email));
create index agents_centre on agents (centre_id);

-- Presence and work (src/agent): one row an agent, replaced under its version.
create table agent_records (
  agent_id text primary key references agents,
  centre_id text not null references centres,
  version int not null,
  record jsonb not null,
  connected boolean not null,
  free boolean not null,
  free_since bigint not null
);
create index agent_records_free on agent_records (centre_id, free_since) where free;

create table tvs (
  id text primary key,
  centre_id text not null references centres,
  serial text not null,
  -- SHA-256 of a secret of 256 random bits
  secret_hash bytea not null,
  name text not null,
  customer_id text references customers,
  -- what the TV told when it registered last: form, models, firmware, capabilities, user, wanted representative …
  told jsonb,
  remote_address text,
  last_heard_at bigint,
  connected boolean not null default false,
  created_at timestamptz not null default now(),
  unique (centre_id, serial)
);
create index tvs_serial on tvs (serial);

create table sessions (
  token_hash bytea primary key,
  centre_id text not null references centres,
  kind text not null check (kind in ('tv', 'agent')),
  subject_id text not null,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint
);
create index sessions_subject on sessions (subject_id);

-- RFC 8628: a TV without credentials shows a code; a signed-in person confirms it.
create table pairings (
  device_code_hash bytea primary key,
  user_code text not null unique,
  model text not null,
  serial text,
  status text not null check (status in ('pending', 'confirmed', 'denied', 'claimed')),
  -- null until a signed-in person says whose TV it is
  centre_id text references centres,
  -- what that person said: the TV's name and whose it is; the TV itself is made when it claims its credentials
  name text,
  customer jsonb,
  tv_id text references tvs,
  interval_s int not null,
  polled_at bigint,
  expires_at bigint not null
);

create table catalogues (
  centre_id text not null references centres,
  version int not null,
  entries jsonb not null,
  published_by text not null,
  published_at bigint not null,
  note text not null default '',
  primary key (centre_id, version)
);

create table catalogue_drafts (
  centre_id text primary key references centres,
  revision int not null,
  entries jsonb not null,
  edited_by text not null,
  edited_at bigint not null
);

create table interactions (
  id text primary key,
  centre_id text not null references centres,
  tv_id text not null references tvs,
  -- the snapshot's version is the seq of the last event
  version int not null,
  snapshot jsonb not null,
  -- drawn out of the snapshot for the line, the desktop's lists and reports
  state text not null,
  agent_id text references agents,
  queue_id text references queues,
  priority int not null default 0,
  arrived_at bigint,
  opened_at bigint not null,
  answered_at bigint,
  ended_at bigint
);
-- while an agent still writes the note, the TV may ask anew
create unique index interactions_one_open_a_tv on interactions (tv_id) where state not in ('wrapUp', 'closed', 'abandoned');
create index interactions_line on interactions (centre_id, priority desc, arrived_at, id) where state = 'queued';
create index interactions_history on interactions (tv_id, opened_at desc);

create table interaction_events (
  interaction_id text not null references interactions,
  seq int not null,
  at bigint not null,
  event jsonb not null,
  primary key (interaction_id, seq)
);

-- What was already taken, by sender and the sender's own id: a repeated command takes effect once.
create table commands_taken (
  sender_id text not null,
  command_id text not null,
  interaction_id text,
  taken_at timestamptz not null default now(),
  primary key (sender_id, command_id)
);
create index commands_taken_at on commands_taken (taken_at);
