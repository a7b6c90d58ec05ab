-- Several services may share this database: who delivers is whoever holds the claim, by the database's own clock.
-- A process that is gone, or stands still, loses it when the time is over.
alter table webhook_deliveries
  add column claim text,
  add column claimed_until timestamptz,
  -- somebody was refused the claim, with news perhaps that its holder has not read
  add column asked_meanwhile boolean not null default false;
