-- Commits that looked at a centre's line build on its version: of two that looked at the same line
-- one is kept, and the other looks again.
alter table centres add column line_version int not null default 0;

-- Ends a statement in which fewer rows were written than were to be: somebody else wrote first.
-- The error is a serialization failure, which everybody who writes tries again after.
create function expect_rows(seen bigint, wanted int, what text) returns void language plpgsql as $$
begin
  if seen <> wanted then
    raise exception '% of % % were written', seen, wanted, what using errcode = 'serialization_failure';
  end if;
end
$$;
