-- Snapshots and agents' records are replaced at every step and seldom in a column that an index holds. With room
-- on its own page the new row needs no new entries in five indexes, and the old one is cleared away in passing.
alter table interactions set (fillfactor = 50);
alter table agent_records set (fillfactor = 50);
