-- The counts of ordinary rows, which need no reading line by line: what a verdict counts of them stands in columns.
--
-- Written for every engine: times are microseconds in integers, each column of a join has its alias, a count is a sum of
-- CASE or is cast. `$name` stands for a value, `{name}` for one of the parts below.
--   $app, $first_us, $last_us   the app and the time, both ends included
--   $kinds                      the kinds of rows that are counted here: 'router', 'metrics', 'app'
--   $loose                      (second) of which each line is read by itself; seconds are in microseconds
--   $traced                     (dyno, second) with what may be lines of a traceback
--   $spans                      (place, dyno, first_us, last_us): from when until when a name is one incarnation's alone
--   $ids                        (place, dyno, dyno_uuid) of each incarnation whose id is known
--   $unknown                    (dyno, dyno_uuid) of ids that are no incarnation's
--   $names                      the names of which lines are wanted
--   $most                       how many names of paths and clients an incarnation keeps
--   $below                      how far the hash of 5 seconds goes whose lines are compared (printed.py)
--   $times, $seconds            (ts_us), (second) of lines that get their numbers
-- What there may be many of is joined: DuckDB compares each row with each value of a long IN.

-- part: rows
events e LEFT JOIN (VALUES $loose) AS l (second) ON l.second = e.ts_us - e.ts_us % 1000000
  LEFT JOIN (VALUES $traced) AS t (dyno, second) ON t.dyno = e.dyno AND t.second = e.ts_us - e.ts_us % 1000000

-- part: is_ordinary
(coalesce(e.in_columns, FALSE) AND e.kind IN $kinds AND e.dyno IS NOT NULL AND l.second IS NULL
  AND (e.kind = 'router' OR t.second IS NULL))

-- part: in_window
e.app = $app AND e.ts_us >= $first_us AND e.ts_us <= $last_us

-- part: requests
-- The good requests whose incarnation is certain: sent and logged within one span.
SELECT s.place AS place, e.ts_us AS ts_us, CAST(coalesce(e.service_ms, 0) AS BIGINT) AS service_ms, coalesce(e.path, '') AS path,
  e.client AS client, e.method AS method, e.host AS host, e.status AS status
FROM {rows} JOIN (VALUES $spans) AS s (place, dyno, first_us, last_us)
  ON e.dyno = s.dyno AND e.ts_us - CAST(coalesce(e.service_ms, 0) AS BIGINT) * 1000 >= s.first_us AND e.ts_us <= s.last_us
WHERE {in_window} AND e.kind = 'router' AND {is_ordinary}

-- name: loose
-- A line that nobody wrote, or without a time of its own, belongs to the line before it.
SELECT DISTINCT e.ts_us - e.ts_us % 1000000 AS second FROM events e
WHERE {in_window} AND e.kind IN ('undated', 'unparsed')
ORDER BY second

-- name: traced
-- Seconds in which a dyno printed what may be of a traceback. Lines of the next second may belong to it where such a line
-- comes in the last 50 ms, or where lines fill these: without a gap of more than 1 ms any line belongs to it.
SELECT t.dyno AS dyno, t.second AS second, t.parts AS parts, t.late_parts AS late_parts, t.late AS late
FROM (SELECT e.dyno AS dyno, e.ts_us - e.ts_us % 1000000 AS second,
        CAST(sum(CASE WHEN coalesce(e.in_columns, FALSE) THEN 0 ELSE 1 END) AS BIGINT) AS parts,
        CAST(sum(CASE WHEN e.ts_us % 1000000 >= 950000 AND NOT coalesce(e.in_columns, FALSE) THEN 1 ELSE 0 END) AS BIGINT)
          AS late_parts,
        CAST(sum(CASE WHEN e.ts_us % 1000000 >= 950000 THEN 1 ELSE 0 END) AS BIGINT) AS late
      FROM events e WHERE {in_window} AND e.kind = 'app' AND e.dyno IS NOT NULL GROUP BY 1, 2) t
WHERE t.parts > 0 OR t.late >= 49
ORDER BY 1, 2

-- name: names
-- From when until when each name, and each dyno id, stands in ordinary rows.
SELECT e.dyno AS dyno, CASE WHEN e.kind = 'metrics' THEN e.dyno_uuid END AS dyno_uuid,
  min(e.ts_us - CAST(coalesce(e.service_ms, 0) AS BIGINT) * 1000) AS sent_us, min(e.ts_us) AS first_us,
  max(e.ts_us) AS last_us
FROM {rows} WHERE {in_window} AND {is_ordinary}
GROUP BY e.dyno, CASE WHEN e.kind = 'metrics' THEN e.dyno_uuid END ORDER BY 1, 2 NULLS LAST

-- name: others
-- All other lines, for the counting line by line.
SELECT e.ts_us AS ts_us, e.source AS source, e.proc AS proc, e.kind AS kind, e.message AS message
FROM {rows} WHERE {in_window} AND NOT {is_ordinary}
ORDER BY e.ts_us, e.recv_us NULLS LAST, e.arrival, e.proc, e.message

