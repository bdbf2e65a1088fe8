"""One measurement each: a scenario, a storm of log-ins, the rows that a flow writes."""
import json, math, os, sqlite3, statistics, subprocess, time
from servers import HERE, OUT, DRIVER_CORE, SERVER_CORE

DRIVER = ['taskset', '-c', DRIVER_CORE, 'dotnet', f'{OUT}/driver/oidc-driver.dll']
SERVER_CORE_FOREIGN, DRIVER_CORE_FOREIGN, TRIES = 0.06, 0.30, 3


def drive(s, *options): return drive_all(s, *options)[-1]


def drive_all(s, *options):
    """One line for each scenario."""
    out = subprocess.run(DRIVER + [f'{HERE}/configs/{s["config"]}', '--name', s['name'], *map(str, options)], capture_output=True, text=True)
    return [json.loads(line) for line in out.stdout.strip().splitlines()] or [dict(name=s['name'], failed=out.stderr[-400:])]


def burn_in(s, pid, scenarios, quick):
    """
    Both cores, every scenario twice, and again until an operation's processor time falls by less than a twentieth: a .NET process that
    is pinned to one core before its code is compiled is slow for minutes, and a slow server is compiled after more time.
    """
    before = None
    for _ in range(3 if quick else 8):
        lines = drive_all(s, '--concurrency', 4, '--seconds', 0.5 if quick else 1.5, '--warmup', 0, '--pid', pid, *[x for sc in scenarios for x in ('--scenario', sc)])
        settle(pid)
        costs = [math.log(line['server_cpu_us_per_op']) for line in lines if line.get('server_cpu_us_per_op')]
        now = statistics.mean(costs) if costs else 0
        if before is not None and before - now < 0.05: return
        before = now


def settle(pid, patience=20):
    """Waits until the compiler, which works in the background when no new code runs, has finished: under 5 % of a core for half a second."""
    for _ in range(patience * 2):
        used = processor_seconds(pid)
        time.sleep(0.5)
        if processor_seconds(pid) - used < 0.025: return


def processor_seconds(pid): return sum(int(x) for x in open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[11:13]) / os.sysconf('SC_CLK_TCK')


def scenario(s, pids, rep, name, seconds, warmup=1.5, tries=TRIES):
    """Repeats a run in which something else used the cores; the best of the tries counts. `foreign` says how quiet it was."""
    best = None
    for _ in range(tries):
        line = drive(s, '--rep', rep, '--scenario', name, '--seconds', seconds, '--warmup', warmup, *[x for pid in pids for x in ('--pid', pid)])
        if 'failed' in line: return line | dict(scenario=name, rep=rep)
        busy = line['core_busy']
        foreign = [max(0, busy[0] - line['server_cpu_share']), max(0, busy[1] - line['driver_cpu_share'])] if len(busy) > 1 else [0, 0]
        line['foreign'] = [round(x, 3) for x in foreign]
        if best is None or sum(foreign) < sum(best['foreign']): best = line
        if foreign[0] <= SERVER_CORE_FOREIGN and foreign[1] <= DRIVER_CORE_FOREIGN: break
    return best


def storm(s, pid, rep, seconds):
    """
    Log-ins as fast as they go, and apps that meanwhile go on asking for tokens at their own pace (about 400 a second). Then more log-ins
    at once than the queue has places for, to see how much memory they take.
    """
    pace = ['--scenario', 'client_credentials', '--concurrency', 8, '--pause', 20, '--warmup', 1]
    limit = float(subprocess.run(['taskset', '-c', SERVER_CORE, 'dotnet', f'{OUT}/limits/limits.dll', *s['hash']], capture_output=True, text=True, check=True).stdout)
    idle = drive(s, *pace, '--seconds', seconds)
    alone = drive(s, '--scenario', 'login', '--concurrency', 8, '--warmup', 2, '--seconds', seconds, '--pid', pid)
    crowd = subprocess.Popen(DRIVER + [f'{HERE}/configs/{s["config"]}', '--scenario', 'login', '--concurrency', '8', '--warmup', '2', '--seconds', str(seconds + 2)], stdout=subprocess.PIPE, text=True)
    time.sleep(2.5)
    tokens = drive(s, *pace, '--seconds', seconds)
    meanwhile = json.loads(crowd.communicate()[0].strip().splitlines()[-1])
    before = resident(pid)
    with open(f'/proc/{pid}/clear_refs', 'w') as f: f.write('5')  # the peak begins anew
    full = drive(s, '--scenario', 'login', '--concurrency', 40, '--warmup', 1, '--seconds', seconds)
    return dict(name=s['name'], scenario='storm', rep=rep, hash=' '.join(s['hash']), hash_limit=limit, log_ins=alone.get('rps'), log_in_cpu_us=alone.get('server_cpu_us_per_op'), log_ins_with_tokens=meanwhile.get('rps'), errors=[x.get('errors', x.get('failed')) for x in (alone, meanwhile, tokens)],
                token_p99_idle=idle.get('p99_ms'), token_p99_storm=tokens.get('p99_ms'), tokens_per_second=tokens.get('rps'),
                busy=full.get('errors'), rss_before_mb=before, rss_full_mb=resident(pid, 'VmHWM'))


def rows_written(s, pg, flow):
    """Rows inserted, updated and deleted by one flow: the difference between 100 flows and 300, so that log-ins cancel out."""
    def count(n):
        before = tally(s, pg)
        drive(s, '--scenario', flow, '--concurrency', 1, '--count', n)
        after = tally(s, pg)
        return {k: after.get(k, 0) - before.get(k, 0) for k in after}
    few, many = count(100), count(300)
    return {k: round((many[k] - few.get(k, 0)) / 200, 2) for k in sorted(many) if abs(many[k] - few.get(k, 0)) >= 10}


def tally(s, pg):
    if s['kind'] == 'pg':
        time.sleep(12)  # a backend hands its statistics over when it has been idle for ten seconds
        rows = pg.sql("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables", s['db']).split()
        return {f'{word} {table}': int(n) for table, *counts in (row.split('|') for row in rows) for word, n in zip(('insert', 'update', 'delete'), counts)}
    # SQLite keeps no such statistics: triggers count, from the first time this is asked.
    db = sqlite3.connect(s['file'], timeout=30)
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'bench_writes'")]
    db.execute('CREATE TABLE IF NOT EXISTS bench_writes (act TEXT PRIMARY KEY, n INTEGER NOT NULL)')
    for i, table in enumerate(tables):
        for word in ('INSERT', 'UPDATE', 'DELETE'):
            db.execute(f'''CREATE TRIGGER IF NOT EXISTS bench_{word}_{i} AFTER {word} ON "{table}" BEGIN
                INSERT INTO bench_writes VALUES ('{word.lower()} {table}', 1) ON CONFLICT (act) DO UPDATE SET n = n + 1; END''')
    db.commit()
    counted = dict(db.execute('SELECT act, n FROM bench_writes'))
    db.close()
    return counted


def resident(pid, field='VmRSS'): return int(next(line for line in open(f'/proc/{pid}/status') if line.startswith(field)).split()[1]) // 1024
