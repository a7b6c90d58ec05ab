-- Which interactions an endpoint has still to be told of is asked by centre, and by when they ended.
create index interactions_ended on interactions (centre_id, ended_at);