-- name: service
SELECT r.place AS place, r.service_ms AS service_ms, count(*) AS n, min(r.ts_us) AS first_us, max(r.ts_us) AS last_us
FROM ({requests}) r GROUP BY r.place, r.service_ms ORDER BY 1, 2

-- name: cells
-- Requests by cell of the grid and step of the service time (grid.py). A cell is as wide as so many cells make it.
WITH stepped AS (
  SELECT r.place AS place, r.ts_us - r.ts_us % 30000000 AS cell,
    CAST(floor(ln(CAST(CASE WHEN r.service_ms < 1 THEN 1 ELSE r.service_ms END AS DOUBLE)) * 11.541560327111707e0 + 5e-1)
      AS BIGINT) AS step, count(*) AS n
  FROM ({requests}) r GROUP BY 1, 2, 3),
spread AS (
  SELECT place, count(*) AS w0, count(DISTINCT cell - cell % 60000000) AS w1,
    count(DISTINCT cell - cell % 120000000) AS w2, count(DISTINCT cell - cell % 240000000) AS w3,
    count(DISTINCT cell - cell % 480000000) AS w4, count(DISTINCT cell - cell % 960000000) AS w5,
    count(DISTINCT cell - cell % 1920000000) AS w6
  FROM (SELECT DISTINCT place, cell FROM stepped) c GROUP BY place),
widths AS (
  SELECT place, CASE WHEN w0 <= 512 THEN 30000000 WHEN w1 <= 512 THEN 60000000 WHEN w2 <= 512 THEN 120000000
    WHEN w3 <= 512 THEN 240000000 WHEN w4 <= 512 THEN 480000000 WHEN w5 <= 512 THEN 960000000
    ELSE 1920000000 END AS width
  FROM spread)
SELECT c.place AS place, w.width AS width_us, c.cell - c.cell % w.width AS cell_us, c.step AS step,
  CAST(sum(c.n) AS BIGINT) AS n
FROM stepped c JOIN widths w ON w.place = c.place
GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4

-- part: ranked_paths
SELECT c.place AS place, c.path AS path, c.n AS n,
  row_number() OVER (PARTITION BY c.place ORDER BY c.n DESC, c.path) AS rank
FROM (SELECT r.place AS place, r.path AS path, count(*) AS n FROM ({requests}) r GROUP BY r.place, r.path) c

-- name: paths
-- The most frequent paths of each incarnation. The rest is one number, without a path.
SELECT t.place AS place, CASE WHEN t.rank <= $most THEN t.path END AS name, CAST(sum(t.n) AS BIGINT) AS n
FROM ({ranked_paths}) t GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2 NULLS LAST

-- name: rare_paths
-- The rest of all incarnations, path by path, for the count of their pages and the bound of each.
SELECT t.path AS path, CAST(sum(t.n) AS BIGINT) AS n FROM ({ranked_paths}) t WHERE t.rank > $most AND t.path <> '' GROUP BY t.path ORDER BY 1

-- part: ranked_clients
SELECT c.place AS place, c.client AS client, c.n AS n,
  row_number() OVER (PARTITION BY c.place ORDER BY c.n DESC, c.client) AS rank
FROM (SELECT r.place AS place, r.client AS client, count(*) AS n FROM ({requests}) r
      WHERE r.client IS NOT NULL GROUP BY r.place, r.client) c

-- name: clients
SELECT t.place AS place, CASE WHEN t.rank <= $most THEN t.client END AS name, CAST(sum(t.n) AS BIGINT) AS n
FROM ({ranked_clients}) t GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2 NULLS LAST

-- name: rare_clients
SELECT t.client AS client, CAST(sum(t.n) AS BIGINT) AS n FROM ({ranked_clients}) t WHERE t.rank > $most GROUP BY t.client ORDER BY 1

-- name: shared
SELECT r.method AS method, r.host AS host, r.status AS status, count(*) AS n
FROM ({requests}) r GROUP BY r.method, r.host, r.status ORDER BY 4 DESC, 1 NULLS LAST, 2 NULLS LAST, 3 NULLS LAST

-- name: uncertain
-- The good requests whose incarnation time alone does not tell.
SELECT e.ts_us AS ts_us, e.dyno AS dyno, e.service_ms AS service_ms, e.path AS path, e.client AS client,
  e.method AS method, e.host AS host, e.status AS status
FROM {rows} LEFT JOIN (VALUES $spans) AS s (place, dyno, first_us, last_us)
  ON e.dyno = s.dyno AND e.ts_us - CAST(coalesce(e.service_ms, 0) AS BIGINT) * 1000 >= s.first_us AND e.ts_us <= s.last_us
WHERE {in_window} AND e.kind = 'router' AND {is_ordinary} AND e.dyno IN $names AND s.place IS NULL
ORDER BY e.ts_us, e.recv_us NULLS LAST, e.arrival

-- name: metrics
SELECT i.place AS place, e.ts_us AS ts_us, e.mem_total_mb AS total_mb, e.mem_swap_mb AS swap_mb,
  e.mem_quota_mb AS quota_mb, e.mem_pages_in AS pages_in, e.load_1m AS load_1m
