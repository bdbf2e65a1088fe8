#!/usr/bin/env python3
"""One million dead reset links among two million rows: what log-ins and resets feel of the job that removes them. See README.md.

  cleanup.py [--ours PUBLISHED_FOLDER] [--only sqlite,pg] [--seconds 60] [--million 1.0] [--out cleanup.json]
"""
import argparse, base64, hashlib, http.client, json, re, shutil, sqlite3, tempfile, threading, time, urllib.parse
import builds, measure, servers

RESETS_PER_RUN = 400
NEW_PASSWORD = 'nine lamps along the pier {n}'
TICKS_AT_1970 = 621_355_968_000_000_000


def token(n): return hashlib.sha256(f'token {n}'.encode()).digest()  # 32 bytes, as unguessable as a benchmark needs


def fill(s, pg, rows):
    """Every other link is dead, so that the dead are on every page of the table; half of the dead were used."""
    now = int(time.time())
    if s['kind'] == 'pg':
        pg.sql(f"""INSERT INTO reset_links (id, account_id, purpose, token_hash, sent_to, generation, security_stamp, created_at, expires_at, used_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 0, sha256(n::text::bytea), 'person' || n || '@example.test', 1, gen_random_uuid(), t - interval '1 hour', t,
                   CASE WHEN n % 4 = 0 THEN t - interval '30 minutes' END
            FROM (SELECT n, CASE WHEN n % 2 = 0 THEN now() - interval '8 days' - n * interval '1 second' ELSE now() + n * interval '1 second' END AS t
                  FROM generate_series(1, {rows}) n) made""", s['db'])
        pg.sql('VACUUM ANALYZE reset_links', s['db'])
        pg.sql('CHECKPOINT')
        return
    db = sqlite3.connect(s['file'])
    at = lambda seconds: f'(({now} + {seconds}) * 10000000 + {TICKS_AT_1970})'
    db.execute(f"""WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}),
            made AS (SELECT n, CASE WHEN n % 2 = 0 THEN {at('(-8 * 86400 - n)')} ELSE {at('n')} END AS t FROM numbers)
        INSERT INTO reset_links (id, account_id, purpose, token_hash, sent_to, generation, security_stamp, created_at, expires_at, used_at)
        SELECT printf('%08X-0000-7000-8000-%012X', n, n), printf('%08X-0000-7000-8000-%012X', n, n), 0, randomblob(32), 'person' || n || '@example.test',
               1, printf('%08X-0000-7000-8000-%012X', n, n), t - 36000000000, t, CASE WHEN n % 4 = 0 THEN t - 18000000000 END FROM made""")
    db.commit()
    db.execute('ANALYZE')
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()


def people_to_reset(s, pg, count):
    """A person and a live link for each reset that will be sent: a link works once."""
    rows = ''.join(f'reset{n},reset{n}@example.test\n' for n in range(count))
    s['cli']('users', 'import', '-', text='username,email\n' + rows)
    if s['kind'] == 'pg':
        links = ','.join(f"('reset{n}', '\\x{hashlib.sha256(token(n)).hexdigest()}'::bytea)" for n in range(count))
        pg.sql(f"""INSERT INTO reset_links (id, account_id, purpose, token_hash, sent_to, generation, security_stamp, created_at, expires_at)
            SELECT gen_random_uuid(), a.id, 0, v.hash, a.email_normalized, 1, a.security_stamp, now(), now() + interval '1 day'
            FROM (VALUES {links}) v(name, hash) JOIN accounts a ON a.username = v.name""", s['db'])
        return
    now = int(time.time()) * 10_000_000 + TICKS_AT_1970
    db = sqlite3.connect(s['file'])
    for n in range(count):
        db.execute("""INSERT INTO reset_links (id, account_id, purpose, token_hash, sent_to, generation, security_stamp, created_at, expires_at)
            SELECT printf('FFFFFFFF-0000-7000-8000-%012X', ?), id, 0, ?, email_normalized, 1, security_stamp, ?, ? FROM accounts WHERE username = ?""",
            (n, hashlib.sha256(token(n)).digest(), now, now + 864_000_000_000, f'reset{n}'))
    db.commit()
    db.close()


