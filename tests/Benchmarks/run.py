#!/usr/bin/env python3
"""Measures our server, its earlier engine and two peers in turn, on the same databases, in one run. See README.md.

  run.py [--systems limits,ours,ours-pbkdf2,own,node,openiddict,openiddict-plain] [--databases sqlite,pg] [--scenarios a,b] [--reps 3]
         [--ours PUBLISHED_FOLDER] [--own-commit abb5be6] [--out results.jsonl]
  run.py --quick                      one short repetition of the scenarios that QUICK lists
  run.py --table results.jsonl        prints the tables of an earlier run
"""
import argparse, json, os, shutil, subprocess, tempfile, time
import builds, measure, report, servers

SYSTEMS, DATABASES = ['limits', 'ours', 'own', 'node', 'openiddict'], ['sqlite', 'pg']
ON_REQUEST = ['ours-pbkdf2', 'openiddict-plain']
SCENARIOS = ['discovery', 'jwks', 'client_credentials', 'authorize', 'code_flow', 'code_flow:spa', 'refresh', 'refresh:spa', 'userinfo', 'introspection']
OURS_ALONE = ['client_credentials:machine-rs256', 'code_flow:web-rs256', 'code_flow:web-es256', 'refresh:web-es256']
LIMITS = ['get:/hello', 'get:/sign-rs256', 'get:/sign-es256']
BESIDES = ['rows', 'storm']  # not in a quick run unless named
QUICK = ['client_credentials', 'authorize', 'code_flow', 'code_flow:web-es256', 'refresh', 'refresh:web-es256', 'userinfo', 'introspection']


def scenarios_of(s, chosen):
    if s['name'] == 'limits': return [x for x in LIMITS if x in chosen or (x == 'get:/hello' and {'discovery', 'jwks'} & set(chosen))]
    return [x for x in SCENARIOS + (OURS_ALONE if s['name'].startswith(('ours/', 'own/')) else []) if x in chosen]


def visit(s, rep, o, work, pg, note):
    """One server, one repetition: fresh database, first start (which makes it), stop, timed start, burn-in, scenarios."""
    s['fresh']()
    p, _ = servers.start(s, work)
    servers.stop(p)
    p, cold = servers.start(s, work)
    todo = scenarios_of(s, o.scenarios)
    try:
        pids = [p.pid] + ([pg.pid()] if s.get('kind') == 'pg' else [])
        if todo: measure.burn_in(s, p.pid, todo, o.quick)
        subprocess.run(['taskset', '-acp', servers.SERVER_CORE, str(p.pid)], check=True, capture_output=True)
        for name in todo: note(measure.scenario(s, pids, rep, name, *((2, 0.5, 1) if o.quick else (5,))))
        if s['name'] != 'limits': note(dict(name=s['name'], scenario='process', rep=rep, cold_ms=cold, rss_mb=measure.resident(p.pid)) | s.get('facts', {}))
        if s['name'].startswith(('ours/', 'ours-pbkdf2/')) and 'storm' in o.scenarios: note(measure.storm(s, p.pid, rep, 3 if o.quick else 8))
        if s['name'] != 'limits' and rep == 1 and 'rows' in o.scenarios:
            note(dict(name=s['name'], scenario='rows', rep=rep) | {flow: measure.rows_written(s, pg, flow) for flow in ('code_flow', 'refresh')})
    finally:
        servers.stop(p)


def options():
    a = argparse.ArgumentParser()
    a.add_argument('--systems', type=names(SYSTEMS + ON_REQUEST), default=SYSTEMS); a.add_argument('--databases', type=names(DATABASES), default=DATABASES)
    a.add_argument('--scenarios', type=names(SCENARIOS + OURS_ALONE + LIMITS + BESIDES)); a.add_argument('--reps', type=int)
    a.add_argument('--ours'); a.add_argument('--own-commit', default=builds.OWN_COMMIT)
    a.add_argument('--quick', action='store_true'); a.add_argument('--out', default=f'{servers.OUT}/results.jsonl'); a.add_argument('--table')
    o = a.parse_args()
    o.reps = o.reps or (1 if o.quick else 3)
    o.scenarios = o.scenarios or (QUICK if o.quick else SCENARIOS + OURS_ALONE + LIMITS + BESIDES)
    return o


def names(known):
    def read(text):
        if unknown := set(text.split(',')) - set(known): raise argparse.ArgumentTypeError(f'{", ".join(sorted(unknown))}: choose from {", ".join(known)}')
        return text.split(',')
    return read


def build(o, work, pg):
    """Builds the chosen systems and returns them: bare Kestrel, then all of one database, then all of the other."""
    builds.driver()
    makers = {}
    if {'limits', 'ours', 'ours-pbkdf2'} & set(o.systems): builds.limits()  # the storm of log-ins asks it for the speed of the hash
    if {'ours', 'ours-pbkdf2'} & set(o.systems):
        folder = builds.ours(o.ours)
        if 'ours' in o.systems: makers['ours'] = lambda kind: servers.ours(kind, folder, work, pg)
        if 'ours-pbkdf2' in o.systems: makers['ours-pbkdf2'] = lambda kind: servers.ours(kind, folder, work, pg, 'ours-pbkdf2')
    if 'own' in o.systems:
        earlier = builds.own(o.own_commit)
        makers['own'] = lambda kind: servers.ours(kind, earlier, work, pg, 'own') | dict(facts=dict(commit=o.own_commit))
    if 'node' in o.systems:
        builds.node()
        makers['node'] = lambda kind: servers.node(kind, work, pg)
    if {'openiddict', 'openiddict-plain'} & set(o.systems):
        builds.openiddict()
        if 'openiddict' in o.systems: makers['openiddict'] = lambda kind: servers.openiddict(kind, work, pg)
        if 'openiddict-plain' in o.systems: makers['openiddict-plain'] = lambda kind: servers.openiddict(kind, work, pg, plain=True)
    bare = [servers.limits()] if 'limits' in o.systems else []
    return [s for s in bare if scenarios_of(s, o.scenarios)] + [make(kind) for kind in o.databases for make in makers.values()]


def main():
    o = options()
    if o.table: return print(report.tables([json.loads(line) for line in open(o.table)]))
    work, lines = tempfile.mkdtemp(prefix='bench-'), []
    pg = servers.Postgres(work)
    try:
        chosen = build(o, work, pg)
        with open(o.out, 'w') as f:
            def note(line):
                lines.append(line)
                f.write(json.dumps(line) + '\n')
                f.flush()
                print(time.strftime('%H:%M:%S'), line['name'], line['scenario'], {k: line[k] for k in ('rps', 'p99_ms', 'server_cpu_us_per_op', 'foreign', 'errors', 'failed') if line.get(k)} or line, flush=True)
            for rep in range(1, o.reps + 1):
                shift = (rep - 1) % len(chosen)
                for s in chosen[shift:] + chosen[:shift]: visit(s, rep, o, work, pg, note)
        print('\n' + report.tables(lines))
    finally:
        pg.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