FROM {rows} JOIN (VALUES $ids) AS i (place, dyno, dyno_uuid) ON e.dyno = i.dyno AND e.dyno_uuid = i.dyno_uuid
WHERE {in_window} AND e.kind = 'metrics' AND {is_ordinary}
ORDER BY 1, 2, 3 NULLS LAST, 7

-- name: uncertain_metrics
-- Metrics of ids that are no incarnation's.
SELECT e.ts_us AS ts_us, e.dyno AS dyno, e.dyno_uuid AS dyno_uuid, e.message AS message FROM {rows}
WHERE {in_window} AND e.kind = 'metrics' AND {is_ordinary} AND (e.dyno, e.dyno_uuid) IN $unknown
ORDER BY e.ts_us, e.recv_us NULLS LAST, e.arrival

-- part: printed
{in_window} AND e.kind = 'app' AND e.dyno IN $names AND {is_ordinary}

-- name: printed
-- Lines of apps by incarnation, those in the last row whose incarnation time alone does not tell.
SELECT s.place AS place, count(*) AS n, min(e.ts_us) AS first_us, max(e.ts_us) AS last_us
FROM {rows} LEFT JOIN (VALUES $spans) AS s (place, dyno, first_us, last_us)
  ON e.dyno = s.dyno AND e.ts_us >= s.first_us AND e.ts_us <= s.last_us
WHERE {printed}
GROUP BY s.place ORDER BY 1 NULLS LAST

-- name: slots
SELECT e.ts_us - e.ts_us % 5000000 AS slot_us, count(*) AS n FROM {rows}
WHERE {printed}
GROUP BY 1 ORDER BY 1

-- name: lines_of_slots
SELECT s.place AS place, e.ts_us AS ts_us, e.dyno AS dyno, e.message AS message
FROM {rows} JOIN (VALUES $spans) AS s (place, dyno, first_us, last_us)
  ON e.dyno = s.dyno AND e.ts_us >= s.first_us AND e.ts_us <= s.last_us
WHERE {printed} AND CAST((e.ts_us - e.ts_us % 5000000) / 5e6 AS BIGINT) * 2654435761 % 4294967296 < $below
ORDER BY e.ts_us, e.recv_us NULLS LAST, e.arrival, e.proc, e.message

-- name: uncertain_printed
SELECT s.place AS place, e.ts_us AS ts_us, e.dyno AS dyno, e.message AS message
FROM {rows} LEFT JOIN (VALUES $spans) AS s (place, dyno, first_us, last_us)
  ON e.dyno = s.dyno AND e.ts_us >= s.first_us AND e.ts_us <= s.last_us
WHERE {printed} AND s.place IS NULL
ORDER BY e.ts_us, e.recv_us NULLS LAST, e.arrival, e.proc, e.message

-- name: newest
-- The time of one of the newest lines of each incarnation, and how many lines came since.
SELECT t.place AS place, min(t.ts_us) AS since_us, count(*) AS n
FROM (SELECT s.place AS place, e.ts_us AS ts_us, row_number() OVER (PARTITION BY s.place ORDER BY e.ts_us DESC) AS rank
      FROM {rows} JOIN (VALUES $spans) AS s (place, dyno, first_us, last_us)
        ON e.dyno = s.dyno AND e.ts_us >= s.first_us AND e.ts_us <= s.last_us
      WHERE {printed}) t
WHERE t.rank <= $most GROUP BY t.place ORDER BY 1

-- name: before
-- How many lines come before each of some times.
SELECT t.ts_us AS ts_us, b.before + t.before AS before
FROM (SELECT c.second AS second, c.ts_us AS ts_us,
        CAST(sum(c.n) OVER (PARTITION BY c.second ORDER BY c.ts_us) AS BIGINT) - c.n AS before
      FROM (SELECT e.ts_us - e.ts_us % 1000000 AS second, e.ts_us AS ts_us, count(*) AS n
            FROM events e JOIN (VALUES $seconds) AS s (second) ON s.second = e.ts_us - e.ts_us % 1000000
            WHERE {in_window} GROUP BY 1, 2) c) t
JOIN (SELECT c.second AS second, CAST(sum(c.n) OVER (ORDER BY c.second) AS BIGINT) - c.n AS before
      FROM (SELECT e.ts_us - e.ts_us % 1000000 AS second, count(*) AS n FROM events e WHERE {in_window} GROUP BY 1) c) b
  ON b.second = t.second
JOIN (VALUES $times) AS w (ts_us) ON w.ts_us = t.ts_us
ORDER BY 1

-- name: lines_of_times
-- The lines of some times in order, with the text of samples of memory alone. `counted` is the kind of an ordinary row.
SELECT e.ts_us AS ts_us, CASE WHEN {is_ordinary} THEN e.kind END AS counted, e.dyno AS dyno,
  e.dyno_uuid AS dyno_uuid, CASE WHEN e.mem_total_mb IS NOT NULL THEN e.message END AS message
FROM {rows} JOIN (VALUES $times) AS w (ts_us) ON w.ts_us = e.ts_us
WHERE {in_window}
ORDER BY e.ts_us, e.recv_us NULLS LAST, e.arrival, e.proc, e.message