class Resets(threading.Thread):
    """One reset after another: opens the page (not measured), sends the new password (measured), rests."""
    def __init__(self, port, numbers, seconds, rest):
        super().__init__()
        self.port, self.numbers, self.end, self.rest, self.took, self.errors = port, iter(numbers), time.monotonic() + seconds, rest, [], []

    def run(self):
        while time.monotonic() < self.end and (n := next(self.numbers, None)) is not None:
            try: self.reset(n)
            except Exception as e: self.errors.append(repr(e))
            time.sleep(self.rest)

    def reset(self, n):
        web = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        web.request('GET', '/reset-password/' + base64.urlsafe_b64encode(token(n)).decode().rstrip('='))
        page = web.getresponse()
        cookie = '; '.join(c.split(';')[0] for c in page.headers.get_all('Set-Cookie') or [])
        text = page.read().decode()
        form = re.search(r'<form method="post".*?</form>', text, re.S).group(0)
        fields = {m[0]: m[1] for m in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)}
        fields['NewPassword'] = NEW_PASSWORD.format(n=n)
        action = re.search(r'action="([^"]+)"', form).group(1)
        begin = time.monotonic()
        web.request('POST', action, urllib.parse.urlencode(fields), {'Content-Type': 'application/x-www-form-urlencoded', 'Cookie': cookie})
        answer = web.getresponse()
        answer.read()
        if answer.status != 303: raise RuntimeError(f'{answer.status}')
        self.took.append((time.monotonic() - begin) * 1000)
        web.close()


def percentile(values, q): return round(sorted(values)[min(len(values) - 1, int(q * len(values)))], 1) if values else None


def load(s, seconds, first_reset):
    """Log-ins and resets side by side, at a pace that leaves the hashing lane room: what is measured is waiting, not hashing."""
    half = RESETS_PER_RUN // 2
    resets = [Resets(s['port'], range(first_reset + i * half, first_reset + (i + 1) * half), seconds, 0.6) for i in range(2)]
    for r in resets: r.start()
    log_ins = measure.drive(s, '--scenario', 'login', '--concurrency', 2, '--pause', 400, '--warmup', 3, '--seconds', seconds - 4)
    for r in resets: r.join()
    took = [t for r in resets for t in r.took]
    return dict(log_ins=log_ins.get('operations'), log_in_p50=log_ins.get('p50_ms'), log_in_p99=log_ins.get('p99_ms'), log_in_max=log_ins.get('max_ms'),
                resets=len(took), reset_p50=percentile(took, .5), reset_p99=percentile(took, .99), reset_max=percentile(took, 1),
                errors=[log_ins.get('errors', log_ins.get('failed'))] + [e for r in resets for e in r.errors][:3])


def left(s, pg):
    if s['kind'] == 'pg': return int(pg.sql('SELECT COUNT(*) FROM reset_links', s['db']))
    db = sqlite3.connect(f'file:{s["file"]}?mode=ro', uri=True)
    n = db.execute('SELECT COUNT(*) FROM reset_links').fetchone()[0]
    db.close()
    return n


def visit(s, pg, work, o):
    s['fresh']()
    people_to_reset(s, pg, 2 * RESETS_PER_RUN)
    rows = int(2_000_000 * o.million)
    fill(s, pg, rows)
    total, log = left(s, pg), f'{work}/server.log'
    result = dict(database=s['kind'], rows=total)

    # Without the job: its next whole interval is at midnight.
    p, _ = servers.start(s | dict(env=s['env'] | dict(CleanUp__Interval='1.00:00:00')), work)
    try:
        time.sleep(3)
        result['memory_mb'] = measure.resident(p.pid)
        result['without'] = load(s, o.seconds, 0)
        result['memory_after_load_mb'] = measure.resident(p.pid)
    finally: servers.stop(p)

    # With it: the job begins a few seconds after the start, and the load while it is at work.
    open(log, 'w').close()
    p, _ = servers.start(s | dict(env=s['env'] | dict(CleanUp__Interval='00:00:05', Logging__LogLevel__Recovery='Information')), work)
    try:
        begun = time.monotonic()
        while left(s, pg) >= total and time.monotonic() - begun < 60: time.sleep(0.1)
        begun = time.monotonic()
        result['with'] = load(s, o.seconds, RESETS_PER_RUN)
        result['removed_during_load'] = total - left(s, pg)
        result['memory_during_mb'] = measure.resident(p.pid)
        while left(s, pg) > total - rows // 2 and time.monotonic() - begun < o.patience: time.sleep(0.5)
        time.sleep(6)
        result['seconds_until_gone'] = round(time.monotonic() - begun - 6, 1)
        result['left'] = left(s, pg)
        result['memory_mb_after'] = measure.resident(p.pid)
        result['log'] = [line.strip() for line in open(log) if 'reset-links' in line][:3]
    finally: servers.stop(p)
    return result


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--ours'); a.add_argument('--only', default='sqlite,pg'); a.add_argument('--seconds', type=int, default=60)
    a.add_argument('--million', type=float, default=1.0, help='dead links, in millions'); a.add_argument('--patience', type=int, default=600); a.add_argument('--out', default=f'{servers.OUT}/cleanup.json')
    o = a.parse_args()
    builds.driver()
    folder, work = builds.ours(o.ours), tempfile.mkdtemp(prefix='cleanup-')
    pg, results = servers.Postgres(work), []
    try:
        for kind in o.only.split(','):
            results.append(visit(servers.ours(kind, folder, work, pg), pg, work, o))
            print(json.dumps(results[-1], indent=1), flush=True)
        json.dump(results, open(o.out, 'w'), indent=1)
    finally:
        pg.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
